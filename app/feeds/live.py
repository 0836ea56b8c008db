"""What runs and sources show on open screens: their own pages, and the lists of them."""

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
    context = {
        "run": run,
        "rejects": await queries.rejects(db, run.id, limit=SHOWN),
        "words": await queries.left_of(db, run),
    }
    return [Push(topic=f"run:{key}", target="run", swap="morph", fragment="feeds/_run.html", context=context)]


async def runs_now(db: Db, key: str) -> list[Push]:
    """The latest runs."""
    context = {"runs": (await queries.runs(db, limit=SHOWN)).items, "files": await queries.waiting(db)}
    return [Push(topic=f"runs:{key}", target="runs", swap="morph", fragment="feeds/_runs.html", context=context)]


def _may_sources(who: Principal, key: str) -> bool:
    """Of a member of one branch those of that branch."""
    return may(who.role, "feed.read") and key == sources_key(who)


def sources_key(who: Principal) -> str:
    return str(who.branch_id) if who.branch_id else ALL


async def sources_now(db: Db, key: str) -> list[Push]:
    """The sources as they stand."""
    context = {"sources": (await queries.sources(db, None if key == ALL else Id(key))).items}
    return [
        Push(topic=f"sources:{key}", target="sources", swap="morph", fragment="feeds/_sources.html", context=context)
    ]


def _may_source(who: Principal, key: str) -> bool:
    return may(who.role, "feed.run") and bool(key)


async def _our_source(db: Db, who: Principal, key: str) -> bool:
    try:
        await queries.source_card(db, Id(key), who.branch_id)
    except (NotFound, ValueError):
        return False
    return True


async def source_now(db: Db, key: str) -> list[Push]:
    """One source; nothing where it was removed."""
    try:
        source = await queries.source_card(db, Id(key), None)
    except (NotFound, ValueError):
        return []
    context = {"source": source}
    return [Push(topic=f"source:{key}", target="source", swap="morph", fragment="feeds/_source.html", context=context)]


TOPICS = (
    TopicKind(
        name="run", log=False, may=_may, check=_ours, region="/desk/imports/region", snapshot=run_now, pace_s=0.3
    ),
    TopicKind(name="runs", log=False, may=_may_list, region="/desk/imports/region", snapshot=runs_now, pace_s=1.0),
    TopicKind(
        name="sources", log=False, may=_may_sources, region="/desk/imports/sources/region", snapshot=sources_now,
        pace_s=1.0,
    ),
    TopicKind(
        name="source", log=False, may=_may_source, check=_our_source, region="/desk/imports/sources/region",
        snapshot=source_now, pace_s=0.3,
    ),
)  # fmt: skip


async def run_changed(db: Db, fact: Fact) -> list[Stale]:
    topics = (f"run:{fact.id}", f"runs:{ALL}")
    return [Stale(topic) for topic in topics if heard(db, topic)]


async def file_handed_in(db: Db, _fact: Fact) -> list[Stale]:
    topic = f"runs:{ALL}"
    return [Stale(topic)] if heard(db, topic) else []


async def source_changed(db: Db, fact: Fact) -> list[Stale]:
    topics = [f"source:{fact.id}", f"sources:{ALL}", *([f"sources:{fact.branch_id}"] if fact.branch_id else [])]
    return [Stale(topic) for topic in topics if heard(db, topic)]
