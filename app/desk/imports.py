"""What the import pages need beside the run: columns to choose for, sources, what each word could mean."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from msgspec import Struct

from app.core import db as database
from app.core.base import Db, Scope
from app.core.ids import Id
from app.core.security import Principal, may
from app.feeds import queries
from app.feeds.live import sources_key
from app.feeds.rules import FIELDS
from app.feeds.rules.words import LABELS
from app.feeds.schemas import FileCard, MappingForm, RunCard, SourceCard
from app.listings import queries as cars
from app.listings.rules.values import CHOICES
from app.orgs import queries as orgs

_SHOWN = ("name", "url", "every_hours", "branch", "auth", "auth_user", "unlist_after")
_TICKS = ("publish", "full_stock")
COLUMN, FIELD = "column-", "field-"
_Found = TypeVar("_Found")


class Choices(Struct, frozen=True):
    """Meanings to choose from; of models those of one make."""

    options: list[tuple[str, str]]
    make: str = ""
    name: str = ""


async def apart(who: Principal, ask: Callable[[Db], Awaitable[_Found]]) -> _Found:
    """Asked in a unit of its own that ends at once: no connection waits while a file is read."""
    async with database.unit(Scope(org_id=who.org_id, person_id=who.person_id), read=True) as db:
        return await ask(db)


async def overview(db: Db, who: Principal) -> dict[str, Any]:
    page = await queries.runs(db)
    return {
        "runs": page.items,
        "position": page.position,
        "files": await queries.waiting(db),
        "may_run": may(who.role, "feed.run"),
        **await sources(db, who),
    }


async def sources(db: Db, who: Principal) -> dict[str, Any]:
    found = await queries.sources(db, who.branch_id)
    return {"sources": found.items, "sources_key": sources_key(who), "position": found.position}


async def of_source(db: Db, who: Principal, source_id: Id | None) -> dict[str, Any]:
    """Raises SourceGone. None is for one that is still to be made."""
    position = await queries.position(db)
    branches = (await orgs.branches(db, limit=100)).items if who.branch_id is None else []
    return {
        "source": await queries.source_card(db, source_id, who.branch_id) if source_id else None,
        "position": position,
        "branches": branches,
        "branch_choices": [(branch.slug, branch.name) for branch in branches],
    }


def shown(source: SourceCard) -> dict[str, str]:
    """What the form of a source begins with."""
    values = {name: str(getattr(source, name) or "") for name in _SHOWN}
    return values | {name: "1" if getattr(source, name) else "" for name in _TICKS}


def ticked(data: dict[str, str]) -> dict[str, str]:
    """A box that is not ticked is not sent, and an empty secret is none."""
    sent = {name: text for name, text in data.items() if name != "secret" or text}
    return {**dict.fromkeys(_TICKS, "0"), **sent}


async def of_file(db: Db, who: Principal, file_id: Id) -> dict[str, Any]:
    """Raises FileGone."""
    file = await queries.file_card(db, file_id)
    branches = (await orgs.branches(db, limit=100)).items if who.branch_id is None else []
    return {
        "file": file,
        "tabs": [(tab, tab) for tab in file.tabs],
        "fields": [(name, LABELS[name]) for name in FIELDS],
        "branches": branches,
        "branch_choices": [(branch.slug, branch.name) for branch in branches],
        "may_run": may(who.role, "feed.run"),
    }


async def of_run(db: Db, who: Principal, run_id: Id) -> dict[str, Any]:
    """Raises RunGone."""
    run = await queries.run_card(db, run_id)
    mine = who.branch_id in (None, run.within)
    return {
        "run": run,
        "rejects": await queries.rejects(db, run_id, limit=20),
        "position": await queries.position(db),
        "may_run": mine and may(who.role, "feed.run"),
        "may_approve": mine and may(who.role, "feed.approve"),
        "labels": LABELS,
        "words": await queries.left_of(db, run),
        "meanings": await _meanings(db, run) if run.unknown else {},
    }


async def _meanings(db: Db, run: RunCard) -> dict[str, list[Choices]]:
    """What each unknown word of the run could mean, by field."""
    asked = {one["field"] for one in run.unknown}
    kinds = await cars.kinds(db) if asked & {"make", "model"} else []
    cities = await cars.cities(db) if asked & {"city", "registered_in"} else []
    makes = {kind.value.partition("/")[0]: kind.make for kind in kinds}
    places = [Choices([(city.slug, city.name) for city in cities])]
    known = {
        "make": [Choices(list(makes.items()))],
        "model": [Choices(_models(kinds, make), make, name) for make, name in makes.items()],
        "city": places,
        "registered_in": places,
    }
    return {field: _worded(field) if field in CHOICES else known.get(field, []) for field in asked}


def _models(kinds: list[cars.Kind], make: str) -> list[tuple[str, str]]:
    return [(kind.value, f"{kind.make} {kind.name}") for kind in kinds if kind.value.startswith(f"{make}/")]


def _worded(field: str) -> list[Choices]:
    return [Choices([(value, value.replace("_", " ").title()) for value in CHOICES[field]])]


def mapping_of(file: FileCard, data: dict[str, str]) -> MappingForm:
    """The form of the columns: `field-N` says what the Nth column is."""
    columns = {column.header: data.get(f"{FIELD}{n}") or None for n, column in enumerate(file.columns)}
    return MappingForm(
        file_id=file.id,
        columns=columns,
        branch=data.get("branch") or None,
        publish=data.get("publish") == "1",
        full_stock=data.get("full_stock") == "1",
        unlist_after=int(after) if (after := data.get("unlist_after", "")).isdecimal() and 1 <= int(after) <= 30 else 2,
    )
