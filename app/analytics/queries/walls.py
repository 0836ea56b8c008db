"""What hangs on a wall: a board without anybody's name."""

from app.analytics import rules
from app.analytics.queries import boards
from app.analytics.queries.screens import Door
from app.analytics.schemas import Board
from app.core.base import Db, Scope


async def wall(db: Db, door: Door) -> Board:
    """Today's. The transaction acts in the screen's org for this one look. Raises NotFound."""
    before = db.scope
    await db.rescope(Scope(org_id=door.org_id, request_id=before.request_id))
    try:
        found = await boards.board(db, await boards.named(db, door.slug or rules.ORG), "today")
    finally:
        await db.rescope(before)
    return found
