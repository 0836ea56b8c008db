"""Who can be given a lead, and which leads wait for somebody."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, func, or_, select

from app.accounts.models import AppUser
from app.core.base import Db, one_or
from app.core.errors import NotFound
from app.core.ids import Id
from app.leads import rules
from app.leads.models import Duty, Lead, LeadRound
from app.leads.schemas import OnDuty, RoundRow
from app.orgs.models import Branch, Membership

AT_ONCE = 100

_NOBODYS = and_(
    Lead.status == rules.NEW, Lead.assignee_id.is_(None), Lead.archived_at.is_(None), Lead.merged_into_id.is_(None),
    Lead.snoozed_until.is_(None),
)  # fmt: skip
_WAITING = select(func.count()).select_from(Lead).where(Lead.branch_id == Branch.id, _NOBODYS)


class Free(Struct):
    """Somebody with room for more. `open` counts what they have."""

    person_id: Id
    open: int
    capacity: int
    last_turn: str = ""


async def round_for_change(db: Db, branch_id: Id) -> LeadRound | None:
    """Locked."""
    query = select(LeadRound).where(LeadRound.branch_id == branch_id)
    found: LeadRound | None = await db.scalar(query.with_for_update())
    return found


async def duty_for_change(db: Db, person_id: Id) -> Duty | None:
    """Locked."""
    found: Duty | None = await db.scalar(select(Duty).where(Duty.user_id == person_id).with_for_update())
    return found


async def duties_for_change(db: Db, person_ids: list[Id]) -> dict[Id, Duty]:
    """Locked, in order."""
    query = select(Duty).where(Duty.user_id.in_(person_ids)).order_by(Duty.user_id).with_for_update()
    return {row.user_id: row for row in await db.scalars(query)}


async def rounds(db: Db, *, within: Id | None = None) -> list[RoundRow]:
    """Of every open branch, whether it has set anything or not."""
    query = (
        select(Branch.id, Branch.slug, Branch.name, LeadRound, _WAITING.correlate(Branch).scalar_subquery())
        .outerjoin(LeadRound, LeadRound.branch_id == Branch.id)
        .where(Branch.archived_at.is_(None))
        .order_by(Branch.name, Branch.id)
    )
    if within is not None:
        query = query.where(Branch.id == within)
    return [
        RoundRow(
            branch_id=branch_id, branch=slug, branch_name=name, turns=bool(row and row.turns),
            capacity=row.capacity if row else 10, waiting=count, version=row.version if row else 0,
        )
        for branch_id, slug, name, row, count in await db.execute(query)
    ]  # fmt: skip


async def round_of(db: Db, branch_id: Id) -> RoundRow:
    """Raises NotFound."""
    found = await rounds(db, within=branch_id)
    if not found:
        raise NotFound
    return found[0]


async def on_duty(db: Db, branch_id: Id | None, now: datetime) -> list[OnDuty]:
    """The sales staff of a branch, or of every branch, with what they have."""
    dealing = [one for one in await rounds(db) if one.turns]
    query = _staff(db, branch_id).add_columns(AppUser).join(AppUser, AppUser.id == Membership.user_id)
    return [
        OnDuty(
            person_id=row.user_id, name=person.name, branch_id=row.branch_id,
            on_duty=duty.on_duty if duty else True, online=_online(duty, now), stays=bool(duty and duty.stays),
            open=count, capacity=duty.capacity if duty else None,
            full=_full(count, duty, [one for one in dealing if row.branch_id in (None, one.branch_id)]),
        )
        for row, duty, count, person in await db.execute(query)
    ]  # fmt: skip


async def free(db: Db, branch_id: Id, capacity: int, now: datetime) -> list[Free]:
    """Who of the branch's sales staff is on duty, online and has room."""
    found = [
        Free(row.user_id, count, capacity if duty.capacity is None else duty.capacity)
        for row, duty, count in await db.execute(_staff(db, branch_id))
        if duty is not None and duty.on_duty and _online(duty, now)
    ]
    return [one for one in found if one.open < one.capacity]


async def waiting(db: Db, branch_id: Id) -> tuple[list[Lead], bool]:
    """Leads nobody has, the oldest first, locked; and whether others wait that somebody else holds just now."""
    wanted = and_(Lead.branch_id == branch_id, _NOBODYS)
    query = select(Lead).where(wanted).order_by(Lead.opened_at, Lead.id).limit(AT_ONCE)
    leads = list(await db.scalars(query.with_for_update(of=Lead, skip_locked=True)))
    count = await db.scalar(select(func.count()).select_from(Lead).where(wanted)) or 0
    return leads, count > len(leads)


async def unanswered_of(db: Db, person_id: Id) -> list[Lead]:
    """Leads of this person, in branches that hand out in turn, whose buyer nobody has spoken to; locked."""
    return await _held(db, person_id, and_(Lead.status == rules.NEW, Lead.first_replied_at.is_(None), LeadRound.turns))


async def open_of(db: Db, person_id: Id, *, outside: Id | None = None) -> list[Lead]:
    """Every open lead of this person, or with `outside` those at other branches; locked."""
    where = Lead.status.in_(rules.OPEN)
    return await _held(db, person_id, where if outside is None else and_(where, Lead.branch_id != outside))


async def _held(db: Db, person_id: Id, where: Any) -> list[Lead]:
    query = (
        select(Lead)
        .outerjoin(LeadRound, LeadRound.branch_id == Lead.branch_id)
        .where(Lead.assignee_id == person_id, Lead.merged_into_id.is_(None), where)
        .order_by(Lead.id)
    )
    return list(await db.scalars(query.with_for_update(of=Lead)))


async def reach(db: Db, person_id: Id) -> tuple[bool, Id | None]:
    """Whether this person still works on leads here, and the branch they are held to."""
    query = select(Membership.status, Membership.role, Membership.branch_id).where(
        Membership.org_id == db.scope.org_id, Membership.user_id == person_id
    )
    row = (await db.execute(query)).one_or_none()
    if row is None:
        return False, None
    return row.status == "active" and row.role in ("sales", "manager", "owner"), row.branch_id


async def require_staff(db: Db, person_id: Id, *, within: Id | None) -> None:
    """Raises NotFound for somebody who is no member, or of another branch."""
    query = select(Membership.user_id).where(
        Membership.org_id == db.scope.org_id, Membership.user_id == person_id, Membership.status == "active"
    )
    if within is not None:
        query = query.where(or_(Membership.branch_id.is_(None), Membership.branch_id == within))
    one_or(await db.execute(query), NotFound)


def _staff(db: Db, branch_id: Id | None) -> Any:
    """Sales staff with their duty and the number of open leads they have, in the order they joined."""
    count = (
        select(func.count())
        .select_from(Lead)
        .where(
            Lead.assignee_id == Membership.user_id,
            Lead.org_id == Membership.org_id,
            Lead.status.in_(rules.OPEN),
            Lead.archived_at.is_(None),
            Lead.merged_into_id.is_(None),
            Lead.snoozed_until.is_(None),
        )
        .correlate(Membership)
        .scalar_subquery()
    )
    query = (
        select(Membership, Duty, count)
        .outerjoin(Duty, and_(Duty.user_id == Membership.user_id, Duty.org_id == Membership.org_id))
        .where(Membership.org_id == db.scope.org_id, Membership.status == "active", Membership.role == "sales")
        .order_by(Membership.joined_at, Membership.user_id)
    )
    if branch_id is not None:
        query = query.where(or_(Membership.branch_id.is_(None), Membership.branch_id == branch_id))
    return query


def _full(count: int, duty: Duty | None, dealing: list[RoundRow]) -> bool:
    own = duty.capacity if duty else None
    return bool(dealing) and all(count >= (one.capacity if own is None else own) for one in dealing)


def _online(duty: Duty | None, now: datetime) -> bool:
    return duty is not None and (duty.stays or (duty.online_until is not None and duty.online_until > now))
