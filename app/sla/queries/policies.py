"""Policies: as rows for people, as rules for leads."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import select

from app.core import clock
from app.core.base import Db, kept, one_or
from app.core.errors import NotFound
from app.core.i18n import _
from app.core.ids import Id
from app.sla import rules
from app.sla.models import SlaPolicy
from app.sla.queries.calendars import calendar_for
from app.sla.schemas import ConditionsForm, Fitting, PolicyRow

STANDARD = PolicyRow(
    id=None, name=_("Standard"), position=1, conditions=ConditionsForm(), first_response=15, next_response=60,
    resolution=None, first_response_days=None, next_response_days=None, resolution_days=None,
    urgent=False, hours="business", version=0,
)  # fmt: skip
"""What an org goes by until it writes rules of its own."""

KINDS = ("first_response", "next_response", "resolution")
IN_FORCE = select(SlaPolicy).where(SlaPolicy.removed_at.is_(None)).order_by(SlaPolicy.position, SlaPolicy.created_at)
_POLICIES = kept(IN_FORCE)


async def policy_rows(db: Db) -> Sequence[PolicyRow]:
    """In their order; never empty."""
    return [_row(row) for row in await db.scalars(_POLICIES)] or [STANDARD]


async def policy_row(db: Db, policy_id: Id) -> PolicyRow:
    """Raises NotFound."""
    query = select(SlaPolicy).where(SlaPolicy.id == policy_id, SlaPolicy.removed_at.is_(None))
    return _row(one_or(await db.scalars(query), NotFound))


async def fitting(db: Db, about: rules.About) -> Fitting:
    """What such a lead would get, arriving now."""
    rows = await policy_rows(db)
    found = rules.pick([rule_of(row) for row in rows], about)
    if found is None:
        return Fitting(policy=None, due={})
    branch, now = await calendar_for(db, about.branch_id), clock.now()
    clocks = {kind: rules.clock_of(found, kind, branch, now) for kind in KINDS}
    due = {kind: at for kind, one in clocks.items() if one is not None and (at := rules.due(one)) is not None}
    return Fitting(policy=next(row for row in rows if row.id == found.id), due=due)


async def policies_for_change(db: Db) -> list[SlaPolicy]:
    """All of the org, locked, in their order."""
    query = select(SlaPolicy).where(SlaPolicy.removed_at.is_(None)).order_by(SlaPolicy.position, SlaPolicy.created_at)
    return list(await db.scalars(query.with_for_update()))


async def policy_for_change(db: Db, policy_id: Id) -> SlaPolicy:
    """Locked. Raises NotFound."""
    query = select(SlaPolicy).where(SlaPolicy.id == policy_id, SlaPolicy.removed_at.is_(None))
    row: SlaPolicy = one_or(await db.scalars(query.with_for_update()), NotFound)
    return row


def _row(row: SlaPolicy) -> PolicyRow:
    return PolicyRow(
        id=row.id,
        name=row.name,
        position=row.position,
        conditions=msgspec.convert(row.conditions, ConditionsForm),
        first_response=row.first_response,
        next_response=row.next_response,
        resolution=row.resolution,
        first_response_days=row.first_response_days,
        next_response_days=row.next_response_days,
        resolution_days=row.resolution_days,
        urgent=row.urgent,
        hours=row.hours,
        version=row.version,
    )


def rule_of(row: PolicyRow) -> rules.Policy:
    asked = row.conditions
    hours: Any = row.hours
    return rules.Policy(
        id=row.id,
        name=row.name,
        version=row.version,
        position=row.position,
        conditions=rules.Conditions(
            sources=frozenset(asked.sources),
            branches=frozenset(asked.branches),
            priorities=frozenset(asked.priorities),
            price_from_rupees=asked.price_from,
            price_to_rupees=asked.price_to,
        ),
        targets=rules.Targets(
            row.first_response,
            row.next_response,
            row.resolution,
            row.first_response_days,
            row.next_response_days,
            row.resolution_days,
        ),
        urgent=row.urgent,
        hours=hours,
    )
