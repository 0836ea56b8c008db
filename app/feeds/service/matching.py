"""Rows against the stock: which cars are new, which have changed and in what, which are as they were."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import msgspec
from msgspec import Struct, structs
from sqlalchemy import Table, Text, any_, literal, select
from sqlalchemy.dialects import postgresql as pg

from app.core import clock
from app.core.base import Db
from app.core.ids import Id, new_id
from app.feeds.models import FeedRun, ListingSource
from app.feeds.rules.cars import Problem, Read
from app.feeds.service.shaping import Ground, elsewhere, facts_of, values
from app.listings import rules as stock
from app.listings.models import Listing
from app.listings.service import car, held_cars, lay_out, stands

_LISTING, _SOURCE = cast(Table, Listing.__table__), cast(Table, ListingSource.__table__)
MISSING = "missing_from_feed"
"""The doubt of a car that full stocks have not had for a while."""


class Change(Struct):
    """One car that this chunk makes or changes. `before` is None where it is new; `source` what its row said before.

    `said` is the JSON of its facts, where that was made ahead.
    """

    key: str
    row: Read
    facts: dict[str, Any]
    listing: SimpleNamespace
    before: dict[str, Any] | None
    after: dict[str, Any]
    source: dict[str, Any] | None
    said: str | None = None


class Plan(Struct):
    """`known` are rows whose car stays as it is and whose source says something else now.

    `refused` are rows of cars that this run may not touch.
    """

    new: list[Change]
    changed: list[Change]
    known: list[tuple[str, Read, Id, dict[str, Any]]]
    unchanged: int
    back: list[str]
    refused: list[Read]


class _Source(Struct, frozen=True):
    listing_id: Id
    hash: bytes
    missed: int
    status: str
    doubt: str | None


async def match(
    db: Db, run: FeedRun, ground: Ground, taken: Sequence[tuple[str, Read]], ready: Mapping[int, Change]
) -> Plan:
    """What would have to be written; the cars that change are locked, nothing is written.

    `ready` has what some rows, by number, are should they turn out to be new.
    """
    sources = await _sources(db, [key for key, _ in taken])
    plan = Plan([], [], [], 0, [], [])
    other: list[tuple[str, Read]] = []
    for key, row in taken:
        source = sources.get(key)
        if source is None or source.hash != row.source_hash or (source.doubt == MISSING and source.status == "draft"):
            other.append((key, row))
            continue
        plan.unchanged += 1
        if source.missed:
            plan.back.append(key)
    ids = {key: sources[key].listing_id for key, _ in other if key in sources}
    ids |= await _by_stock_number(db, [key for key, _ in other if key not in sources])
    said = await _said(db, [key for key, _ in other if key in sources])
    cars = await held_cars(db, list(ids.values()))
    for key, row in other:
        listing, new = cars.get(ids.get(key)), ready.get(row.number)  # type: ignore[arg-type]
        facts = new.facts if new is not None else facts_of(row.facts) if row.facts else {}
        if elsewhere(ground, facts, ground.branch_id if listing is None else listing["branch_id"]):
            plan.refused.append(structs.replace(row, problems=(_not_yours(row),)))
            continue
        if listing is None:
            new = new or _made(run.org_id, ground, row, facts)
            new.key = key
            plan.new.append(new)
            continue
        change = _change(ground, key, row, facts, listing, said.get(key))
        if change is None:
            plan.unchanged += 1
            plan.known.append((key, row, listing["id"], facts))
        else:
            plan.changed.append(change)
    return plan


def made_ready(org_id: Id, ground: Ground, row: Read) -> Change:
    """The car of a row that is new, worked out to the last column before anybody asks the database."""
    made = _made(org_id, ground, row, facts_of(row.facts) if row.facts else {})
    lay_out(ground.book, made.listing)
    made.said = msgspec.json.encode(made.facts).decode()
    return made


def _made(org_id: Id, ground: Ground, row: Read, facts: dict[str, Any]) -> Change:
    now = clock.now()
    fixed = {
        "id": new_id(),
        "org_id": org_id,
        "visibility": "public",
        "channel": "automart",
        "demo": False,
        "condition": "used",
        "description": "",
        "branch_id": ground.branch_id,
        "version": 1,
        "created_at": now,
        "doubt": _doubts(row),
    }
    listing = car(ground.book, {**fixed, **values(ground, facts)})
    place = ground.stands.get(listing.branch_id) if listing.location_id is None else None
    if place is not None:
        listing.location_id, listing.lat, listing.lon = place.id, place.lat, place.lon
    missing = stock.missing_for_sale(listing)
    if missing and not listing.doubt:
        listing.doubt = ",".join(missing)
    listing.status = "live" if ground.publish and not listing.doubt and not missing else "draft"
    if listing.status == "live":
        listing.published_at = listing.refreshed_at = now
    return Change("", row, facts, listing, None, {"status": listing.status}, None)


def _change(
    ground: Ground, key: str, row: Read, facts: dict[str, Any], held: Mapping[str, Any], said: Mapping[str, Any] | None
) -> Change | None:
    """Only what the sheet says otherwise than last time: what somebody has corrected at the desk stays."""
    now = values(ground, facts)
    then = values(ground, said["facts"]) if said is not None else {}
    news = {name: value for name, value in now.items() if said is None or then.get(name) != value}
    news = {name: value for name, value in news.items() if held[name] != value}
    if "title" not in facts and "title" not in news and _named_by_us(ground, held):
        news |= _renamed(ground, held, news)
    news |= _settled(ground, row, held, news)
    if not news:
        return None
    before = {name: held[name] for name in news}
    listing = SimpleNamespace(**{**held, **news})
    listing.version += 1
    listing.quality_score = stock.quality(listing)
    return Change(key, row, facts, listing, before, news, dict(said) if said is not None else None)


def _settled(ground: Ground, row: Read, held: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
    """A draft that was in doubt and is no longer goes on sale; what is in doubt now says so and stays where it is."""
    doubt = _doubts(row)
    listing = SimpleNamespace(**{**held, **news})
    if held["status"] != "draft" or held["doubt"] is None:
        return {} if doubt is None or doubt == held["doubt"] else {"doubt": doubt}
    missing = stock.missing_for_sale(listing)
    doubt = doubt or (",".join(missing) if missing else None)
    if doubt is not None or not ground.publish:
        return {} if doubt == held["doubt"] else {"doubt": doubt}
    now = clock.now()
    return {"doubt": None, "status": "live", "published_at": held["published_at"] or now, "refreshed_at": now}


def _named_by_us(ground: Ground, held: Mapping[str, Any]) -> bool:
    return bool(held["title"] == car(ground.book, {**_named(held), "title": None}).title)


def _renamed(ground: Ground, held: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
    title = car(ground.book, {**_named({**held, **news}), "title": None}).title
    return {} if title == held["title"] else {"title": title}


def _named(held: Mapping[str, Any]) -> dict[str, Any]:
    return {name: held[name] for name in ("make_id", "model_id", "trim_id", "year")} | {"description": ""}


def _not_yours(row: Read) -> Problem:
    return Problem(column="", value=(row.facts.branch or "") if row.facts else "", code="other_branch")


def _doubts(row: Read) -> str | None:
    return ",".join(dict.fromkeys(doubt.field for doubt in row.doubts)) or None


async def _sources(db: Db, keys: Sequence[str]) -> dict[str, _Source]:
    """Those whose car is still there. Asked apart: joined without statistics, each row would look through all cars."""
    known = (_SOURCE.c.key, _SOURCE.c.listing_id, _SOURCE.c.hash, _SOURCE.c.missed)
    rows = await db.execute(select(*known).where(_SOURCE.c.org_id == db.scope.org_id, _any(_SOURCE.c.key, keys)))
    found = list(rows)
    cars = await stands(db, [id_ for _, id_, *_ in found])
    return {key: _Source(id_, bytes(hash_), missed, *cars[id_]) for key, id_, hash_, missed in found if id_ in cars}


async def _said(db: Db, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The facts and the hash that these rows had, as they are kept for an undo."""
    if not keys:
        return {}
    mine = (_SOURCE.c.org_id == db.scope.org_id, _any(_SOURCE.c.key, keys))
    found = await db.execute(select(_SOURCE.c.key, _SOURCE.c.facts, _SOURCE.c.hash).where(*mine))
    return {key: {"facts": facts, "hash": bytes(hash_).hex()} for key, facts, hash_ in found}


async def _by_stock_number(db: Db, keys: Sequence[str]) -> dict[str, Id]:
    """Cars that somebody typed in: the sheet takes them on."""
    numbers = [key[3:] for key in keys if key.startswith("no:")]
    if not numbers:
        return {}
    mine = (_LISTING.c.org_id == db.scope.org_id, _LISTING.c.deleted_at.is_(None))
    found = await db.execute(
        select(_LISTING.c.stock_number, _LISTING.c.id).where(*mine, _any(_LISTING.c.stock_number, numbers))
    )
    return {f"no:{number}": id_ for number, id_ in found}


def _any(column: Any, values: Sequence[str]) -> Any:
    return column == any_(literal(list(values), pg.ARRAY(Text())))
