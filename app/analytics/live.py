"""What changes of leads, deadlines and stock mean for boards: they are shown anew, at most once a second."""

from collections.abc import Collection
from types import ModuleType

from app.analytics import facts, queries, rules
from app.core import clock
from app.core.base import Db
from app.core.errors import NotFound
from app.core.events import Fact, tag_of
from app.core.ids import Id
from app.core.live import InWindow, Push, Stale, TopicKind, Window, heard, heard_any
from app.core.security import Principal, may
from app.leads import facts as leads_facts
from app.leads.facts import LeadFact
from app.leads.queries import branch_slug
from app.sla import facts as sla_facts
from app.sla.facts import DeadlineFact


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


def _nobody(_who: Principal, _key: str) -> bool:
    """Screens have no person."""
    return False


async def wall_numbers(_db: Db, tokens: Collection[Id]) -> dict[Id, int]:
    """A wall is another one at every look; those that were switched off are missing."""
    now = int(clock.now().timestamp() * 1000)
    return dict.fromkeys(await queries.doors(tokens), now)


async def wall_now(db: Db, token: Id) -> InWindow | None:
    door = (await queries.doors([token])).get(token)
    if door is None:
        return None
    try:
        board = await queries.wall(db, door)
    except NotFound:
        return None
    push = Push(topic=f"wall:{token}", target="wall", swap="morph", fragment="analytics/_wall.html",
                context={"board": board})  # fmt: skip
    return InWindow(door.org_id, int(clock.now().timestamp() * 1000), push)


def wall_gone() -> Push:
    return Push(topic="wall", target="wall", swap="morph", fragment="analytics/_wall.html", context={"board": None})


def _tags(within: ModuleType, kind: type[Fact]) -> frozenset[str]:
    found = (one for one in vars(within).values() if isinstance(one, type) and issubclass(one, kind))
    return frozenset(tag_of(one) for one in found if "." in tag_of(one))


WALL = Window(
    numbers=wall_numbers,
    show=wall_now,
    gone=wall_gone,
    facts=frozenset(),
    any_of=_tags(leads_facts, LeadFact) | _tags(sla_facts, DeadlineFact) | _tags(facts, Fact),
    pace_s=1.0,
)
"""Its key is the secret of a screen: whoever knows that may look."""

TOPICS = (
    TopicKind(name="board", log=False, may=_may, region="/desk/board/region", snapshot=board_now, pace_s=1.0),
    TopicKind(name="wall", log=False, may=_nobody, window=WALL),
)


async def board_changed(db: Db, fact: Fact) -> list[Stale]:
    """The boards of the fact's branch, of the one it has left, and of the org."""
    if not heard_any(db, "board"):
        return []
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
