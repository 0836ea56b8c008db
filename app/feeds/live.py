"""What a run shows on open screens: its own page, and the list of the latest runs."""

from app.core.base import Db
from app.core.errors import NotFound
from app.core.events import Fact
from app.core.ids import Id
from app.core.live import Push, Stale, TopicKind, heard
from app.core.security import Principal, may
from app.feeds import queries

ALL = "org"
SHOWN = 20


def _may(who: Principal, key: str) -> bool:
    return may(who.role, "feed.read") and bool(key)


def _may_list(who: Principal, key: str) -> bool:
    return may(who.role, "feed.read") and key == ALL


async def _ours(db: Db, _who: Principal, key: str) -> bool:
    try:
        await queries.run_card(db, Id(key))
    except (NotFound, ValueError):
        return False
    return True


async def run_now(db: Db, key: str) -> list[Push]:
    """The run as it stands."""
    try:
        run = await queries.run_card(db, Id(key))
    except (NotFound, ValueError):
        return []
    context = {"run": run, "rejects": await queries.rejects(db, run.id, limit=SHOWN)}
    return [Push(topic=f"run:{key}", target="run", swap="morph", fragment="feeds/_run.html", context=context)]


async def runs_now(db: Db, key: str) -> list[Push]:
    """The latest runs."""
    context = {"runs": (await queries.runs(db, limit=SHOWN)).items}
    return [Push(topic=f"runs:{key}", target="runs", swap="morph", fragment="feeds/_runs.html", context=context)]


TOPICS = (
    TopicKind(
        name="run", log=False, may=_may, check=_ours, region="/desk/imports/region", snapshot=run_now, pace_s=0.3
    ),
    TopicKind(name="runs", log=False, may=_may_list, region="/desk/imports/region", snapshot=runs_now, pace_s=1.0),
)


async def run_changed(db: Db, fact: Fact) -> list[Stale]:
    topics = (f"run:{fact.id}", f"runs:{ALL}")
    return [Stale(topic) for topic in topics if heard(db, topic)]
