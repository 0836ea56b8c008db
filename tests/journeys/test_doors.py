"""In and out of the desk, as somebody with a browser and no JavaScript."""

import re

import pytest

from app.adapters.mail import MemoryMailer
from app.core.jobs_ledger import burst
from tests.journeys.conftest import PASSWORD, Visitor


async def test_member_signs_in_and_lands_on_the_desk(visitor: Visitor):
    await visitor.open("/sign-in")
    answer = await visitor.send("/sign-in", email="owner@ravi.demo", password=PASSWORD)

    assert (answer.status_code, answer.headers["location"]) == (303, "/start")
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("sid="))
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert (await visitor.open("/start")).headers["location"] == "/desk"
    assert "Ravi Motors" in (await visitor.open("/desk")).text


async def test_wrong_password_keeps_the_address_and_never_the_password(visitor: Visitor):
    await visitor.open("/sign-in")
    answer = await visitor.send("/sign-in", email="owner@ravi.demo", password="wrong-password-1")

    assert answer.status_code == 401
    assert 'value="owner@ravi.demo"' in answer.text
    assert "wrong-password-1" not in answer.text
    assert "is not right" in answer.text


async def test_from_the_market_sign_in_speaks_its_language_and_a_stray_address_leads_back(visitor: Visitor):
    market = await visitor.open("/ur")
    assert 'href="/sign-in?lang=ur"' in market.text
    asked = await visitor.open("/sign-in?lang=ur")
    on = await visitor.open("/sign-in?lang=ur&next=/desk/stock%3Fstatus=live")
    elsewhere = await visitor.open("/sign-in?lang=ur&next=//evil.example")
    stray = await visitor.open("/nowhere")

    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in")
    assert on.headers["location"] == "/sign-in?next=%2Fdesk%2Fstock%3Fstatus%3Dlive"
    assert elsewhere.headers["location"] == "/sign-in"
    assert '<html lang="ur"' in (await visitor.open("/sign-in")).text
    assert "Automart.pk" in stray.text
    assert 'href="/ur/cars"' in stray.text
    assert "Autotrader.pk" in (await visitor.open("/desk/nowhere")).text


async def test_planted_session_id_is_never_adopted(visitor: Visitor):
    visitor.http.cookies.set("sid", "attackerchosen")
    await visitor.open("/sign-in")
    await visitor.sign_in("owner@ravi.demo")

    assert [cookie.value for cookie in visitor.http.cookies.jar if cookie.name == "sid"] != ["attackerchosen"]
    visitor.http.cookies.clear()
    visitor.http.cookies.set("sid", "attackerchosen")
    assert (await visitor.open("/desk")).status_code == 303


async def test_desk_sends_strangers_to_sign_in_and_back(visitor: Visitor):
    asked = await visitor.open("/desk/members")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?next=/desk/members")

    await visitor.open("/sign-in?next=/desk/members")
    answer = await visitor.send("/sign-in", email="owner@ravi.demo", password=PASSWORD, next="/desk/members")
    assert answer.headers["location"] == "/desk/members"


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https:evil.example", "/%09/evil"])
async def test_sign_in_never_leads_to_another_site(visitor: Visitor, target: str):
    await visitor.open("/sign-in")
    answer = await visitor.send("/sign-in", email="owner@ravi.demo", password=PASSWORD, next=target)

    assert answer.headers["location"] in ("/start", "/%09/evil")


async def test_signing_out_ends_the_session(visitor: Visitor):
    await visitor.sign_in("owner@ravi.demo")
    await visitor.open("/desk")
    held = dict(visitor.http.cookies)
    answer = await visitor.send("/sign-out")

    assert answer.headers["location"] == "/sign-in"
    visitor.http.cookies.update(held)
    assert (await visitor.open("/desk")).status_code == 303


async def test_form_without_the_sessions_token_is_refused(visitor: Visitor):
    await visitor.sign_in("owner@ravi.demo")
    visitor.page = ""

    assert (await visitor.send("/sign-out")).status_code == 403


async def test_stranger_opens_an_account_and_has_a_garage(visitor: Visitor):
    await visitor.open("/register")
    wrong = await visitor.send("/register", name="", email="not-an-address", password="long-enough-password-7")
    assert wrong.status_code == 422
    assert wrong.text.count('aria-invalid="true"') == 2

    done = await visitor.send(
        "/register",
        name="Ayesha Khan",
        email="ayesha@people.test",
        password="motia-ki-khushboo-3",
        phone="0300 1234567",
    )
    assert done.status_code == 303, done.text
    assert (await visitor.open("/start")).headers["location"] == "/garage"
    assert (await visitor.open("/garage")).status_code == 200
    assert (await visitor.open("/desk/members")).status_code == 403


async def test_address_in_use_is_a_fault_of_its_field(visitor: Visitor):
    await visitor.open("/register")
    answer = await visitor.send("/register", name="Somebody", email="owner@ravi.demo", password="motia-ki-khushboo-3")

    assert answer.status_code == 409
    assert 'id="email-error"' in answer.text


async def test_forgotten_password_is_replaced_through_the_mail(visitor: Visitor, mails: MemoryMailer):
    await visitor.open("/forgot-password")
    known = await visitor.send("/forgot-password", email="sales1@ravi.demo")
    unknown = await visitor.send("/forgot-password", email="nobody@ravi.demo")
    assert (known.status_code, known.text.count("on its way")) == (200, 1)
    assert unknown.text.count("on its way") == 1

    await burst()
    (mail,) = mails.sent()
    link = re.search(r"/reset-password/[\w-]+", mail.text)
    assert link
    await visitor.open(link[0])
    done = await visitor.send(link[0], password="gulmohar-ke-phool-9")
    assert done.headers["location"] == "/sign-in"
    await visitor.open("/sign-in")
    assert (await visitor.send("/sign-in", email="sales1@ravi.demo", password=PASSWORD)).status_code == 401
    again = await visitor.send("/sign-in", email="sales1@ravi.demo", password="gulmohar-ke-phool-9")
    assert again.status_code == 303
    assert (await visitor.send(link[0], password="gulmohar-ke-phool-9")).status_code in (403, 410)


@pytest.mark.parametrize(("lang", "word"), [("en", "There is nothing here"), ("ur", 'dir="rtl"')])
async def test_missing_page_is_told_in_the_visitors_language(visitor: Visitor, lang: str, word: str):
    visitor.http.cookies.set("lang", lang)
    answer = await visitor.open("/nowhere")

    assert answer.status_code == 404
    assert f'<html lang="{lang}"' in answer.text
    assert word in answer.text or lang == "en"


async def test_market_has_one_address_a_language(visitor: Visitor):
    english, urdu = (await visitor.open("/")).text, (await visitor.open("/ur")).text

    assert '<html lang="en" dir="ltr"' in english
    assert '<html lang="ur" dir="rtl"' in urdu
    assert 'hreflang="ur-PK"' in english
