"""Leads as ADF over HTTP: whose they are, which car and branch they are of, once however often they are sent."""

import asyncio
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import text

from app.adapters import storage
from app.adapters.mail import MemoryMailer
from app.core import clock, db
from app.core.jobs_ledger import burst
from app.core.settings import Settings
from app.leads.rules.markup import MOST_BYTES
from jobs.housekeeping import prune_lead_documents, prune_sheets
from tests.leads import adf_samples as samples
from tests.leads.conftest import Kept, Stage
from tests.leads.documents import ADF, kept, lead_of, new_link, send
from tests.support.api import serving


async def test_a_document_is_a_lead_of_the_car_it_names(stage: Stage, outbox: MemoryMailer) -> None:
    answer = await send(stage.callers["manager"], samples.SPLIT_NAMES)
    page = await lead_of(stage, answer)
    lead, (entry,) = page["lead"], page["entries"]
    await burst()

    assert answer.status_code == 201
    assert set(answer.json()) == {"leads", "refused"}
    assert [set(one) for one in answer.json()["leads"]] == [{"id", "ref", "repeated", "unknown"}]
    assert (lead["source"], lead["branch"], lead["listing_id"]) == ("adf", "lahore", str(stage.cars["corolla"]))
    assert (lead["name"], lead["phone"], lead["email"]) == ("Nadia Iqbal", "+923017654321", "nadia@example.pk")
    assert (lead["lang"], lead["price_at_open"]) == ("ur", 4_850_000)
    assert entry["body"] == "گاڑی کب دیکھ سکتے ہیں؟"
    assert entry["actor_id"] is None
    assert entry["data"]["provider"] == "PakMotors · Car page form"
    assert entry["data"]["vehicle"] == "2019 Toyota Corolla Altis 1.6, 54000 km"
    assert entry["data"]["trade_in"] == "2014 Suzuki Mehran, 91000 km"
    assert {mail.to for mail in outbox.sent()} == {"sales1@ravi.pk", "sales2@ravi.pk"}


@pytest.mark.parametrize("shape", samples.SHAPES)
async def test_every_real_shape_becomes_a_lead(stage: Stage, shape: str) -> None:
    document, name, phone, title = samples.SHAPES[shape]
    page = await lead_of(stage, await send(stage.callers["sales1"], document))

    assert (page["lead"]["name"], page["lead"]["phone"]) == (name, phone)
    assert page["entries"][0]["data"].get("vehicle", "").startswith(title or "")
    assert page["lead"]["branch"] == "lahore"


async def test_a_car_that_is_not_ours_stays_text_and_the_lead_has_none(stage: Stage) -> None:
    answer = await send(stage.callers["sales1"], samples.TRADE_IN_FIRST)
    lead = (await lead_of(stage, answer))["lead"]
    row = (await stage.callers["sales1"].get("/desk/inbox")).text
    page = (await stage.callers["sales1"].get(f"/desk/inbox/{lead['id']}")).text
    unknown = await lead_of(stage, await send(stage.callers["sales1"], samples.BARE_PROSPECT))
    without = (await stage.callers["sales1"].get(f"/desk/inbox/{unknown['lead']['id']}")).text

    assert lead["listing_id"] is None
    assert (lead["excerpt"], "2022 Kia Picanto" in row) == ("2022 Kia Picanto", True)
    assert all(told in page for told in ("2022 Kia Picanto", "Kia Sportage", "2012 Daihatsu Cuore"))
    assert "Not specified" in without


async def test_our_own_page_s_address_names_the_car_and_nobody_else_s_stock_does(stage: Stage) -> None:
    async with db.system() as session:
        numbers = dict(tuple(row) for row in await session.execute(text("select stock_number, number from listing")))
    base = stage.api.base_url
    told = f"<vehicle><comments>{base}/l/{numbers['S-civic']}-honda</comments></vehicle>"
    theirs = "<vehicle><stock>S-alto</stock></vehicle>"
    ours = await lead_of(stage, await send(stage.callers["owner"], samples.plain(inside=told)))
    foreign = await lead_of(
        stage, await send(stage.callers["owner"], samples.plain(inside=theirs), "leads/adf?branch=lahore")
    )

    assert (ours["lead"]["listing_id"], ours["lead"]["branch"]) == (str(stage.cars["civic"]), "gujranwala")
    assert foreign["lead"]["listing_id"] is None


async def test_the_branch_is_the_vendor_s_else_the_member_s_else_it_is_asked_for(stage: Stage) -> None:
    owner, sales = stage.callers["owner"], stage.callers["sales1"]
    vendor = samples.plain(inside="<vendor><vendorname>Gujranwala</vendorname></vendor>")
    unsaid = await send(owner, samples.plain())
    named = await send(owner, vendor)
    told = await send(owner, samples.plain("03215550021"), "leads/adf?branch=gujranwala")
    own = await send(sales, vendor.replace("5550020", "5550022"))
    wrong = [await send(owner, samples.plain(), "leads/adf?branch=karachi"),
             await send(sales, samples.plain(), "leads/adf?branch=gujranwala")]  # fmt: skip

    assert (unsaid.status_code, unsaid.json()["errors"][0]["field"]) == (422, "branch")
    assert [(await lead_of(stage, one))["lead"]["branch"] for one in (named, told, own)] == [
        "gujranwala", "gujranwala", "lahore",
    ]  # fmt: skip
    assert [one.status_code for one in wrong] == [422, 422]


async def test_a_member_of_one_branch_does_not_open_leads_for_another_s_car(stage: Stage) -> None:
    page = await lead_of(stage, await send(stage.callers["sales3"], samples.SPLIT_NAMES), "sales3")

    assert (page["lead"]["branch"], page["lead"]["listing_id"]) == ("gujranwala", None)


async def test_the_same_document_again_makes_nothing_and_is_answered_the_same(stage: Stage) -> None:
    sales = stage.callers["sales1"]
    for document in (samples.SPLIT_NAMES, samples.FULL_NAME):
        first, again = await send(sales, document), await send(sales, document)
        page = await lead_of(stage, again)

        assert (first.status_code, again.status_code) == (201, 200)
        assert again.json() == first.json()
        assert len(page["entries"]) == 1
    assert len(await kept()) == 2


async def test_the_same_id_in_other_words_makes_nothing_but_another_buyer_does(stage: Stage) -> None:
    sales, ident = stage.callers["sales1"], '<id source="Feed">7</id>'
    answers = [
        await send(sales, samples.plain(phone, ident, buyer))
        for phone, buyer in (("03215550020", "Ali"), ("+923215550020", "Ali R."), ("03215550021", "Sara"))
    ]

    assert [one.status_code for one in answers] == [201, 200, 201]
    assert len({one.json()["leads"][0]["id"] for one in answers}) == 2


async def test_twenty_at_once_are_one_lead(stage: Stage) -> None:
    sales = stage.callers["sales1"]
    answers = await asyncio.gather(*(send(sales, samples.SPLIT_NAMES) for _ in range(20)))
    page = await lead_of(stage, answers[0])

    assert sorted(one.status_code for one in answers) == [200] * 19 + [201]
    assert len({one.text for one in answers}) == 1
    assert (len(page["entries"]), page["lead"]["enquiries"]) == (1, 1)


async def test_letters_of_one_address_at_once_are_one_buyer(stage: Stage) -> None:
    mail = samples.plain().replace("<phone>03215550020</phone>", "<email>ali@example.pk</email>")
    documents = [mail.replace("<prospect>", f'<prospect><id source="Feed">{n}</id>') for n in range(8)]
    answers = await asyncio.gather(*(send(stage.callers["sales1"], one) for one in documents))
    page = await lead_of(stage, answers[0])

    assert [one.status_code for one in answers] == [201] * 8
    assert len({one.json()["leads"][0]["id"] for one in answers}) == 1
    assert len(page["entries"]) == 8
    assert (page["lead"]["phone"], page["lead"]["email"]) == (None, "ali@example.pk")


async def test_a_known_buyer_who_writes_again_is_the_same_buyer(stage: Stage) -> None:
    before = await stage.enquiry(phone="0300 1234567", email="ali@example.pk")
    mail = samples.plain().replace("<phone>03215550020</phone>", "<email>ALI@example.pk</email>")
    page = await lead_of(stage, await send(stage.callers["sales1"], mail))

    assert page["lead"]["phone"] == "+923001234567"
    assert [other["id"] for other in page["others"]] == [before["id"]]


async def test_each_prospect_of_a_document_is_a_lead_and_one_that_is_none_is_named(stage: Stage) -> None:
    nobody = '<prospect><id source="Feed">3</id></prospect></adf>'
    document = samples.TWO_PROSPECTS.replace("</adf>", nobody)
    answer = await send(stage.callers["sales1"], document)
    again = await send(stage.callers["sales1"], document)

    assert answer.status_code == 201
    assert len({one["id"] for one in answer.json()["leads"]}) == 2
    assert answer.json()["refused"] == [{"prospect": 3, "code": "no_buyer"}]
    assert (again.status_code, again.json()) == (200, answer.json())
    assert len(await kept()) == 3


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("", "empty"),
        ("Is it there?", "not_xml"),
        ('<!DOCTYPE a [<!ENTITY a "x">]><adf>&a;</adf>', "doctype"),
        ("<adf/>", "no_prospect"),
        ("<prospect><customer><contact><name>Ali</name></contact></customer></prospect>", "unreachable"),
    ],
)
async def test_what_can_be_no_lead_is_refused_in_words_and_kept(stage: Stage, document: str, reason: str) -> None:
    answers = [await send(stage.callers["sales1"], document) for _ in range(2)]
    (row,) = await kept()

    assert [one.status_code for one in answers] == [422, 422]
    assert answers[0].json()["code"] == "adf_unreadable"
    assert answers[0].json()["reasons"] == [reason]
    assert answers[0].json()["errors"][0]["message"]
    assert (row.error, row.lead_id) == (reason, None)


async def test_types_and_sizes_that_are_not_taken(stage: Stage) -> None:
    sales = stage.callers["sales1"]
    kinds = [(await send(sales, samples.plain(f"032155500{n}"), kind=kind)).status_code for n, kind in enumerate(
        (ADF, "text/xml", "application/xml; charset=utf-8", "text/plain", "application/json", "text/html"), 30
    )]  # fmt: skip
    big = await send(sales, b" " * (MOST_BYTES + 1))

    assert kinds == [201, 201, 201, 201, 415, 415]
    assert big.status_code == 413


async def test_only_who_may_open_leads_sends_documents(stage: Stage) -> None:
    assert (await send(stage.callers["readonly"], samples.FULL_NAME)).status_code == 403
    assert (await send(stage.api.stranger(), samples.FULL_NAME)).status_code == 401
    assert await kept() == []


async def test_a_provider_without_an_account_sends_by_the_secret_link(stage: Stage) -> None:
    stranger = stage.api.stranger()
    everywhere = await new_link(stage.callers["owner"])
    gujranwala = await new_link(stage.callers["owner"], stage.branches["gujranwala"])
    answers = [
        await send(stranger, samples.FULL_NAME, everywhere),
        await send(stranger, samples.plain(inside="<vendorname>Lahore</vendorname>"), everywhere),
        await send(stranger, samples.plain("03215550041"), gujranwala),
    ]
    pages = [await lead_of(stage, one) for one in answers]
    unknown = await send(stranger, samples.FULL_NAME, "leads/adf/" + "A" * 43)

    assert [one.status_code for one in answers] == [201, 201, 201]
    assert [page["lead"]["branch"] for page in pages] == [None, "lahore", "gujranwala"]
    assert unknown.status_code == 404


async def test_a_new_link_ends_the_old_one(stage: Stage) -> None:
    old = await new_link(stage.callers["owner"])
    new = await new_link(stage.callers["manager"])

    assert (await send(stage.api.stranger(), samples.FULL_NAME, old)).status_code == 404
    assert (await send(stage.api.stranger(), samples.FULL_NAME, new)).status_code == 201


async def test_one_org_s_documents_say_nothing_of_another_s(stage: Stage) -> None:
    ours = await send(stage.api.stranger(), samples.SPLIT_NAMES, await new_link(stage.callers["owner"]))
    theirs = await send(stage.api.stranger(), samples.SPLIT_NAMES, await new_link(stage.callers["indus-owner"]))
    document = next(one for one in await kept() if str(one.lead_id) == ours.json()["leads"][0]["id"])
    foreign = await stage.callers["indus-owner"].get(f"leads/{theirs.json()['leads'][0]['id']}")

    assert (ours.status_code, theirs.status_code) == (201, 201)
    assert (foreign.json()["branch"], foreign.json()["listing_id"]) == ("karachi", None)
    assert (await stage.callers["owner"].get(f"/desk/leads-in/{document.id}")).status_code == 200
    assert (await stage.callers["indus-owner"].get(f"/desk/leads-in/{document.id}")).status_code == 404
    assert ours.json()["leads"][0]["ref"] not in (await stage.callers["indus-owner"].get("/desk/leads-in")).text


async def test_a_provider_s_rate_is_limited(settings: Settings, dealers: Kept) -> None:
    async with serving(msgspec.structs.replace(settings, rate_factor=0.025)) as api:
        link, stranger = await new_link(api.bearing(dealers.token("owner"))), api.stranger()
        answers = [(await send(stranger, "<adf/>", link)).status_code for _ in range(4)]

    assert answers == [422, 422, 422, 429]


async def test_originals_and_sheets_are_forgotten_in_their_time_and_what_they_said_stays(stage: Stage) -> None:
    manager = stage.callers["manager"]
    page = await lead_of(stage, await send(manager, samples.SPLIT_NAMES))
    (document,) = await kept()
    sheets = storage.MemoryStorage()
    storage.install(sheets)
    sheet = f"feeds/{stage.orgs['ravi']}/one"
    await sheets.put(sheet, b"make,model")
    answers = []
    for days in (89, 91, 179, 181):
        async with db.system() as session:
            await prune_lead_documents(session, clock.now() + timedelta(days=days))
            await prune_sheets(session, clock.now() + timedelta(days=days))
        answers.append(((await manager.get(f"/desk/leads-in/{document.id}")).status_code, await _there(sheets, sheet)))
    storage.install(None)
    again = await send(manager, samples.SPLIT_NAMES)

    assert answers == [(200, True), (200, False), (200, False), (410, False)]
    assert (await lead_of(stage, again))["entries"] == page["entries"]
    assert (again.status_code, len(await kept())) == (200, 1)


async def _there(store: storage.MemoryStorage, key: str) -> bool:
    try:
        return await store.size(key) > 0
    except storage.NoSuchFile:
        return False
