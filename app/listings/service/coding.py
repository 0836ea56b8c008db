"""Numbers given to slugs that have none yet."""

import logging
from collections.abc import Iterable, Mapping
from typing import cast

from sqlalchemy import Table, func, insert, select

from app.core.base import Db
from app.listings import queries
from app.listings.models import SearchCode
from app.listings.queries.codes import NEW, Named

log = logging.getLogger(__name__)

_TABLE = cast(Table, SearchCode.__table__)
_LOCK = 7_319_448
_MOST = 32_767
"""Of a kind. A place of registration is anybody's word: what comes after these cannot be filtered by."""


async def coded(db: Db, wanted: Iterable[Named]) -> Mapping[Named, int]:
    """The code of each; 0 for none at all. New ones are made one transaction after another."""
    names = set(wanted)
    found = await queries.known_codes(db, names)
    if len(found) < len(names):
        await db.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        found = await queries.known_codes(db, names)
        found |= await _made(db, sorted(names - found.keys()))
    return found


async def _made(db: Db, names: list[Named]) -> dict[Named, int]:
    highest = await db.execute(select(_TABLE.c.kind, func.max(_TABLE.c.code)).group_by(_TABLE.c.kind))
    last: dict[str, int] = {row[0]: row[1] for row in highest}
    made = dict[Named, int]()
    for kind, slug in names:
        if last.get(kind, 0) < _MOST:
            made[kind, slug] = last[kind] = last.get(kind, 0) + 1
        else:
            log.warning("no code is left for a search filter", extra={"kind": kind})
    if made:
        rows = [{"kind": kind, "slug": slug, "code": code} for (kind, slug), code in made.items()]
        await (await db.connection()).execute(insert(_TABLE), rows)
        db.info.setdefault(NEW, {}).update(made)
    return made
