"""An import taken back: every value it wrote becomes what it was, unless somebody has changed it since."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import msgspec
from sqlalchemy import Table, any_, delete, func, literal, update
from sqlalchemy.dialects import postgresql as pg

from app.core import clock
from app.core.base import Db
from app.core.events import record
from app.core.ids import Id
from app.core.security import Principal
from app.feeds import queries
from app.feeds.errors import NotUndoable
from app.feeds.facts import RunAdvanced, RunUndone, UndoStarted
from app.feeds.models import FeedChange, ListingSource
from app.feeds.service.ending import run_of
from app.feeds.service.shaping import Ground
from app.listings import rules as stock_rules
from app.listings import service as stock
from app.listings.models import Listing
from app.listings.service import held_cars

_LISTING, _SOURCE, _CHANGE = (cast(Table, model.__table__) for model in (Listing, ListingSource, FeedChange))
CHUNK = 1_000
_MOST_CONFLICTS = 500


async def start_undo(db: Db, who: Principal, run_id: Id) -> None:
    """Raises RunGone, OtherBranch, NotUndoable."""
    run = await run_of(db, who, run_id)
    in_time = run.finished_at is not None and clock.now() - run.finished_at < queries.UNDO_WITHIN
    if run.state not in queries.UNDOABLE or run.dry_run or not in_time:
        raise NotUndoable
    before, run.state = run.state, "undoing"
    fact = UndoStarted(org_id=run.org_id, id=run.id, branch_id=run.branch_id)
    record(db, fact, changed={"state": (before, "undoing")})


async def undo_some(db: Db, run_id: Id, ground: Ground) -> bool:
    """Take back some of its changes; False when none is left, and the run is undone."""
    run = await queries.run_for_change(db, run_id)
    if run.state != "undoing":
        return False
    changes = await queries.changes_left(db, run_id, limit=CHUNK)
    if not changes:
        run.state, run.undone_at = "undone", clock.now()
        fact = RunUndone(org_id=run.org_id, id=run.id, branch_id=run.branch_id)
        diff = {"restored": (None, run.restored), "conflicts": (None, len(run.conflicts))}
        record(db, fact, changed=diff)
        return False
    held = await held_cars(db, [change.listing_id for change in changes])
    cars, conflicts, repriced = list[SimpleNamespace](), list[dict[str, Any]](), set[Id]()
    for change in changes:
        car, conflict = _taken_back(change, held.get(change.listing_id))
        if conflict:
            conflicts.append(conflict)
        if car is not None:
            cars.append(car)
            if car.asking_price != held[car.id]["asking_price"]:
                repriced.add(car.id)
    gone = [car for car in cars if car.deleted_at is not None]
    await stock.change_stock(db, ground.book, cars, repriced, reason="import_undone")
    await stock.hide(db, [car.id for car in gone])
    await _say_as_before(db, changes)
    run.restored += len(cars)
    run.conflicts = [*run.conflicts, *conflicts][:_MOST_CONFLICTS]
    at = run.checkpoint
    fact_ = RunAdvanced(org_id=run.org_id, id=run.id, branch_id=run.branch_id, row_from=at, row_to=at)
    record(db, fact_, changed={"restored": (run.restored - len(cars), run.restored)})
    return True


def _taken_back(
    change: FeedChange, held: Mapping[str, Any] | None
) -> tuple[SimpleNamespace | None, dict[str, Any] | None]:
    """The car as it was, as far as nobody has touched it; and what was left as somebody made it."""
    if held is None:
        return None, None
    conflict: dict[str, Any] = {"id": str(held["id"]), "title": held["title"], "fields": []}
    if change.before is None:
        if held["version"] != change.after["version"]:
            return None, {**conflict, "fields": ["*"]}
        made = {"deleted_at": clock.now(), "status": "archived"}
    else:
        made = {}
        for name, before in change.before.items():
            if held[name] == _value(name, change.after[name]):
                made[name] = _value(name, before)
            else:
                conflict["fields"].append(name)
    if not made:
        return None, conflict
    car = SimpleNamespace(**{**held, **made})
    car.version += 1
    if change.before is not None:
        car.quality_score = stock_rules.quality(car)
    return car, conflict if conflict["fields"] else None


def _value(name: str, kept: Any) -> Any:
    """A column's value out of JSON."""
    kind = _LISTING.c[name].type.python_type
    return None if kept is None else msgspec.convert(kept, kind)


async def _say_as_before(db: Db, changes: list[FeedChange]) -> None:
    """The next sheet is held against what the one before this said; a car that came new is not known any more."""
    ids = [change.listing_id for change in changes]
    mine = (_CHANGE.c.org_id == db.scope.org_id, _CHANGE.c.run_id == changes[0].run_id)
    await db.execute(update(_CHANGE).where(*mine, _any(_CHANGE.c.listing_id, ids)).values(restored=True))
    sources = (_SOURCE.c.org_id == db.scope.org_id, _SOURCE.c.run_id == changes[0].run_id)
    new = [change.listing_id for change in changes if change.source is None]
    if new:
        await db.execute(delete(_SOURCE).where(*sources, _any(_SOURCE.c.listing_id, new)))
    said = _CHANGE.c.source
    then = {"facts": said["facts"], "hash": func.decode(said["hash"].astext, "hex")}
    has = (func.jsonb_typeof(said) == "object", _SOURCE.c.key == _CHANGE.c.key)
    await db.execute(update(_SOURCE).where(*mine, _any(_CHANGE.c.listing_id, ids), *sources, *has).values(then))


def _any(column: Any, ids: list[Id]) -> Any:
    return column == any_(literal(ids, pg.ARRAY(column.type)))
