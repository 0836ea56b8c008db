"""What changes of leads, deadlines and stock mean for boards: they are shown anew, at most once a second."""

from app.analytics import queries, rules
from app.core.base import Db
from app.core.errors import NotFound
from app.core.events import Fact
from app.core.ids import Id
from app.core.live import Push, Stale, TopicKind, heard
from app.core.security import Principal, may
from app.leads.queries import branch_slug


def _may(who: Principal, key: str) -> bool:
    """`key` is a branch's slug or `org`, with `_7` or `_30` for a longer period than today."""
    asked = rules.of_key(key)
    return asked is not None and may(who.role, "board.read") and (who.branch_id is None or asked[0] == who.branch_slug)


async def board_now(db: Db, key: str) -> list[Push]:
    """The board as it stands. An unknown branch has none."""
    asked = rules.of_key(key)
    if asked is None:
        return []
    try:
        board = await queries.board(db, await queries.named(db, asked[0]), asked[1])  # type: ignore[arg-type]
    except NotFound:
        return []
    context = {"board": board}
    return [Push(topic=f"board:{key}", target="board", swap="morph", fragment="analytics/_board.html", context=context)]


TOPICS = (TopicKind(name="board", log=False, may=_may, region="/desk/board/region", snapshot=board_now, pace_s=1.0),)


async def board_changed(db: Db, fact: Fact) -> list[Stale]:
    """The boards of the fact's branch, of the one it has left, and of the org."""
    left: Id | None = getattr(fact, "was_branch_id", None)
    slugs = [rules.ORG, *[await _slug(db, branch) for branch in (fact.branch_id, left) if branch]]
    topics = [f"board:{rules.topic_key(slug, period)}" for slug in slugs if slug for period in rules.DAYS]
    return [Stale(topic) for topic in topics if heard(db, topic)]


async def _slug(db: Db, branch_id: Id) -> str | None:
    """One read per branch and turn."""
    kept: dict[Id, str | None] = db.info.setdefault("board_slugs", {})
    if branch_id not in kept:
        kept[branch_id] = await branch_slug(db, branch_id)
    return kept[branch_id]
