"""Where other systems send leads: the org's own addresses, and whose address one is."""

from sqlalchemy import ColumnElement, select

from app.core import crypto, settings
from app.core import db as database
from app.core.base import Db
from app.core.ids import Id
from app.leads.models import LeadInboxAddress
from app.leads.schemas import AddressRow, Door
from app.orgs.models import Branch, Org

TOKEN = "lead-inbox"  # noqa: S105 - what the secret is for, not the secret


async def addresses(db: Db) -> list[AddressRow]:
    """The whole org's first, then by branch."""
    found = await db.execute(
        select(LeadInboxAddress, Branch.name)
        .outerjoin(Branch, Branch.id == LeadInboxAddress.branch_id)
        .order_by(LeadInboxAddress.branch_id.is_not(None), Branch.name, LeadInboxAddress.id)
    )
    domain = settings.current().adf_mail_domain
    return [
        AddressRow(
            id=one.id, branch_id=one.branch_id, branch_name=name, mail=f"{one.local_part}@{domain}" if domain else None,
            token=crypto.code(TOKEN, one.id), created_at=one.created_at,
        )
        for one, name in found
    ]  # fmt: skip


async def address_for_change(db: Db, branch_id: Id | None) -> LeadInboxAddress | None:
    found = await db.scalars(
        select(LeadInboxAddress).where(LeadInboxAddress.branch_id.is_not_distinct_from(branch_id)).with_for_update()
    )
    return found.one_or_none()


async def door_of_token(token: str) -> Door | None:
    return await _door(LeadInboxAddress.token_hash == crypto.digest(token))


async def door_of_mail(local_part: str) -> Door | None:
    return await _door(LeadInboxAddress.local_part == local_part.lower())


async def _door(condition: ColumnElement[bool]) -> Door | None:
    """Over all orgs: whoever sends a lead says only to which address."""
    async with database.system() as system:
        found = await system.execute(
            select(LeadInboxAddress.org_id, LeadInboxAddress.branch_id)
            .join(Org, Org.id == LeadInboxAddress.org_id)
            .where(condition, Org.status == "active")
        )
        row = found.one_or_none()
        return Door(*row) if row else None
