"""INV-11: what a category asks is there, of its type, an option of it and within its bounds; kept as typed rows."""

from typing import Any

import asyncpg
import pytest

from app.core.ids import Id, new_id
from app.core.settings import Settings
from app.listings import rules
from app.taxonomy import service as taxonomy
from app.taxonomy.schemas import AttributeRow, CategorySeed
from tests.listings.test_api import CIVIC, made, published, southside
from tests.support.api import Caller


def asked(kind: str, **more: Any) -> AttributeRow:
    plain: dict[str, Any] = {"unit": None, "options": {}, "required": False, "least": None, "most": None}
    return AttributeRow(id=new_id(), key="it", label="It", label_ur="یہ", kind=kind, **{**plain, **more})


@pytest.mark.parametrize(
    ("what", "said", "value"),
    [
        (asked("number"), 5, 5.0), (asked("number"), "2,500", 2500.0), (asked("number"), "۴", 4.0),
        (asked("number"), "many", "odd"), (asked("number"), True, "odd"), (asked("number"), "nan", "odd"),
        (asked("number", least=2, most=5), 5, 5.0), (asked("number", least=2, most=5), 6, "bounds"),
        (asked("number", least=2), 1.9, "bounds"), (asked("number"), "1e999", "odd"),
        (asked("bool"), True, True), (asked("bool"), "no", False), (asked("bool"), "maybe", "odd"),
        (asked("option", options={"fwd": ("Front", "اگلے")}), "fwd", "fwd"),
        (asked("option", options={"fwd": ("Front", "اگلے")}), "Front", "odd"), (asked("option"), 5, "odd"),
        (asked("text", most=5), " new ", "new"), (asked("text", most=5), "longer", "bounds"),
        (asked("text"), "x" * 201, "bounds"), (asked("text"), 5.0, "odd"),
        (asked("text"), "", None), (asked("number"), None, None), (asked("text", required=True), "", "needed"),
        (asked("option", required=True, options={"a": ("A", "A")}), "b", "odd"),
    ],
)  # fmt: skip
def test_a_value_is_held_against_what_is_asked(what: AttributeRow, said: Any, value: Any) -> None:
    values, wrong = rules.checked([what], {"it": said}, whole=True)
    faults = {"This does not look right.": "odd", "That is too little or too much.": "bounds"}

    found = faults.get(wrong["it"], "needed") if wrong else values["it"]
    assert (found, type(found)) == (value, type(value))


def test_what_is_required_may_wait_where_not_the_whole_is_said_and_the_unknown_is_refused() -> None:
    required = asked("text", required=True)

    assert rules.checked([required], {}, whole=False) == ({}, {})
    assert set(rules.checked([required], {"else": 1}, whole=True)[1]) == {"it", "else"}


def test_the_file_is_a_tree_whose_options_and_bounds_make_sense() -> None:
    found: list[CategorySeed] = taxonomy.categories()
    for at, one in enumerate(found):
        assert one.parent is None or one.parent in {above.slug for above in found[:at]}
        assert len({attribute.key for attribute in one.attributes}) == len(one.attributes)
        for attribute in one.attributes:
            assert (attribute.kind == "option") == bool(attribute.options)
            assert attribute.least is None or attribute.kind == "number"


async def test_the_tree_and_what_each_leaf_asks_are_public(api: Caller) -> None:
    tree = (await api.stranger().get("categories")).json()
    cars = (await api.stranger().get("categories/cars/attributes")).json()

    assert [(one["slug"], one["parent"], one["is_leaf"]) for one in tree][:2] == [
        ("vehicles", None, False), ("cars", "vehicles", True),
    ]  # fmt: skip
    assert {"sunroof", "owners", "drive"} <= {one["key"] for one in cars}
    assert (await api.stranger().get("categories/boats/attributes")).status_code == 404


async def rows(settings: Settings, listing: dict[str, Any]) -> dict[str, Any]:
    connection = await asyncpg.connect(settings.database_owner_url)
    found = await connection.fetch(
        "select a.key, v.value_text, v.value_number, v.value_bool, v.value_option_key from listing_attribute v "
        "join attribute a on a.id = v.attribute_id where v.listing_id = $1",
        Id(listing["id"]),
    )
    await connection.close()
    return {row["key"]: next(value for value in list(row.values())[1:] if value is not None) for row in found}


async def test_what_is_said_is_kept_typed_changed_and_taken_away(api: Caller, settings: Settings) -> None:
    owner = await southside(api)
    listing = await published(owner, attributes={"sunroof": True, "owners": 2, "drive": "fwd", "tyres": "Yokohama"})
    path = f"listings/{listing['id']}"
    public = (await api.stranger().get(path)).json()
    first = await rows(settings, listing)
    changed = (await owner.patch(path, {"attributes": {"owners": 3, "tyres": None}})).json()
    same = (await owner.patch(path, {"attributes": {"owners": 3}})).json()

    assert listing["category"] == public["category"] == "cars"
    assert public["attributes"] == first == {"sunroof": True, "owners": 2.0, "drive": "fwd", "tyres": "Yokohama"}
    assert changed["attributes"] == await rows(settings, listing) == {"sunroof": True, "owners": 3.0, "drive": "fwd"}
    assert same["version"] == changed["version"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"attributes": {"wings": 2}}, "attributes.wings"), ({"attributes": {"doors": 9}}, "attributes.doors"),
        ({"attributes": {"sunroof": "perhaps"}}, "attributes.sunroof"),
        ({"attributes": {"drive": "x"}}, "attributes.drive"),
        ({"category": "vans-and-pickups"}, "attributes.use"), ({"category": "boats"}, "category"),
        ({"category": "vehicles"}, "category"),
    ],
)  # fmt: skip
async def test_what_a_category_does_not_take_is_refused_on_its_field(
    api: Caller, said: dict[str, Any], field: str
) -> None:
    owner = await southside(api)
    listing = await made(owner)
    for answer in (
        await owner.post("listings", {**CIVIC, "stock_number": "A-2", **said}),
        await owner.patch(f"listings/{listing['id']}", said),
    ):
        assert answer.status_code == 422, answer.text
        assert [fault["field"] for fault in answer.json()["errors"]] == [field]


async def test_another_category_keeps_what_both_ask_and_drops_the_rest(api: Caller, settings: Settings) -> None:
    owner = await southside(api)
    listing = await made(owner, attributes={"sunroof": True, "owners": 2})
    path = f"listings/{listing['id']}"
    moved = (await owner.patch(path, {"category": "vans-and-pickups", "attributes": {"use": "goods"}})).json()
    kept = await owner.patch(path, {"attributes": {"use": None}})

    assert (moved["category"], moved["attributes"]) == ("vans-and-pickups", {"use": "goods", "owners": 2.0})
    assert await rows(settings, listing) == {"use": "goods", "owners": 2.0}
    assert kept.status_code == 422, "what is required stays"
