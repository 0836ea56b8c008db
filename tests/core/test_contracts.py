"""Contracts are files: a change of the code shows as a difference, a breaking one as a break."""

from typing import ClassVar

import msgspec
import pytest
from litestar import Litestar, get

from app.core import contracts, events
from app.core.events import Fact, Wire
from app.core.ids import Id
from app.core.settings import load
from app.main import create_app


class TeaServed(Fact, tag="tea.served"):
    cup_id: Id
    sugars: int = 0


@get("/api/v1/tea", access="public")
async def show_tea() -> dict[str, int]:
    """What is in the pot."""
    return {}


@pytest.fixture
def app():
    before = events.wires()
    events.install({TeaServed: Wire()})
    yield Litestar([show_tea], openapi_config=contracts.openapi_config())
    events.install(before)


def test_what_was_just_exported_does_not_differ(app, tmp_path):
    written = contracts.export(app, tmp_path)

    assert sorted(map(str, written)) == ["contracts/events/tea.served.v1.json", "contracts/openapi.json", "docs/api.md"]
    assert contracts.differences(app, tmp_path) == []
    assert contracts.export(app, tmp_path) == []


def test_a_changed_route_is_a_difference(app, tmp_path):
    contracts.export(app, tmp_path)
    other = Litestar([], openapi_config=contracts.openapi_config())

    assert [line.partition(":")[0] for line in contracts.differences(other, tmp_path)] == [
        "contracts/openapi.json",
        "docs/api.md",
    ]


def test_the_page_says_who_may_call(app, tmp_path):
    contracts.export(app, tmp_path)

    assert "| `GET /api/v1/tea` | public | What is in the pot. |" in (tmp_path / "docs/api.md").read_text()


def test_a_vanished_fact_is_a_difference(app, tmp_path):
    contracts.export(app, tmp_path)
    events.install({})

    assert contracts.differences(app, tmp_path) == [
        "contracts/events/tea.served.v1.json: no fact has this tag any more"
    ]


def test_an_older_version_of_an_event_stays(app, tmp_path):
    contracts.export(app, tmp_path)

    class TeaServedAgain(Fact, tag="tea.served"):
        version: ClassVar[int] = 2

    events.install({TeaServedAgain: Wire()})
    contracts.export(app, tmp_path)

    assert (tmp_path / "contracts/events/tea.served.v1.json").exists()
    assert contracts.differences(app, tmp_path) == []


def test_a_schema_describes_the_row_as_it_travels():
    schema = contracts.event_schema(TeaServed)

    assert schema["properties"]["tag"] == {"enum": ["tea.served"]}
    assert set(schema["required"]) == {"tag", "org_id", "id", "cup_id"}


class NewRequired(Fact, tag="tea.served", kw_only=True):
    cup_id: Id
    sugars: int = 0
    saucer_id: Id


class NewOptional(Fact, tag="tea.served"):
    cup_id: Id
    sugars: int = 0
    saucer_id: Id | None = None


class Gone(Fact, tag="tea.served"):
    cup_id: Id


class OtherType(Fact, tag="tea.served"):
    cup_id: Id
    sugars: str = ""


class OtherTag(Fact, tag="tea.spilled"):
    cup_id: Id
    sugars: int = 0


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (NewOptional, []),
        (NewRequired, ["field saucer_id is now required"]),
        (Gone, ["field sugars is gone"]),
        (OtherType, ["field sugars has another type"]),
        (OtherTag, ["field tag has another type"]),
    ],
)
def test_only_a_field_with_a_default_may_be_added_to_an_event(after, why):
    before = contracts.event_schema(TeaServed)

    assert contracts.breaks(before, contracts.event_schema(after)) == why


def test_a_break_of_a_kept_event_is_named(app, tmp_path):
    contracts.export(app, tmp_path)
    events.install({Gone: Wire()})

    assert "contracts/events/tea.served.v1.json: field sugars is gone" in contracts.differences(app, tmp_path)
    with pytest.raises(contracts.ContractBroken, match="sugars is gone"):
        contracts.export(app, tmp_path)


def test_the_document_is_openapi_3_and_public(app):
    document = contracts.openapi(app)

    assert document["openapi"].startswith("3.")
    assert "/api/v1/tea" in document["paths"]
    assert msgspec.json.encode(document)


def test_what_is_committed_is_what_the_code_says():
    assert contracts.differences(create_app(load({}))) == []
