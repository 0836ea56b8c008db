"""Reads of the members of the org we act in."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from app.accounts.models import AppUser
from app.core import blind, lists
from app.core.base import Db, one_or
from app.core.errors import NotFound
from app.core.ids import Id
from app.core.paging import Page, cut
from app.orgs import rules
from app.orgs.models import Branch, Membership
from app.orgs.schemas import MemberRow


async def members(
    db: Db,
    *,
    q: str = "",
    branch_id: Id | None = None,
    masked: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[MemberRow]:
    """In the order they joined. `q` is words of a name, a phone or its last 4 or 7 digits, or an e-mail address."""
    position, cursors = await lists.position(db), lists.cursors(db, "members")
    conditions: list[ColumnElement[bool]] = []
    if q.strip() and db.scope.org_id:
        conditions.append(Membership.search.contains(blind.query_codes(db.scope.org_id, q)))
    if branch_id is not None:
        conditions.append(Membership.branch_id == branch_id)
    after = cursors.decode(cursor, tuple[datetime, Id])
    if after:
        conditions.append(tuple_(Membership.joined_at, Membership.user_id) > after)
    found = await db.execute(
        _select().where(*conditions).order_by(Membership.joined_at, Membership.user_id).limit(limit + 1)
    )
    page, more = cut(list(found), limit)
    following = cursors.encode(page[-1][0].joined_at, page[-1][0].user_id) if more else None
    return Page([_row(row, masked=masked) for row in page], following, position)


async def member_row(db: Db, user_id: Id, *, masked: bool = False) -> MemberRow:
    """Raises NotFound."""
    found = await db.execute(_select().where(Membership.user_id == user_id))
    return _row(one_or(found, NotFound), masked=masked)


async def is_member(db: Db, user_id: Id) -> bool:
    """Ever was, in any state: whoever was removed is not put back by a seed."""
    found = await db.scalar(select(Membership.user_id).where(Membership.user_id == user_id))
    return found is not None


async def membership_for_change(db: Db, user_id: Id) -> Membership:
    found = await db.scalars(
        select(Membership).where(Membership.user_id == user_id, Membership.status != "removed").with_for_update()
    )
    membership: Membership = one_or(found, NotFound)
    return membership


async def other_owners(db: Db, user_id: Id, head_role: str) -> int:
    """How many active holders of the highest role remain without this person; lock the org first."""
    count = await db.scalar(
        select(func.count()).where(
            Membership.role == head_role, Membership.status == "active", Membership.user_id != user_id
        )
    )
    return count or 0


def _select() -> Select[*tuple[Any, ...]]:
    return (
        select(Membership, AppUser, Branch.slug, Branch.name)
        .join(AppUser, AppUser.id == Membership.user_id)
        .outerjoin(Branch, Branch.id == Membership.branch_id)
        .where(Membership.status != "removed")
    )


def _row(row: Any, *, masked: bool) -> MemberRow:
    member, user, branch, branch_name = row
    return MemberRow(
        id=user.id,
        name=user.name,
        email=None if masked else user.email,
        email_masked=rules.mask_email(user.email),
        phone=None if masked else user.phone,
        phone_masked=rules.mask_phone(user.phone),
        role=member.role,
        branch_id=member.branch_id,
        branch=branch,
        branch_name=branch_name,
        status=member.status,
        joined_at=member.joined_at,
        last_login_at=user.last_login_at,
    )
