"""What leaves: every field as formats 14.4 says it, only what anybody may see and its dealer lets go, nothing else."""

import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import asyncpg
import pytest

from app.core.settings import Settings
from tests.feeds.conftest import counts, dealer, imported, stock_of
from tests.outlets.conftest import carried, fetched, offered, outlet, rows
from tests.support.api import Caller

_URL = r"https?://[^\s/]+/\S+"
_ONE_OF: Callable[..., str] = "|".join
META: dict[str, str] = {
    "vehicle_id": r"\S{1,100}",
    "title": r"(?![=+@-]).{1,500}",
    "description": r"(?s:(?![=+@-]).{1,5000})",
    "url": _URL,
    "image[0].url": _URL,
    "make": r".+",
    "model": r".+",
    "year": r"(19|20)\d\d",
    "mileage.value": r"\d+",
    "mileage.unit": "KM",
    "price": r"[1-9]\d* PKR",
    "state_of_vehicle": _ONE_OF(("NEW", "USED", "CPO")),
    "availability": _ONE_OF(("available", "not_available")),
    "exterior_color": r".*",
    "transmission": _ONE_OF(("", "AUTOMATIC", "MANUAL", "NONE", "OTHER")),
    "fuel_type": _ONE_OF(
        ("", "DIESEL", "ELECTRIC", "FLEX", "GASOLINE", "HYBRID", "NONE", "OTHER", "PETROL", "PLUGIN_HYBRID")
    ),
    "body_style": _ONE_OF(
        (
            "", "CONVERTIBLE", "COUPE", "CROSSOVER", "ESTATE", "HATCHBACK", "MINIVAN", "MPV", "OTHER", "PICKUP",
            "SEDAN", "SUV", "VAN", "WAGON",
        )
    ),
    "drivetrain": _ONE_OF(("", "AWD", "FWD", "RWD", "OTHER")),
    "trim": r".*",
    "vin": r"",
    "address.addr1": r".+",
    "address.city": r".+",
    "address.region": r".+",
    "address.country": "PK",
    "latitude": r"-?\d+(\.\d+)?",
    "longitude": r"-?\d+(\.\d+)?",
    "dealer_id": r"[a-z0-9-]+",
    "sale_price": r"",
}  # fmt: skip
"""Every column, and what may stand in it."""


def wrong(row: dict[str, str]) -> dict[str, str]:
    pictures = {name: _URL + "|" for name in row if re.fullmatch(r"image\[[1-9]\]\.url", name)}
    expected = META | pictures
    assert set(row) == set(expected)
    return {name: value for name, value in row.items() if not re.fullmatch(expected[name], value)}


KINDS: tuple[dict[str, Any], ...] = (
    {},
    {"body": "double_cabin", "fuel": "phev", "condition": "certified", "transmission": "automatic"},
    {"body": "mini_van", "fuel": "cng", "condition": "new", "colour": "sky_blue", "description": "=1+1 really"},
    {"fuel": None, "transmission": None, "colour": None, "attributes": {"drive": "awd"}},
    {"title": "ہونڈا سِوِک ۲۰۲۱، بالکل نئی", "description": 'کوئی "خرابی" نہیں\nدیکھ کر لیں'},
)


async def test_metas_catalogue_is_as_its_format_says_field_by_field(owner: Caller) -> None:
    for number, kind in enumerate(KINDS):
        await offered(owner, stock_number=f"M-{number}", **kind)
    answer = await fetched(owner, await outlet(owner))
    found = rows(answer.content)

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert not answer.content.startswith(b"\xef\xbb\xbf")
    assert [wrong(row) for row in found] == [{}] * len(KINDS)
    first, cabin, van, bare, urdu = found
    assert (first["price"], first["mileage.value"], first["fuel_type"]) == ("6450000 PKR", "41000", "PETROL")
    assert (first["state_of_vehicle"], first["availability"]) == ("USED", "available")
    assert (first["address.city"], first["address.region"], first["dealer_id"]) == ("Lahore", "Punjab", "southside")
    assert (cabin["body_style"], cabin["fuel_type"], cabin["state_of_vehicle"]) == ("PICKUP", "PLUGIN_HYBRID", "CPO")
    assert (van["fuel_type"], van["exterior_color"], van["description"]) == ("OTHER", "Sky Blue", "1+1 really")
    assert bare["drivetrain"] == "AWD"
    assert urdu["title"] == "ہونڈا سِوِک ۲۰۲۱، بالکل نئی"
    assert urdu["description"] == 'کوئی "خرابی" نہیں\nدیکھ کر لیں'


async def test_the_addresses_in_a_feed_lead_to_the_page_and_to_a_picture(owner: Caller) -> None:
    car = await offered(owner)
    (row,) = rows((await fetched(owner, await outlet(owner))).content)
    page = await owner.stranger().http.get(row["url"])

    assert page.status_code == 200
    assert car["title"] in page.text
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/media/[0-9a-f-]{36}/640\.jpg", row["image[0].url"])


async def test_a_car_goes_out_only_while_its_dealer_lets_it_and_anybody_may_see_it(owner: Caller) -> None:
    meta, plain = await outlet(owner), await outlet(owner, "csv")
    stays = await offered(owner, stock_number="1", title="Stays")
    other = await offered(owner, stock_number="2", title="Other")
    for change, back in (
        ({"in_feeds": False}, {"in_feeds": True}),
        ({"visibility": "wholesale_public"}, {"visibility": "public"}),
        ({"visibility": "private"}, {"visibility": "public"}),
        ({"channel": "autotrader"}, {"channel": "automart"}),
    ):
        await owner.patch(f"listings/{other['id']}", change)
        assert await carried(owner, meta) == await carried(owner, plain) == {stays["title"]}, change
        await owner.patch(f"listings/{other['id']}", back)
        assert await carried(owner, meta) == await carried(owner, plain) == {"Stays", "Other"}, back
    await owner.post(f"listings/{other['id']}/unpublish")
    assert await carried(owner, meta) == {"Stays"}


async def test_a_reserved_car_rests_with_meta_and_a_sold_one_leaves(owner: Caller) -> None:
    meta, plain = await outlet(owner), await outlet(owner, "csv")
    car = await offered(owner)
    await owner.patch(f"listings/{car['id']}/status", {"status": "reserved"})
    (row,) = rows((await fetched(owner, meta)).content)
    assert row["availability"] == "not_available"
    assert wrong(row) == {}
    assert await carried(owner, plain) == set()
    await owner.patch(f"listings/{car['id']}/status", {"status": "sold", "sold_price": 6_111_000})
    assert await carried(owner, meta) == await carried(owner, plain) == set()


async def test_meta_gets_no_car_without_a_price_or_a_picture_others_do(owner: Caller) -> None:
    await offered(owner, stock_number="1", title="No price", asking_price=None)
    await offered(owner, stock_number="2", title="No picture", pictured=False)

    assert await carried(owner, await outlet(owner)) == set()
    assert await carried(owner, await outlet(owner, "csv")) == {"No price", "No picture"}


async def test_nothing_of_costs_phones_or_members_leaves(owner: Caller) -> None:
    car = await offered(owner)
    await owner.put(f"listings/{car['id']}/costs", {"lines": [{"kind": "purchase", "amount": 5_432_109}], "version": 0})
    for kind in ("meta_csv", "csv", "json", "xml"):
        content = (await fetched(owner, await outlet(owner, kind))).text

        assert "6450000 PKR" in content
        for secret in ("5432109", "35761234", "4235", "+92", "kim@"):
            assert secret not in content, (kind, secret)


EVIL = "=cmd|'/c calc'!A1 <b>&\"x\"</b> ]]> &amp;"


async def test_a_sheet_carries_no_formula(owner: Caller) -> None:
    for number, sign in enumerate(("=", "+", "-", "@")):
        await offered(owner, stock_number=f"{sign}A{number}", title=f"{sign}SUM(A1)", description=f"{sign}1+1")
    found = rows((await fetched(owner, await outlet(owner, "csv"))).content)

    assert [row["title"] for row in found] == ["'=SUM(A1)", "'+SUM(A1)", "'-SUM(A1)", "'@SUM(A1)"]
    assert all(not value.startswith(("=", "+", "-", "@")) for row in found for value in row.values())


async def test_xml_and_json_carry_whatever_was_typed(owner: Caller) -> None:
    car = await offered(owner, title="سوزوکی آلٹو & <VXR>", description=EVIL)
    xml = await fetched(owner, await outlet(owner, "xml"))
    told = await fetched(owner, await outlet(owner, "json"))
    (element,) = ET.fromstring(xml.content)  # noqa: S314 - our own
    (vehicle,) = json.loads(told.content)["vehicles"]

    assert xml.headers["content-type"] == "application/xml; charset=utf-8"
    assert told.headers["content-type"] == "application/json; charset=utf-8"
    assert element.findtext("title") == vehicle["title"] == car["title"]
    assert element.findtext("description") == vehicle["description"] == EVIL
    assert [image.text for image in element.iterfind("images/image")] == vehicle["images"]
    assert vehicle["price"] == element.findtext("price") == "6450000 PKR"
    assert "sale_price" not in vehicle
    assert b"<!DOCTYPE" not in xml.content


@pytest.mark.parametrize("kind", ["csv", "json", "xml"])
async def test_an_empty_feed_is_still_one(owner: Caller, kind: str) -> None:
    content = (await fetched(owner, await outlet(owner, kind))).content

    if kind == "csv":
        assert rows(content) == []
    elif kind == "json":
        assert json.loads(content) == {"vehicles": []}
    else:
        assert len(ET.fromstring(content)) == 0  # noqa: S314 - our own


_SAME = (
    "stock_number", "make", "model", "variant", "year", "asking_price", "odometer_km", "city", "engine_cc", "fuel",
    "transmission", "body", "colour", "assembly", "registered_in", "condition", "import_year", "auction_grade",
    "token_paid_to", "documents", "paint", "title", "status",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "json", "xml"])
async def test_what_leaves_comes_in_again_at_another_dealer_as_the_same_cars(
    api: Caller, owner: Caller, kind: str
) -> None:
    for number, kinds in enumerate(KINDS[:2]):
        await offered(
            owner, stock_number=f"R-{number}", registered_in="lahore", token_paid_to="2027-06", documents="original",
            paint="touched", **kinds,
        )  # fmt: skip
    await offered(
        owner, stock_number="R-9", assembly="jdm", import_year=2023, auction_grade="4.5", token_paid_to="lifetime",
        documents="import_papers", paint="genuine", colour="white", **KINDS[4],
    )  # fmt: skip
    feed = await fetched(owner, await outlet(owner, kind))
    other = await dealer(api, "northside")
    run = await imported(other, feed.content, f"feed.{kind}")
    before, after = await stock_of(owner), await stock_of(other)

    assert counts(run) == (3, 0, 0, 0, 0), run
    assert run["doubted"] == 0
    for number, car in before.items():
        assert {name: after[number][name] for name in _SAME} == {name: car[name] for name in _SAME}


async def test_a_feed_of_a_branch_carries_its_cars_only(owner: Caller) -> None:
    await offered(owner, stock_number="1", title="In Lahore", branch="lahore")
    await offered(owner, stock_number="2", title="In Multan", branch="multan")
    made = await outlet(owner, "csv", branch="multan")

    assert await carried(owner, made) == {"In Multan"}
    assert made["branch_name"] == "Multan"


async def test_another_orgs_feed_carries_nothing_of_ours(api: Caller, owner: Caller) -> None:
    await offered(owner, title="Ours alone")
    other = await dealer(api, "northside")
    theirs = await outlet(other, "csv")

    assert await carried(other, theirs) == set()
    assert [one["id"] for one in (await other.get("outlets")).json()] == [theirs["id"]]


async def test_a_long_feed_is_whole_whatever_the_page(owner: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.outlets.api.feeds._PAGE", 2)
    for number in range(5):
        await offered(owner, pictured=False, stock_number=f"L-{number}", title=f"Car {number}")
    told = json.loads((await fetched(owner, await outlet(owner, "json"))).content)

    assert [one["title"] for one in told["vehicles"]] == [f"Car {number}" for number in range(5)]
    assert len(await carried(owner, await outlet(owner, "csv"))) == 5


async def test_who_has_it_as_it_is_is_told_so(owner: Caller, settings: Settings) -> None:
    car, made = await offered(owner), await outlet(owner)
    await _a_while_ago(settings)
    first = await fetched(owner, made)
    tag, since = first.headers["etag"], first.headers["last-modified"]
    again = await fetched(owner, made, if_none_match=tag)
    by_date = await fetched(owner, made, if_modified_since=since)
    await owner.patch(f"listings/{car['id']}", {"asking_price": 6_000_000})
    changed = await fetched(owner, made, if_none_match=tag)

    assert first.headers["cache-control"] == "private, no-cache"
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert by_date.status_code == 304
    assert changed.status_code == 200
    assert rows(changed.content)[0]["price"] == "6000000 PKR"
    assert (await fetched(owner, made, if_modified_since=since)).status_code == 200
    assert (await fetched(owner, made, if_modified_since="yesterday")).status_code == 200
    assert (await fetched(owner, made, if_none_match=tag, if_modified_since=since)).status_code == 200


async def test_a_lead_or_a_note_makes_no_feed_another(owner: Caller, settings: Settings) -> None:
    car, made = await offered(owner), await outlet(owner)
    tag = (await fetched(owner, made)).headers["etag"]
    lead = {"listing_id": car["id"], "name": "Ayesha Khan", "phone": "03001234567", "message": "?"}
    assert (await owner.stranger().post("leads", lead)).status_code == 201

    assert (await fetched(owner, made, if_none_match=tag)).status_code == 304


async def _a_while_ago(settings: Settings) -> None:
    """Dates of HTTP have whole seconds; what changed within this one has none yet."""
    connection = await asyncpg.connect(settings.database_owner_url)
    try:
        await connection.execute("alter table event disable trigger user")
        await connection.execute("alter table event no force row level security")
        await connection.execute("update event set at = at - interval '1 minute'")
        await connection.execute("alter table event force row level security")
        await connection.execute("alter table event enable trigger user")
        await connection.execute("update outlet set renewed_at = renewed_at - interval '1 minute'")
    finally:
        await connection.close()
