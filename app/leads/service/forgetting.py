"""What is not kept for ever of leads."""

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, select, update

from app.core import db as database
from app.core.base import Scope
from app.leads.models import LeadDocument
from app.orgs.models import Org


async def forget_originals(before: datetime) -> int:
    """The documents as they came, of all orgs; how many. What they said stands in their leads, and a document that is
    sent once more is known again."""
    async with database.system() as db:
        org_ids = list(await db.scalars(select(Org.id).order_by(Org.id)))
    old = update(LeadDocument).where(LeadDocument.received_at < before, LeadDocument.raw_sealed.is_not(None))
    gone = 0
    for org_id in org_ids:
        async with database.unit(Scope(org_id=org_id)) as db:
            result: CursorResult[Any] = await db.execute(  # type: ignore[assignment]
                old.values(raw_sealed=None).execution_options(synchronize_session=False)
            )
            gone += result.rowcount
    return gone
