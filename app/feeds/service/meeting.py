"""Rows of a sheet that say the same car: the first is taken, an equal one skipped, a contradicting one refused."""

from collections.abc import Iterable, Sequence
from typing import cast

import msgspec
from msgspec import Struct
from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text, any_, delete, literal, select
from sqlalchemy.dialects import postgresql as pg

from app.core.base import Db
from app.core.copying import copied, temporary
from app.feeds.models import FeedRun, FeedSeen
from app.feeds.rules.cars import Problem, Read

_SEEN = cast(Table, FeedSeen.__table__)
_MET = temporary(
    "met",
    Column("key", Text()),
    Column("hash", LargeBinary()),
    Column("times", BigInteger()),
    Column("number", BigInteger()),
)
_AGAIN = "said_twice"


class Met(Struct, frozen=True):
    """Rows of a chunk by what becomes of them. `taken` carries the key under which the car is known."""

    taken: list[tuple[str, Read]]
    skipped: int
    refused: list[Read]


async def meet(db: Db, run: FeedRun, rows: Sequence[Read]) -> Met:
    """Also those of earlier chunks count: what was met is kept until the run ends."""
    good = [row for row in rows if not row.problems]
    known = await _known(db, run, {key_of(row) for row in good})
    taken: list[tuple[str, Read]] = []
    refused = [row for row in rows if row.problems]
    skipped, news = 0, set[str]()
    for row in good:
        key = key_of(row)
        before = known.get(key)
        if before is None or countable(row):
            times = 1 if before is None else before[1] + 1
            known[key] = (row.source_hash, times, row.number if before is None else before[2])
            news.add(key)
            taken.append((key if times == 1 else f"{key}#{times}", row))
        elif before[0] == row.source_hash:
            skipped += 1
        else:
            refused.append(msgspec.structs.replace(row, problems=(_contradiction(row, before[2]),)))
    await _keep(db, run, ((key, *known[key]) for key in news))
    return Met(taken, skipped, refused)


async def forget(db: Db, run: FeedRun) -> None:
    """The run has ended: nobody asks any more."""
    await db.execute(delete(_SEEN).where(_SEEN.c.run_id == run.id, _SEEN.c.org_id == run.org_id))


async def _known(db: Db, run: FeedRun, keys: set[str]) -> dict[str, tuple[bytes, int, int]]:
    asked = (
        _SEEN.c.run_id == run.id,
        _SEEN.c.stage == run.stage,
        _SEEN.c.org_id == run.org_id,
        _SEEN.c.key == any_(literal(list(keys), pg.ARRAY(Text()))),
    )
    found = await db.execute(select(_SEEN.c.key, _SEEN.c.hash, _SEEN.c.times, _SEEN.c.number).where(*asked))
    return {key: (bytes(hash_), times, number) for key, hash_, times, number in found}


async def _keep(db: Db, run: FeedRun, rows: Iterable[tuple[str, bytes, int, int]]) -> None:
    await copied(db, _MET, rows)
    names = ("org_id", "run_id", "stage", "key", "hash", "times", "number")
    fixed = (literal(run.org_id, _SEEN.c.org_id.type), literal(run.id, _SEEN.c.run_id.type), literal(run.stage, Text()))
    into = pg.insert(_SEEN).from_select(names, select(*fixed, *_MET.columns))
    times = {"times": into.excluded.times}
    await db.execute(into.on_conflict_do_update(index_elements=["run_id", "stage", "key"], set_=times))


def key_of(row: Read) -> str:
    """How the desk knows the car again: by its stock number, else as the reader derived it."""
    return row.key if row.derived else f"no:{row.key}"


def countable(row: Read) -> bool:
    """Nothing but its facts tells the car: an equal row is another car, the second of its kind."""
    return row.derived and not row.key.startswith("url:")


def _contradiction(row: Read, other: int) -> Problem:
    return Problem(column="", value="" if row.derived else row.key, code=_AGAIN, other=other)
