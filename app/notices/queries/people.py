"""Who can be told, and one delivery with what sending it needs."""

from typing import Any

from sqlalchemy import Select, select

from app.accounts.models import AppUser
from app.core.base import Db, one_or
from app.core.errors import NotFound
from app.core.ids import Id
from app.notices.models import Notice, NoticeDelivery
from app.notices.queries.notices import notice_row
from app.notices.rules import Colleague
from app.notices.schemas import Letter
from app.orgs.models import Membership

_WORKERS = ("sales", "manager", "owner")


async def team(db: Db) -> list[Colleague]:
    """Who works on leads in this org, in the order they joined."""
    query = _colleagues(db).where(Membership.role.in_(_WORKERS))
    found = await db.execute(query.order_by(Membership.joined_at, Membership.user_id))
    return [Colleague(*row) for row in found]


async def colleague(db: Db, person_id: Id) -> Colleague:
    """In whatever role. Raises NotFound."""
    return Colleague(*one_or(await db.execute(_colleagues(db).where(AppUser.id == person_id)), NotFound))


def _colleagues(db: Db) -> Select[*tuple[Any, ...]]:
    return (
        select(AppUser.id, Membership.role, Membership.branch_id, AppUser.phone_sealed.is_not(None))
        .join(Membership, Membership.user_id == AppUser.id)
        .where(Membership.org_id == db.scope.org_id, Membership.status == "active")
    )


async def letter(db: Db, delivery_id: Id) -> Letter | None:
    """None when it is no longer to be sent, or its reader has left."""
    found = await db.execute(
        select(NoticeDelivery.channel, Notice.id, AppUser)
        .join(Notice, Notice.id == NoticeDelivery.notice_id)
        .join(AppUser, AppUser.id == Notice.person_id)
        .join(Membership, Membership.user_id == AppUser.id)
        .where(
            NoticeDelivery.id == delivery_id,
            NoticeDelivery.status.in_(("sending", "failed")),
            Membership.org_id == db.scope.org_id,
            Membership.status == "active",
        )
    )
    row = found.one_or_none()
    if row is None:
        return None
    channel, notice_id, person = row
    return Letter(
        id=delivery_id, channel=channel, notice=await notice_row(db, notice_id, person.id), name=person.name,
        email=person.email, phone=person.phone, lang=person.lang,
    )  # fmt: skip


async def delivery_for_change(db: Db, delivery_id: Id) -> tuple[NoticeDelivery, Notice]:
    """Locked, with the notice it belongs to. Raises NotFound."""
    query = (
        select(NoticeDelivery, Notice)
        .join(Notice, Notice.id == NoticeDelivery.notice_id)
        .where(NoticeDelivery.id == delivery_id)
        .with_for_update(of=NoticeDelivery)
    )
    delivery, notice = one_or(await db.execute(query), NotFound)
    return delivery, notice
