"""A chunk of rows becomes stock: matched, written, counted and announced in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, cast

import msgspec
from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text, Uuid, insert, literal, select, text, update
from sqlalchemy import any_ as any_of
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.schema import DropTable

from app.core.base import Db
from app.core.copying import copied, temporary
from app.core.events import record
from app.core.ids import Id
from app.feeds import queries
from app.feeds.facts import RunAdvanced
from app.feeds.models import FeedChange, FeedReject, FeedRun, ListingSource
from app.feeds.rules.cars import Read
from app.feeds.rules.sheets import SheetRow
from app.feeds.service.matching import Change, Plan, match
from app.feeds.service.meeting import meet
from app.feeds.service.shaping import Ground
from app.listings import service as stock

_SOURCE, _CHANGE, _REJECT = (cast(Table, model.__table__) for model in (ListingSource, FeedChange, FeedReject))
_SAID = temporary(
    "said", Column("key", Text()), Column("listing_id", Uuid()), Column("hash", LargeBinary()), Column("facts", Text())
)
_DONE = temporary(
    "done",
    Column("listing_id", Uuid()),
    Column("number", BigInteger()),
    Column("key", Text()),
    Column("before", Text()),
    Column("after", Text()),
    Column("source", Text()),
)
_MOST_UNKNOWN = 200


async def advance(
    db: Db,
    run_id: Id,
    ground: Ground,
    rows: Sequence[tuple[SheetRow, Read]],
    *,
    after: int,
    ready: Mapping[int, Change] = MappingProxyType({}),
) -> FeedRun | None:
    """Take the rows that follow row `after`; None where the run is no longer running or has got further already.

    A trial and the check of a full stock write nothing but what they have counted.
    """
    run = await queries.run_for_change(db, run_id)
    if run.state != "running" or run.checkpoint != after:
        return None
    met = await meet(db, run, [read for _, read in rows])
    plan = await match(db, run, ground, met.taken, ready)
    writes = run.stage == "write" and not run.dry_run
    refused = [*met.refused, *plan.refused]
    _count(run, plan, rows, skipped=met.skipped, refused=refused)
    if run.stage == "write":
        await _refuse(db, run, rows, refused)
    if writes:
        await _write(db, run, ground, plan)
    run.checkpoint = max((row.number for row, _ in rows), default=after)
    run.advanced_at = await queries.now(db)
    diff: dict[str, Any] = {"checkpoint": (after, run.checkpoint)}
    if writes:
        diff |= {"created": (None, len(plan.new)), "updated": (None, len(plan.changed))}
    fact = RunAdvanced(org_id=run.org_id, id=run.id, branch_id=run.branch_id, row_from=after, row_to=run.checkpoint)
    record(db, fact, changed=diff)
    return run


def _count(
    run: FeedRun, plan: Plan, rows: Sequence[tuple[SheetRow, Read]], *, skipped: int, refused: Sequence[Read]
) -> None:
    run.read += len(rows)
    run.created += len(plan.new)
    run.updated += len(plan.changed)
    run.unchanged += plan.unchanged
    run.skipped += skipped
    run.rejected += len(refused)
    run.doubted += sum(1 for change in plan.new if change.listing.doubt)
    run.repriced += sum(1 for change in plan.changed if "asking_price" in change.after)
    run.unknown = _with_words_of(rows, run.unknown)


def _with_words_of(rows: Sequence[tuple[SheetRow, Read]], before: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The unknown words so far, each with how many rows say it, and a model with the make it was first said of."""
    words = {(one["field"], one["value"]): {**one} for one in before}
    for _, read in rows:
        for field, value in read.unknown:
            if (word := words.get((field, value))) is not None:
                word["rows"] += 1
            elif len(words) < _MOST_UNKNOWN:
                make = {"make": read.facts.make} if field == "model" and read.facts and read.facts.make else {}
                words[field, value] = {"field": field, "value": value, "rows": 1, **make}
    return list(words.values())


async def _write(db: Db, run: FeedRun, ground: Ground, plan: Plan) -> None:
    # PostgreSQL checks foreign keys by plans it keeps: those of a stock that was empty would read it all for each row.
    await db.execute(text("discard plans"))
    await stock.add_stock(db, ground.book, [change.listing for change in plan.new], reason="imported")
    repriced = {change.listing.id for change in plan.changed if "asking_price" in change.after}
    await stock.change_stock(db, ground.book, [change.listing for change in plan.changed], repriced, reason="imported")
    changes = [*plan.new, *plan.changed]
    said = [
        (change.key, change.listing.id, change.row.source_hash, change.said or _json(change.facts))
        for change in changes
    ]
    said += [(key, listing_id, row.source_hash, _json(facts)) for key, row, listing_id, facts in plan.known]
    if said:
        await _remember(db, run, said)
    if changes:
        await _keep(db, run, changes)
    pictures = [
        (one.listing.id, one.listing.branch_id, one.facts["images"]) for one in changes if "images" in one.facts
    ]
    if pictures:
        await stock.picture_stock(db, pictures)
    if plan.back:
        mine = (_SOURCE.c.org_id == run.org_id, _SOURCE.c.key == any_of(literal(plan.back, pg.ARRAY(Text()))))
        await db.execute(update(_SOURCE).where(*mine).values(missed=0))


async def _remember(db: Db, run: FeedRun, said: Iterable[tuple[str, Id, bytes, str | None]]) -> None:
    """Whose row it was, and what it said: the next sheet is held against it."""
    await copied(db, _SAID, said)
    row = _SAID.c
    names = ("org_id", "run_id", "key", "listing_id", "hash", "facts")
    fixed = (literal(run.org_id, _SOURCE.c.org_id.type), literal(run.id, _SOURCE.c.run_id.type))
    taken = select(*fixed, row.key, row.listing_id, row.hash, row.facts.cast(pg.JSONB()))
    into = pg.insert(_SOURCE).from_select(names, taken)
    new = {name: into.excluded[name] for name in ("run_id", "listing_id", "hash", "facts")} | {"missed": 0}
    await db.execute(into.on_conflict_do_update(index_elements=["org_id", "key"], set_=new))
    await db.execute(DropTable(_SAID))


async def _keep(db: Db, run: FeedRun, changes: Iterable[Change]) -> None:
    """What an undo needs. A car that one run changes twice keeps what was before the first time."""
    await copied(
        db,
        _DONE,
        (
            (
                change.listing.id,
                change.row.number,
                change.key,
                _json(change.before),
                _json({**change.after, "version": change.listing.version}),
                _json(change.source),
            )
            for change in changes
        ),
    )
    row = _DONE.c
    names = ("org_id", "run_id", "listing_id", "number", "key", "before", "after", "source")
    fixed = (literal(run.org_id, _CHANGE.c.org_id.type), literal(run.id, _CHANGE.c.run_id.type))
    values = (row.before, row.after, row.source)
    taken = select(
        *fixed, row.listing_id, row.number, row.key, *(one.cast(pg.JSONB(none_as_null=True)) for one in values)
    )
    await db.execute(pg.insert(_CHANGE).from_select(names, taken).on_conflict_do_nothing())
    await db.execute(DropTable(_DONE))


async def _refuse(db: Db, run: FeedRun, rows: Sequence[tuple[SheetRow, Read]], refused: Sequence[Read]) -> None:
    if not refused:
        return
    cells = {row.number: row.cells for row, _ in rows}
    values = [
        {
            "org_id": run.org_id,
            "run_id": run.id,
            "number": read.number,
            "cells": list(cells[read.number]),
            "problems": msgspec.to_builtins(read.problems),
        }
        for read in refused
    ]
    await db.execute(insert(_REJECT), values)


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
