"""What a full stock does not have: counted, and taken off the market when it has been missing often enough."""

from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Table, any_, case, exists, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql as pg

from app.core.base import Db
from app.core.events import record
from app.core.ids import Id
from app.feeds import queries
from app.feeds.facts import RunAdvanced
from app.feeds.models import FeedChange, FeedRun, FeedSeen, ListingSource
from app.feeds.rules.holding import TOO_MANY_MISSING, TOO_MANY_REPRICED
from app.feeds.service.matching import MISSING
from app.feeds.service.shaping import Ground
from app.listings import service as stock
from app.listings.models import Listing

_SOURCE, _SEEN, _CHANGE, _LISTING = (
    cast(Table, model.__table__) for model in (ListingSource, FeedSeen, FeedChange, Listing)
)
_CHUNK = 2_000
_ON_OFFER = ("live", "reserved")
MOST_GONE, MOST_REPRICED, FEWEST = 0.30, 0.20, 10
"""A full stock that takes away or reprices a greater part of ten cars or more waits for somebody."""


async def missing(db: Db, run: FeedRun) -> tuple[int, int]:
    """Of the cars on offer that came by imports: how many there are, and how many this sheet does not have."""
    here = _on_offer(run)
    all_ = await db.scalar(select(func.count()).select_from(_SOURCE).join(_LISTING, _OF).where(*here))
    gone = await db.scalar(select(func.count()).select_from(_SOURCE).join(_LISTING, _OF).where(*here, ~_seen(run)))
    return all_ or 0, gone or 0


def too_much(run: FeedRun, offered: int, gone: int) -> str | None:
    """Why this would better be looked at first: what it takes away, or reprices, by share of what there is."""
    if offered < FEWEST:
        return None
    if gone > MOST_GONE * offered:
        return TOO_MANY_MISSING
    return TOO_MANY_REPRICED if run.repriced > MOST_REPRICED * offered else None


async def sweep(db: Db, run_id: Id, ground: Ground) -> bool:
    """Unlist some of the cars that have been missing for as many runs as the run says; False when none is left."""
    run = await queries.run_for_change(db, run_id)
    if run.state != "running" or run.stage != "sweep":
        return False
    names = [_LISTING.c[name] for name in stock.COLUMNS]
    late = (*_on_offer(run), ~_seen(run), _SOURCE.c.missed >= run.unlist_after, _LISTING.c.status == "live")
    wanted = select(*names, _SOURCE.c.key).select_from(_SOURCE).join(_LISTING, _OF).where(*late)
    found = (
        (await db.execute(wanted.order_by(_LISTING.c.id).limit(_CHUNK).with_for_update(of=_LISTING))).mappings().all()
    )
    if not found:
        return False
    cars, changes = [], []
    for row in found:
        held = {name: value for name, value in row.items() if name != "key"}
        after: dict[str, Any] = {"status": "draft", "doubt": MISSING, "published_at": None}
        car = SimpleNamespace(**{**held, **after})
        car.version += 1
        cars.append(car)
        before = {name: held[name] for name in after}
        changes.append((row["key"], car, before, after))
    await stock.change_stock(db, ground.book, cars, set(), reason="imported")
    await db.execute(
        insert(_CHANGE),
        [
            {
                "org_id": run.org_id,
                "run_id": run.id,
                "listing_id": car.id,
                "number": 0,
                "key": key,
                "before": {**before, "published_at": before["published_at"] and before["published_at"].isoformat()},
                "after": {**after, "version": car.version},
            }
            for key, car, before, after in changes
        ],
    )
    run.unlisted += len(cars)
    at = run.checkpoint
    fact = RunAdvanced(org_id=run.org_id, id=run.id, branch_id=run.branch_id, row_from=at, row_to=at)
    record(db, fact, changed={"unlisted": (run.unlisted - len(cars), run.unlisted)})
    return True


async def note_missing(db: Db, run: FeedRun) -> None:
    """Once for each full stock, as its sweep begins."""
    gone = select(_SOURCE.c.key).join(_LISTING, _OF).where(*_on_offer(run), ~_seen(run))
    mine = (_SOURCE.c.org_id == run.org_id, _SOURCE.c.key.in_(gone))
    done: Any = await db.execute(update(_SOURCE).where(*mine).values(missed=_SOURCE.c.missed + 1))
    run.missing = done.rowcount


_OF = _LISTING.c.id == _SOURCE.c.listing_id


def _on_offer(run: FeedRun) -> tuple[Any, ...]:
    """Cars of the branch the run is for, of every branch where it is for none."""
    of_branch = (_LISTING.c.branch_id == run.branch_id,) if run.branch_id else ()
    standing = _LISTING.c.status == any_(literal(list(_ON_OFFER), pg.ARRAY(_LISTING.c.status.type)))
    return (_SOURCE.c.org_id == run.org_id, _LISTING.c.deleted_at.is_(None), standing, *of_branch)


def _seen(run: FeedRun) -> Any:
    """Met under the car's key; the second and further equal cars are met under the key of the first."""
    said = _SOURCE.c.key.startswith("no:") | _SOURCE.c.key.startswith("url:")
    key = case((said, _SOURCE.c.key), else_=func.regexp_replace(_SOURCE.c.key, "#[0-9]+$", ""))
    stage = "check" if run.stage == "check" else "write"
    return exists().where(_SEEN.c.run_id == run.id, _SEEN.c.stage == stage, _SEEN.c.key == key)
