"""The desk's stock screen, without JavaScript and by pushes."""

import re
from typing import Any

from sqlalchemy import update

from app.core import db, feeds, render
from app.core.base import Scope
from app.core.ids import Id, new_id
from app.core.live import Push
from app.listings import live, queries
from app.listings.facts import ListingChanged
from app.listings.models import Listing
from app.orgs import queries as orgs
from realtime import pushes
from tests.journeys.conftest import Visitor

CIVIC = {
    "car": "honda/civic", "year": "2021", "odometer_km": "41000", "price": "64.5 lakh",
    "branch": "lahore", "stock_number": "NEW-1", "colour": "white",
}  # fmt: skip


def rows_in(page: str) -> list[str]:
    return re.findall(r'id="stock-([0-9a-f-]{36})"', page)


async def add(visitor: Visitor, **more: Any) -> str:
    await visitor.open("/desk/stock/new")
    answer = await visitor.send("/desk/stock", **{**CIVIC, **more})
    assert answer.status_code == 303, answer.text
    location: str = answer.headers["location"]
    return location


async def test_stock_is_listed_by_state_branch_and_words(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    everything = (await visitor.open("/desk/stock")).text
    drafts = (await visitor.open("/desk/stock?status=draft")).text
    found = (await visitor.open("/desk/stock/region?q=RL-1001")).text

    assert len(rows_in(everything)) == 50
    assert "cursor=" in everything
    assert 'data-topic="stock:org"' in everything
    assert len(rows_in(drafts)) == 8
    assert 'data-topic="stock' not in drafts.partition('id="stock-list"')[2]
    assert "Doubt: price" in drafts
    assert "asking_price" not in re.sub(r"<[^>]*>", "", drafts)
    assert len(rows_in(found)) == 1
    assert 'data-topic="stock:lahore"' in (await visitor.open("/desk/stock?branch=lahore")).text
    assert (await visitor.open("/desk/stock?branch=karachi")).status_code == 404


async def test_a_car_is_added_priced_published_and_sold(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    path = await add(visitor)
    page = (await visitor.open(path)).text
    number = re.search(r"<dd>(\d{6})</dd>", page)
    assert number
    published = await visitor.send(f"{path}/publication", to="live")
    shown = await another.open(f"/l/{number[1]}")
    await visitor.open(path)
    change = {"variant": "1-5-oriel", "version": "2", "price": "6,300,000", "city": "lahore"}
    edited = await visitor.send(path, **{**CIVIC, **change})

    assert "Honda Civic 2021" in page
    assert published.status_code == 303
    assert shown.status_code == 301
    assert edited.status_code == 303, edited.text
    async with db.unit(Scope(org_id=await orgs.org_id_of("ravi"))) as session:
        card = await queries.card(session, Id(path.rpartition("/")[2]))
    assert (card.asking_price, card.title, card.variant) == (6_300_000, "Honda Civic 1.5 Oriel 2021", "1-5-oriel")
    assert card.body == "sedan", "what the form does not show stays"
    await visitor.open(path)
    assert (await visitor.send(f"{path}/sale", to="sold")).status_code == 303
    assert "Sold" in (await visitor.open(path)).text


async def test_faults_stand_on_their_fields_and_what_was_typed_stays(visitor: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    await visitor.open("/desk/stock/new")
    answer = await visitor.send("/desk/stock", **{**CIVIC, "price": "42.5", "title": "A fine Civic"})
    twin = await visitor.send("/desk/stock", **{**CIVIC, "stock_number": "RL-1001"})

    assert answer.status_code == 422
    assert "Say lakh or crore" in answer.text
    assert 'value="A fine Civic"' in answer.text
    assert twin.status_code == 409
    assert "Another car of yours has this stock number." in twin.text


async def test_papers_are_typed_in_the_editor_and_read_by_buyers(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    papers = {
        "import_year": "2023", "auction_grade": "4.5", "token_paid_to": "2027-06", "documents": "open_letter",
        "paint": "panels", "registered_in": "Lahore",
    }  # fmt: skip
    path = await add(visitor, assembly="jdm", **papers)
    page = (await visitor.open(path)).text
    number = re.search(r"<dd>(\d{6})</dd>", page)
    assert number
    await visitor.send(f"{path}/publication", to="live")
    address = (await another.open(f"/l/{number[1]}")).headers["location"]
    english, urdu = (await another.open(address)).text, (await another.open(f"/ur{address}")).text
    await visitor.open(path)
    refused = await visitor.send(path, **{**CIVIC, **papers, "auction_grade": "??", "version": "2"})

    for value in ("2027-06", "open_letter", "panels"):
        assert f'<option value="{value}" selected>' in page
    for words in ("Open letter, not transferred", "Jun 2027", "Several panels repainted", "Grade 4.5", "2023"):
        assert words in english
    assert "اوپن لیٹر، ٹرانسفر باقی" in urdu
    assert refused.status_code == 422
    assert "Write the grade as on the sheet" in refused.text


async def test_a_price_has_its_history_and_buyers_see_the_drop(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    path = await add(visitor)
    number = re.search(r"<dd>(\d{6})</dd>", (await visitor.open(path)).text)
    assert number
    await visitor.send(f"{path}/publication", to="live")
    await visitor.open(path)
    for version, price, reason in (("2", "62 lakh", "aged"), ("3", "63 lakh", "")):
        sent = await visitor.send(path, **{**CIVIC, "version": version, "price": price, "price_reason": reason})
        assert sent.status_code == 303, sent.text
        shown = (await another.open((await another.open(f"/l/{number[1]}")).headers["location"])).text
        assert ("PKR 2.5 lakh less since" in shown) is (price == "62 lakh")
    page = (await visitor.open(path)).text

    assert "Long in stock" in page.partition('id="prices"')[2]
    assert page.partition('id="prices"')[2].count("<li>") == 3


async def test_a_car_that_is_there_twice_says_so_on_both_until_somebody_knows_better(visitor: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    first, second = await add(visitor), await add(visitor, stock_number="NEW-2", price="65 lakh")
    pages = [(await visitor.open(path)).text for path in (first, second)]
    listed = (await visitor.open("/desk/stock?lacks=twin")).text
    parted = await visitor.send(f"{first}/partings", other_id=second.rpartition("/")[2])
    after = [(await visitor.open(path)).text for path in (first, second)]

    for page, other in zip(pages, (second, first), strict=True):
        assert "Perhaps the same car twice" in page
        assert f'href="{other}"' in page.partition('id="twins"')[2].partition("</section>")[0]
    assert {first.rpartition("/")[2], second.rpartition("/")[2]} <= set(rows_in(listed))
    assert parted.status_code == 303
    assert not any("Perhaps the same car twice" in page for page in after)


async def test_what_its_category_asks_is_typed_and_shown(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    said = {"attr.sunroof": "yes", "attr.owners": "2", "attr.drive": "awd", "attr.tyres": "", "category": "cars"}
    path = await add(visitor, **said)
    page = (await visitor.open(path)).text
    number = re.search(r"<dd>(\d{6})</dd>", page)
    assert number
    await visitor.send(f"{path}/publication", to="live")
    shown = (await another.open((await another.open(f"/l/{number[1]}")).headers["location"])).text
    await visitor.open(path)
    wrong = await visitor.send(path, **{**CIVIC, **said, "attr.owners": "99", "version": "2"})
    needed = await visitor.send(path, **{**CIVIC, "category": "vans-and-pickups", "version": "2"})
    moved = await visitor.send(path, **{**CIVIC, "category": "vans-and-pickups", "attr.use": "goods", "version": "2"})

    assert re.search(r'name="attr.sunroof".*?value="yes" selected', page)
    assert "Sunroof</dt><dd>Yes" in shown
    assert "All four" in shown
    assert (wrong.status_code, needed.status_code) == (422, 422)
    assert "That is too little or too much." in wrong.text
    assert re.search(r'id="attr.use"[^>]*aria-invalid', needed.text), "the new kind's fields are there to fill in"
    assert moved.status_code == 303, moved.text


async def test_a_car_is_refreshed_once_a_day(visitor: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    await visitor.open("/desk/stock?status=live&sort=oldest")
    path = f"/desk/stock/{rows_in(visitor.page)[0]}"
    page = (await visitor.open(path)).text
    sent = await visitor.send(f"{path}/freshness")
    after = (await visitor.open(path)).text
    again = await visitor.send(f"{path}/freshness")

    assert "/freshness" in page
    assert (sent.status_code, again.status_code) == (303, 409)
    assert "/freshness" not in after
    assert "once a day" in after


async def test_what_is_typed_is_saved_when_it_is_published(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    path = await add(visitor)
    assert 'name="then" value="live"' in (await visitor.open(path)).text
    sent = await visitor.send(path, **{**CIVIC, "version": "1", "price": "61 lakh", "then": "live"})
    page = (await visitor.open(path)).text
    await another.sign_in("sales1@ravi.demo")
    await another.open("/desk")
    refused = await another.send(path, **{**CIVIC, "version": "3", "then": "live"})

    assert sent.status_code == 303
    assert 'value="6,100,000"' in page
    assert "Mark as sold" in page
    assert refused.status_code == 403


async def unsettled(path: str, doubt: str, **more: Any) -> None:
    """As an import leaves a car that it does not know."""
    org_id = await orgs.org_id_of("ravi")
    values = {"make_id": None, "model_id": None, "trim_id": None, "title": "BMW 7 Series", "doubt": doubt, **more}
    async with db.unit(Scope(org_id=org_id)) as session:
        await session.execute(update(Listing).where(Listing.id == Id(path.rpartition("/")[2])).values(**values))


async def test_a_draft_of_an_unknown_model_is_saved_and_published_once_it_has_one(visitor: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    path = await add(visitor)
    await unsettled(path, "model,asking_price,year", year=None)
    shown = (await visitor.open(path)).text
    row = (await visitor.open("/desk/stock?status=draft&q=NEW-1")).text
    given = {**CIVIC, "car": "", "year": "", "title": "BMW 7 Series", "price": "61 lakh"}
    await visitor.open(path)
    saved = await visitor.send(path, **given, version="1")
    page = (await visitor.open(path)).text
    refused = await visitor.send(path, **given, version="2", then="live")
    await visitor.open(path)
    whole = await visitor.send(path, **{**given, "car": "honda/civic", "year": "2021"}, version="2", then="live")
    live = (await visitor.open(path)).text
    emptied = await visitor.send(path, **given, version="4")

    assert "The import was not sure about: price, model year" in shown
    assert "The model of this car is not in our list." in shown
    assert "Doubt: model, price, model year" in row
    assert '<select class="input" id="car" name="car">' in shown
    assert saved.status_code == 303, saved.text
    assert 'value="6,100,000"' in page
    assert "<h1>BMW 7 Series" in page
    assert refused.status_code == 409
    assert '<p class="err" id="car-error">This field is needed.</p>' in refused.text
    assert whole.status_code == 303, whole.text
    assert "is not in our list" not in live
    assert emptied.status_code == 422
    assert emptied.text.count("This field is needed.") == 2


async def test_a_car_that_left_the_sheets_says_so_in_words(visitor: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    path = await add(visitor)
    await unsettled(path, "missing_from_feed")
    page = (await visitor.open(path)).text
    row = (await visitor.open("/desk/stock?status=draft&q=NEW-1")).text

    assert "This car was missing from the last sheets" in page
    assert "Doubt: missing from the last sheets" in row
    assert "missing_from_feed" not in page + row


async def test_sales_sell_but_do_not_publish_and_onlookers_only_look(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("sales1@ravi.demo")
    path = await add(visitor)
    page = (await visitor.open(path)).text
    await another.sign_in("readonly@ravi.demo")

    assert "/publication" not in page
    assert (await visitor.send(f"{path}/publication", to="live")).status_code == 403
    assert (await another.open(path)).status_code == 200
    assert "Add a car" not in (await another.open("/desk/stock")).text
    assert (await another.open("/desk/stock/new")).status_code == 403
    assert (await another.send(path, **CIVIC)).status_code == 403
    assert (await another.open(f"/desk/stock/{new_id()}")).status_code == 404


async def test_a_push_is_the_row_of_the_page(visitor: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    path = await add(visitor)
    car_id, org_id = Id(path.rpartition("/")[2]), await orgs.org_id_of("ravi")
    assert org_id
    page = (await visitor.open("/desk/stock?q=NEW-1")).text
    async with db.unit(Scope(org_id=org_id), read=True) as session:
        branch_id = (await queries.card(session, car_id)).branch_id
        pushes = await live.listing_changed(session, ListingChanged(org_id=org_id, id=car_id, branch_id=branch_id))
        gone = await live.listing_changed(session, ListingChanged(org_id=org_id, id=new_id(), branch_id=branch_id))

    assert [push.topic for push in pushes] == ["stock:org", "stock:lahore"]
    for push in pushes:
        assert isinstance(push, Push)
        assert push.fragment
        assert render.fragment(push.fragment, lang="en", **push.context).strip() in page
    assert [(push.topic, push.swap) for push in gone] == [("stock:org", "remove"), ("stock:lahore", "remove")]


async def test_a_car_that_moves_to_another_branch_leaves_the_list_of_the_first(visitor: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    path = await add(visitor)
    org_id = await orgs.org_id_of("ravi")
    assert org_id
    async with db.unit(Scope(org_id=org_id), read=True) as session:
        at = await feeds.position(session)
    await visitor.open(path)
    moved = await visitor.send(path, **{**CIVIC, "version": "1", "branch": "gujranwala", "price": "63 lakh"})
    async with db.unit(Scope(org_id=org_id), read=True) as session:
        _head, happened = await feeds.after(session, at.seq, limit=9)
        shown = [push for _seq, push in (await pushes.show(session, happened)).pushes]

    assert moved.status_code == 303, moved.text
    row = f"stock-{path.rpartition('/')[2]}"
    assert [push.swap for push in shown if push.topic == "stock:lahore"][-1:] == ["remove"]
    assert [push.target for push in shown if push.topic == "stock:lahore"] == [row]
    assert {push.topic for push in shown if push.swap != "remove"} == {"stock:org", "stock:gujranwala"}
