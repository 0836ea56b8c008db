"""Reads of the org we act in and its branches. The session adds the org."""

from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.core import db as database
from app.core import lists
from app.core.base import Db, one_or
from app.core.errors import NotFound
from app.core.ids import Id
from app.core.paging import Page, cut
from app.orgs.models import Branch, Membership, Org
from app.orgs.schemas import BranchRow, OrgCard

_CARD = (Org.id, Org.slug, Org.name, Org.kind, Org.status, Org.created_at)
_BRANCH = (
    Branch.id, Branch.slug, Branch.name, Branch.city, Branch.address, Branch.phone, Branch.whatsapp,
    Branch.created_at, Branch.archived_at,
)  # fmt: skip


async def org_card(db: Db, org_id: Id) -> OrgCard:
    return OrgCard(*one_or(await db.execute(select(*_CARD).where(Org.id == org_id)), NotFound))


async def org_id_of(slug: str) -> Id | None:
    """Across orgs: a short name is public."""
    async with database.system() as system:
        found: Id | None = await system.scalar(select(Org.id).where(Org.slug == slug))
    return found


async def platform_id() -> Id | None:
    """The org of those who run the market; the first, should there be several."""
    async with database.system() as system:
        wanted = select(Org.id).where(Org.kind == "platform").order_by(Org.id).limit(1)
        found: Id | None = await system.scalar(wanted)
    return found


async def org_for_change(db: Db, org_id: Id) -> Org:
    """Locked: changes that count members go one after another."""
    org: Org = one_or(await db.scalars(select(Org).where(Org.id == org_id).with_for_update()), NotFound)
    return org


async def branches(db: Db, *, archived: bool = False, cursor: str | None = None, limit: int = 50) -> Page[BranchRow]:
    position, cursors = await lists.position(db), lists.cursors(db, "branches")
    conditions: list[ColumnElement[bool]] = [] if archived else [Branch.archived_at.is_(None)]
    after = cursors.decode(cursor, tuple[Id])
    if after:
        conditions.append(Branch.id > after[0])
    found = await db.execute(select(*_BRANCH).where(*conditions).order_by(Branch.id).limit(limit + 1))
    page, more = cut(list(found), limit)
    counts = await _members_by_branch(db, [row.id for row in page])
    following = cursors.encode(page[-1].id) if more else None
    return Page([_branch(row, counts) for row in page], following, position)


async def branch_row(db: Db, branch_id: Id) -> BranchRow:
    row = one_or(await db.execute(select(*_BRANCH).where(Branch.id == branch_id)), NotFound)
    return _branch(row, await _members_by_branch(db, [branch_id]))


async def branch_for_change(db: Db, branch_id: Id) -> Branch:
    found = await db.scalars(select(Branch).where(Branch.id == branch_id).with_for_update())
    branch: Branch = one_or(found, NotFound)
    return branch


async def require_branch(db: Db, branch_id: Id | None) -> None:
    """Raises NotFound unless it is None or one of our open branches."""
    if branch_id is not None:
        found = await db.execute(select(Branch.id).where(Branch.id == branch_id, Branch.archived_at.is_(None)))
        one_or(found, NotFound)


async def branch_id_of(db: Db, slug: str) -> Id:
    """One of ours, closed ones too. Raises NotFound."""
    found: Id = one_or(await db.scalars(select(Branch.id).where(Branch.slug == slug)), NotFound)
    return found


async def active_members_of(db: Db, branch_id: Id) -> int:
    return (await _members_by_branch(db, [branch_id])).get(branch_id, 0)


async def _members_by_branch(db: Db, ids: list[Id]) -> dict[Id, int]:
    if not ids:
        return {}
    found = await db.execute(
        select(Membership.branch_id, func.count())
        .where(Membership.branch_id.in_(ids), Membership.status == "active")
        .group_by(Membership.branch_id)
    )
    return {branch_id: count for branch_id, count in found if branch_id}


def _branch(row: Any, counts: dict[Id, int]) -> BranchRow:
    branch_id, slug, name, city, address, phone, whatsapp, created_at, archived_at = row
    return BranchRow(
        branch_id, slug, name, city, address, phone, whatsapp, counts.get(branch_id, 0), created_at, archived_at
    )
