"""What a buyer does on a car's page, and the lead each deed becomes."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.core import clock
from tests.journeys.conftest import Visitor
from tests.market.test_pages import one
from tests.support.api import Caller


@pytest.fixture
def later() -> Any:
    """Time for a person to fill in a form."""
    clock.use(lambda: datetime.now(UTC) + timedelta(seconds=5))
    yield
    clock.use(None)


async def ask(visitor: Visitor, address: str, **fields: str) -> Any:
    page = (await visitor.open(address)).text
    key = re.search(r'name="_idempotency_key" value="([^"]+)"', page)
    assert key
    number = re.search(r"/l/(\d+)", address)
    assert number
    home = "/ur" if address.startswith("/ur/") else ""
    given = {"name": "Ali Raza", "phone": "0300 1234567", "message": "Is it there?", "website": ""}
    return await visitor.send(f"{home}/l/{number[1]}/enquiry", **{**given, "_idempotency_key": key[1], **fields})


async def leads(desk: Caller, **params: str) -> list[dict[str, Any]]:
    manager = await desk.sign_in("manager@ravi.demo", "demo-password")
    return (await manager.get("leads", params={"view": "all", **params})).json()["items"]


async def test_a_question_becomes_a_lead_and_the_page_says_so(desk: Caller, visitor: Visitor, later) -> None:
    address = await one(visitor, "org=ravi")
    answer = await ask(visitor, address)
    page = (await visitor.open(answer.headers["location"])).text
    (lead,) = await leads(desk, q="0300 1234567")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{address}?sent=")
    assert lead["ref"] in page
    assert (lead["name"], lead["source"], lead["status"]) == ("Ali Raza", "web", "new")
    assert lead["excerpt"] == "Is it there?"


async def test_a_second_press_of_the_button_changes_nothing(desk: Caller, visitor: Visitor, later) -> None:
    address = await one(visitor, "org=ravi")
    await visitor.open(address)
    page = visitor.page
    first = await ask(visitor, address)
    visitor.page = page
    key = re.search(r'name="_idempotency_key" value="([^"]+)"', page)
    number = re.search(r"/l/(\d+)", address)
    assert key
    assert number
    given = {"name": "Ali Raza", "phone": "0300 1234567", "message": "Twice", "_idempotency_key": key[1]}
    answers = [await visitor.send(f"/l/{number[1]}/enquiry", **given) for _ in range(2)]
    (lead,) = await leads(desk, q="0300 1234567")

    assert {answer.status_code for answer in (first, *answers)} == {303}
    assert lead["enquiries"] == 2


async def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    desk: Caller, visitor: Visitor, later
) -> None:
    address = await one(visitor, "org=ravi")
    answer = await ask(visitor, "/ur" + address, phone="12")

    assert answer.status_code == 422
    assert 'value="Ali Raza"' in answer.text
    assert 'lang="ur"' in answer.text
    assert "یہ فون نمبر نہیں ہے۔" in answer.text


async def test_all_that_is_wrong_is_said_at_once(visitor: Visitor, later) -> None:
    answer = await ask(visitor, await one(visitor, "org=ravi"), name="", phone="12")

    assert answer.status_code == 422
    assert "This field is needed." in answer.text
    assert "This is not a phone number." in answer.text


async def test_robots_are_thanked_and_kept_as_spam(desk: Caller, visitor: Visitor, another: Visitor, later) -> None:
    address = await one(visitor, "org=ravi")
    trapped = await ask(visitor, address, website="https://spam.example")
    clock.use(None)
    quick = await ask(another, address, phone="0300 7654321")
    found = await leads(desk)

    assert (trapped.status_code, quick.status_code) == (303, 303)
    assert {lead["phone"]: lead["status"] for lead in found if lead["source"] == "web"} == {
        "+923001234567": "spam", "+923007654321": "spam",
    }  # fmt: skip


async def test_colleagues_are_told_why_an_enquiry_is_held_as_spam(
    desk: Caller, visitor: Visitor, another: Visitor, later
) -> None:
    address = await one(visitor, "org=ravi")
    number = re.search(r"/l/(\d+)", address)
    assert number
    await ask(visitor, address, website="https://spam.example")
    await visitor.send(f"/l/{number[1]}/enquiry", name="Script", phone="0300 1111111")
    clock.use(None)
    await ask(visitor, address, phone="0300 7654321")
    found = {lead["phone"]: lead["id"] for lead in await leads(desk, view="spam")}
    await another.sign_in("manager@ravi.demo")
    pages = {phone: (await another.open(f"/desk/inbox/{lead}")).text for phone, lead in found.items()}

    assert "Held as spam: it filled in a field that no person sees." in pages["+923001234567"]
    assert "Held as spam: sent faster than a person types." in pages["+923007654321"]
    assert "Held as spam: sent without opening the page." in pages["+923001111111"]


async def test_whatsapp_goes_by_way_of_a_lead(desk: Caller, visitor: Visitor) -> None:
    address = await one(visitor, "org=ravi")
    number = re.search(r"/l/(\d+)", address)
    assert number
    await visitor.open(address)
    page = await visitor.send(f"/l/{number[1]}/whatsapp")
    again = await visitor.send(f"/l/{number[1]}/whatsapp")
    go = re.search(r'content="0;url=(/go/wa/[^"]+)"', page.text)
    assert go
    sent = await visitor.open(go[1])
    forged = await visitor.open(go[1][:-4] + "AAAA")
    clicks = [lead for lead in await leads(desk) if lead["source"] == "whatsapp" and not lead["name"]]

    assert (page.status_code, again.status_code) == (200, 200)
    assert sent.status_code == 302
    assert sent.headers["location"].startswith("https://wa.me/92300")
    assert "%20" in sent.headers["location"]
    assert "+" not in sent.headers["location"]
    assert forged.status_code == 404
    assert [(lead["enquiries"], lead["phone"]) for lead in clicks] == [(2, None)]


async def test_the_number_is_shown_on_asking_and_whoever_then_writes_is_the_same_person(
    desk: Caller, visitor: Visitor, later
) -> None:
    address = await one(visitor, "org=ravi")
    number = re.search(r"/l/(\d+)", address)
    assert number
    closed = (await visitor.open(address)).text
    sent = await visitor.send(f"/l/{number[1]}/phone")
    shown = await visitor.open(sent.headers["location"])
    again = await visitor.open(shown.url.raw_path.decode())
    other = re.search(r"/l/[^/]+$", await one(visitor, "org=ravi&sort=price_desc&photos="))
    query = sent.headers["location"].partition("?")[2]
    foreign = await visitor.open(f"{other[0] if other else ''}?{query}")
    await ask(visitor, address)
    mine = [
        lead for lead in await leads(desk) if lead["source"] in ("call", "web") and lead["phone"] == "+923001234567"
    ]

    assert "tel:+92" not in closed
    assert (sent.status_code, shown.status_code) == (303, 200)
    assert 'href="tel:+92' in shown.text
    assert 'href="tel:+92' in again.text, "reloaded, it is not asked for once more"
    assert other
    assert other[0] != address
    assert 'href="tel:+92' not in foreign.text, "the pass is to that car"
    assert shown.headers["cache-control"] == "private, no-store"
    assert [(lead["name"], lead["enquiries"]) for lead in mine] == [("Ali Raza", 2)]


@pytest.mark.parametrize("what", ["enquiry", "whatsapp", "phone"])
async def test_where_a_form_was_sent_leads_back_to_the_car(visitor: Visitor, what: str) -> None:
    address = await one(visitor, "org=ravi")
    number = re.search(r"/l/(\d+)", address)
    assert number
    answer = await visitor.open(f"/ur/l/{number[1]}/{what}")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/ur/l/{number[1]}")
