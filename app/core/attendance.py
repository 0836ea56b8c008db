"""Who has a desk open: told to whoever needs to know, every few seconds while it is so."""

from collections.abc import Awaitable, Callable, Collection

from app.core import db
from app.core.base import Db, Scope
from app.core.ids import Id

Attend = Callable[[Db, Collection[Id]], Awaitable[None]]

_attend: Attend | None = None


def install(attend: Attend) -> None:
    global _attend
    _attend = attend


async def tell(org_id: Id, person_ids: Collection[Id]) -> None:
    """These people of the org have a screen open now; one unit of work."""
    if _attend is not None:
        async with db.unit(Scope(org_id=org_id)) as session:
            await _attend(session, person_ids)
