"""Two people at one car: the slower one chooses field by field, and nothing is lost."""

import re
from html import unescape

from app.core import db
from app.core.base import Scope
from app.core.ids import Id
from app.desk import meanwhile
from app.desk.meanwhile import Difference
from app.listings import queries
from app.listings.schemas import ListingCard
from app.orgs import queries as orgs
from tests.journeys.conftest import Visitor
from tests.market.test_stock_screen import add

BASE = {"price": "6,450,000", "colour": "white", "odometer_km": "41000", "description": "a\nb", "version": "1"}


def test_what_one_side_changed_alone_is_ticked_and_what_both_changed_is_asked() -> None:
    mine = {"price": "64.5 lakh", "colour": "red", "odometer_km": "42000", "description": "a\r\nb", "version": "1"}
    theirs = {**BASE, "price": "6,300,000", "colour": "blue", "version": "2"}

    assert meanwhile.differences(meanwhile.seen(BASE), mine, theirs) == [
        Difference("price", "64.5 lakh", "6,300,000", "theirs"),
        Difference("colour", "red", "blue", ""),
        Difference("odometer_km", "42000", "41000", "mine"),
    ]


def test_without_knowing_how_it_began_everything_is_asked_and_meddling_changes_nothing() -> None:
    for base in ("", "{", "[]", "5", '{"colour": {}}', "null"):
        (one,) = meanwhile.differences(base, {**BASE, "colour": "red"}, BASE)

        assert one == Difference("colour", "red", "white", "")


async def card(path: str) -> ListingCard:
    async with db.unit(Scope(org_id=await orgs.org_id_of("ravi"))) as session:
        return await queries.card(session, Id(path.rpartition("/")[2]))


def fields(page: str) -> dict[str, str]:
    """What the first form that saves the car would send: hidden fields, texts, what is ticked or chosen."""
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if ' name="version"' in one)
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf' {what}="([^"]*)"', tag) for what in ("name", "value"))
        if name and value and ('type="radio"' not in tag or " checked" in tag):
            found[name[1]] = unescape(value[1])
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = unescape(chosen[1]) if chosen else ""
    words = re.search(r"<textarea[^>]*>(.*?)</textarea>", form, re.DOTALL)
    return found | ({"description": unescape(words[1])} if words else {})


async def test_the_slower_one_chooses_and_both_sides_stay(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    path = await add(visitor, description="One owner.")
    await another.sign_in("manager@ravi.demo")
    hers, his = fields((await visitor.open(path)).text), fields((await another.open(path)).text)
    first = await visitor.send(path, **{**hers, "colour": "red", "price": "63 lakh", "description": "Sold once."})
    late = await another.send(path, **{**his, "colour": "blue", "odometer_km": "42000"})
    offered = fields(late.text)
    asked_again = await another.send(path, **{name: text for name, text in offered.items() if name != "colour"})
    between = await card(path)
    kept = await another.send(path, **{**offered, "version": str(between.version), "colour": "blue"})
    car = await card(path)

    assert (first.status_code, late.status_code, kept.status_code) == (303, 412, 303), kept.text
    assert "both changed it" in late.text.partition("Colour")[2].partition("</legend>")[0]
    assert "colour" not in offered, "both changed it: nobody decides for them"
    assert offered["price"] == "6,300,000"
    assert offered["description"] == "Sold once."
    assert offered["odometer_km"] == "42000"
    assert asked_again.status_code == 303
    assert between.colour == "red", "what was not chosen stays as it is saved"
    assert (car.colour, car.asking_price, car.odometer_km, car.description) == (
        "blue", 6_300_000, 42_000, "Sold once.",
    )  # fmt: skip


async def test_a_car_that_only_changed_its_state_meanwhile_says_so(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    path = await add(visitor)
    await another.sign_in("manager@ravi.demo")
    typed = fields((await another.open(path)).text)
    await visitor.open(path)
    assert (await visitor.send(f"{path}/publication", to="live")).status_code == 303
    late = await another.send(path, **typed)

    assert late.status_code == 412
    assert "Only its state has changed: Live." in late.text
    assert (await another.send(path, **fields(late.text))).status_code == 303


async def test_somebody_faster_still_is_met_again(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    path = await add(visitor)
    await another.sign_in("manager@ravi.demo")
    hers, his = fields((await visitor.open(path)).text), fields((await another.open(path)).text)
    await visitor.send(path, **{**hers, "colour": "red"})
    late = await another.send(path, **{**his, "colour": "blue"})
    hers = fields((await visitor.open(path)).text)
    await visitor.send(path, **{**hers, "odometer_km": "50000"})
    later = await another.send(path, **{**fields(late.text), "colour": "blue"})
    again = fields(later.text)

    assert (late.status_code, later.status_code) == (412, 412)
    assert again["odometer_km"] == "50000"
    assert again["colour"] == "blue", "only this side changed it since"
    assert (await another.send(path, **again)).status_code == 303
    assert (await card(path)).odometer_km == 50_000
