"""Reads of invitations: the org's own, and the one whose code somebody holds."""

from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, select

from app.accounts import queries as accounts
from app.core import clock, lists
from app.core import db as database
from app.core.base import Db, one_or
from app.core.crypto import digest
from app.core.errors import NotFound
from app.core.ids import Id
from app.core.paging import Page, cut
from app.orgs.errors import InvitationUsedUp
from app.orgs.models import Branch, Invitation, Org
from app.orgs.schemas import InvitationCard, InvitationRow


async def invitations(
    db: Db, *, closed: bool = False, cursor: str | None = None, limit: int = 50
) -> Page[InvitationRow]:
    """The latest first; only those not accepted or withdrawn unless `closed`."""
    position, cursors = await lists.position(db), lists.cursors(db, "invitations")
    conditions: list[ColumnElement[bool]] = []
    if not closed:
        conditions += [Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None)]
    before = cursors.decode(cursor, tuple[Id])
    if before:
        conditions.append(Invitation.id < before[0])
    found = await db.execute(_select().where(*conditions).order_by(Invitation.id.desc()).limit(limit + 1))
    page, more = cut(list(found), limit)
    following = cursors.encode(page[-1][0].id) if more else None
    return Page([_row(row) for row in page], following, position)


async def invitation_row(db: Db, invitation_id: Id) -> InvitationRow:
    return _row(one_or(await db.execute(_select().where(Invitation.id == invitation_id)), NotFound))


async def invitation_for_change(db: Db, invitation_id: Id) -> Invitation:
    found = await db.scalars(select(Invitation).where(Invitation.id == invitation_id).with_for_update())
    invitation: Invitation = one_or(found, NotFound)
    return invitation


async def open_invitations_to(db: Db, email_index: bytes) -> list[Invitation]:
    found = await db.scalars(
        select(Invitation)
        .where(Invitation.email_index == email_index, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .with_for_update()
    )
    return list(found)


async def invitation_by_code(code: str) -> Invitation:
    """Across orgs: the code is the proof. Raises InvitationUsedUp, for unknown codes too."""
    async with database.system() as system:
        found = await system.scalars(select(Invitation).where(Invitation.token_hash == digest(code)))
        invitation: Invitation = one_or(found, InvitationUsedUp)
    if invitation.accepted_at or invitation.revoked_at or clock.now() >= invitation.expires_at:
        raise InvitationUsedUp
    return invitation


async def preview(code: str) -> InvitationCard:
    """What the holder of a code is offered. Raises InvitationUsedUp."""
    invitation = await invitation_by_code(code)
    async with database.system() as system:
        org: Org = one_or(
            await system.scalars(select(Org).where(Org.id == invitation.org_id, Org.status == "active")),
            InvitationUsedUp,
        )
    known = await accounts.by_email(invitation.email) is not None
    return InvitationCard(
        invitation.id, org.id, org.name, invitation.email, invitation.role, known, invitation.expires_at
    )


def _select() -> Select[*tuple[Any, ...]]:
    return select(Invitation, Branch.slug, Branch.name).outerjoin(Branch, Branch.id == Invitation.branch_id)


def _row(row: Any) -> InvitationRow:
    invitation, branch, branch_name = row
    state: Literal["open", "expired", "accepted", "revoked"]
    if invitation.accepted_at:
        state = "accepted"
    elif invitation.revoked_at:
        state = "revoked"
    else:
        state = "open" if clock.now() < invitation.expires_at else "expired"
    return InvitationRow(
        invitation.id, invitation.email, invitation.role, invitation.branch_id, branch, branch_name, state,
        invitation.created_at, invitation.expires_at,
    )  # fmt: skip
