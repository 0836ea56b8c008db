"""Sources that sheets are pulled from, as whoever asks may see them: of a member of one branch those of that branch."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from app.accounts.models import AppUser
from app.core import lists
from app.core.base import Db, one_or
from app.core.ids import Id
from app.core.paging import Page, cut
from app.feeds.errors import SourceGone
from app.feeds.models import FeedFile, FeedRun, FeedSource
from app.feeds.rules.pulling import said
from app.feeds.schemas import SourceCard
from app.orgs.models import Branch, Membership

_SAME = (
    "id", "name", "url", "auth", "auth_user", "every_hours", "publish", "full_stock", "unlist_after", "state",
    "outcome", "why", "failures", "fetched_at", "next_at", "file_id", "run_id", "created_at",
)  # fmt: skip


def within(query: Select[Any], branch_id: Id | None) -> Select[Any]:
    """Only what a member of this branch may touch; None is for those who see the whole org."""
    return query if branch_id is None else query.where(FeedSource.branch_id == branch_id)


async def sources(db: Db, branch_id: Id | None, *, cursor: str | None = None, limit: int = 50) -> Page[SourceCard]:
    """The latest first."""
    position, cursors = await lists.position(db), lists.cursors(db, "feed_sources")
    query = within(_cards(), branch_id).order_by(FeedSource.id.desc()).limit(limit + 1)
    if before := cursors.decode(cursor, tuple[Id]):
        query = query.where(FeedSource.id < before[0])
    page, more = cut(list(await db.execute(query)), limit)
    return Page([_card(row) for row in page], cursors.encode(page[-1][0].id) if more else None, position)


async def source_card(db: Db, source_id: Id, branch_id: Id | None) -> SourceCard:
    """Raises SourceGone."""
    found = await db.execute(within(_cards(), branch_id).where(FeedSource.id == source_id))
    return _card(one_or(found, SourceGone))


async def source_count(db: Db) -> int:
    return await db.scalar(select(func.count()).select_from(FeedSource)) or 0


async def source_for_change(db: Db, source_id: Id, branch_id: Id | None) -> FeedSource:
    """Locked. Raises SourceGone."""
    query = within(select(FeedSource).where(FeedSource.id == source_id).with_for_update(), branch_id)
    found: FeedSource = one_or(await db.scalars(query), SourceGone)
    return found


async def sources_for_change(db: Db, source_ids: Sequence[Id]) -> list[FeedSource]:
    """Locked, those that are there."""
    query = select(FeedSource).where(FeedSource.id.in_(source_ids)).order_by(FeedSource.id).with_for_update()
    return list(await db.scalars(query))


async def sources_waiting(db: Db, signature: bytes) -> list[FeedSource]:
    """Locked: those that wait for somebody to say what such columns hold."""
    files = select(FeedFile.id).where(FeedFile.signature == signature)
    waiting = (FeedSource.state == "waiting", FeedSource.file_id.in_(files))
    return list(await db.scalars(select(FeedSource).where(*waiting).order_by(FeedSource.id).with_for_update()))


async def source_asked(db: Db, source_id: Id) -> FeedSource | None:
    """For a worker: the source while a fetch of it is wanted."""
    wanted = (FeedSource.id == source_id, FeedSource.asked_at.is_not(None))
    found: FeedSource | None = await db.scalar(select(FeedSource).where(*wanted))
    return found


async def columns_of_run(db: Db, run_id: Id) -> dict[str, str | None]:
    found: dict[str, str | None] | None = await db.scalar(select(FeedRun.columns).where(FeedRun.id == run_id))
    return found or {}


async def open_branch(db: Db, branch_id: Id) -> str | None:
    """Its short name; None where it is closed."""
    wanted = (Branch.id == branch_id, Branch.archived_at.is_(None))
    found: str | None = await db.scalar(select(Branch.slug).where(*wanted))
    return found


async def sees_all(db: Db, person_id: Id) -> bool:
    """Whether they work here, and not in one branch only."""
    mine = (Membership.org_id == db.scope.org_id, Membership.user_id == person_id, Membership.status == "active")
    found = await db.execute(select(Membership.branch_id).where(*mine))
    row = found.one_or_none()
    return row is not None and row.branch_id is None


def _cards() -> Select[*tuple[Any, ...]]:
    return (
        select(FeedSource, Branch.slug, AppUser)
        .outerjoin(Branch, Branch.id == FeedSource.branch_id)
        .outerjoin(AppUser, AppUser.id == FeedSource.created_by)
    )


def _card(row: Any) -> SourceCard:
    source, branch, person = row
    return SourceCard(
        **{field: getattr(source, field) for field in _SAME},
        branch=branch,
        says=said(source.why),
        fetching=source.asked_at is not None,
        created_by=person.name if person else None,
    )
