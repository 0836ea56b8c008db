"""What an address of a feed opens. Over all orgs: whoever fetches says only which address."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import or_, select

from app.core import crypto
from app.core import db as database
from app.core.base import Db
from app.core.feed_tables import EventRow
from app.core.ids import Id
from app.orgs.models import Org
from app.outlets.models import Outlet

TOKEN = "outlet"  # noqa: S105 - what the secret is for, not the secret

_TELLING = ("listing.%", "stock.%", "media.%", "feed.run%", "org.%", "branch.%", "outlet.%")
"""Facts after which a feed may read otherwise."""


class Door(Struct, frozen=True):
    """`seq` and `changed_at`: the last fact after which the feed may read otherwise than before."""

    outlet_id: Id
    org_id: Id
    branch_id: Id | None
    kind: str
    seq: int
    changed_at: datetime


def token_of(token_id: Id) -> str:
    return crypto.code(TOKEN, token_id)


async def door_of(token: str) -> Door | None:
    async with database.system() as system:
        found = await system.execute(
            select(Outlet.id, Outlet.org_id, Outlet.branch_id, Outlet.kind, Outlet.renewed_at)
            .join(Org, Org.id == Outlet.org_id)
            .where(Outlet.token_hash == crypto.digest(token), Org.status == "active")
        )
        row = found.one_or_none()
        if row is None:
            return None
        seq, at = await _last_change(system, row.org_id) or (0, row.renewed_at)
        return Door(row.id, row.org_id, row.branch_id, row.kind, seq, max(at, row.renewed_at))


async def _last_change(system: Db, org_id: Id) -> tuple[int, datetime] | None:
    found = await system.execute(
        select(EventRow.seq, EventRow.at)
        .where(EventRow.org_id == org_id, or_(*(EventRow.tag.like(tag) for tag in _TELLING)))
        .order_by(EventRow.seq.desc())
        .limit(1)
    )
    row = found.one_or_none()
    return (row.seq, row.at) if row else None
