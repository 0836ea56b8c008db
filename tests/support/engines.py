"""Engines that outlive a test: what SQLAlchemy has learned of statements and server goes from database to database.

A fresh engine compiles every statement again, which took a sixth of the suite's time.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from app.core import db

_free: dict[tuple[Any, ...], list[AsyncEngine]] = defaultdict(list)
_kind: dict[AsyncEngine, tuple[Any, ...]] = {}
_database: dict[AsyncEngine, str | None] = {}


def keep() -> None:
    """From now on, in this process: a closed Database hands its engines to the next one."""
    make, close = db.engine, db.Database.close

    def engine(url: str, role: db.Role, **shape: Any) -> AsyncEngine:
        parsed = make_url(url)
        kind = (parsed.set(database=None), role, *sorted(shape.items()))
        made = _free[kind].pop() if _free[kind] else _watched(make(url, role, **shape))
        _kind[made], _database[made] = kind, parsed.database
        return made

    async def closed(self: db.Database) -> None:
        await close(self)
        for made in (self.app, self.system):
            kind = _kind.pop(made, None)
            if kind is not None:
                _free[kind].append(made)

    db.engine, db.Database.close = engine, closed  # type: ignore[assignment,method-assign]


def _watched(made: AsyncEngine) -> AsyncEngine:
    @event.listens_for(made.sync_engine, "do_connect")
    def elsewhere(_dialect: object, _record: object, _arguments: object, named: dict[str, Any]) -> None:
        named["database"] = _database[made]

    return made
