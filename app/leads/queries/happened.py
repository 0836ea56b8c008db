"""What happened to leads in a span of time, as conditions on them: a board counts by these, the inbox lists by them.

Spam and what was merged into another lead count nowhere; what lies in the archive does.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.leads import rules
from app.leads.models import Lead, LeadClock
from app.leads.rules import periods
from app.leads.schemas import Filters

COUNTED = and_(Lead.merged_into_id.is_(None), Lead.status != rules.SPAM)
FURTHER = (rules.TEST_DRIVE, rules.NEGOTIATING, rules.WON)
"""A test drive, or more."""

_OWED = and_(
    COUNTED, Lead.status.in_(rules.OPEN), Lead.archived_at.is_(None), Lead.snoozed_until.is_(None),
    Lead.due_kind.in_(("first_response", "next_response")),
)  # fmt: skip
_MET = and_(LeadClock.kind == "first_response", LeadClock.ended_as == "met")


def happened(what: str, since: datetime, until: datetime) -> ColumnElement[bool]:
    """`taken`: of those that arrived, the ones somebody has answered by now; `due`: to whom an answer is due then."""
    within = and_(COUNTED, Lead.opened_at >= since, Lead.opened_at < until)
    match what:
        case "arrived":
            return within
        case "taken":
            return and_(within, taken(since))
        case "answered":
            return and_(COUNTED, Lead.id.in_(select(answers(since, until).subquery().c.lead_id)))
        case "in_time":
            latest = answers(since, until).subquery()
            return and_(COUNTED, Lead.id.in_(select(latest.c.lead_id).where(latest.c.breached_at.is_(None))))
        case "breached":
            missed = select(LeadClock.lead_id).where(LeadClock.breached_at >= since, LeadClock.breached_at < until)
            return and_(COUNTED, Lead.id.in_(missed))
        case "due":
            return and_(_OWED, Lead.due_at >= since, Lead.due_at < until)
        case "won":
            return and_(COUNTED, Lead.status == rules.WON, Lead.closed_at >= since, Lead.closed_at < until)
    return false()


def taken(since: datetime) -> ColumnElement[bool]:
    """Somebody has answered; of a lead that arrived at `since` or later."""
    answered = select(LeadClock.lead_id).where(_MET, LeadClock.ended_at >= since)
    return or_(
        Lead.status.in_((rules.CONTACTED, rules.QUALIFIED, *FURTHER)),
        and_(Lead.status == rules.LOST, Lead.id.in_(answered)),
    )


def answers(since: datetime, until: datetime) -> Select[*tuple[Any, ...]]:
    """The latest first answer of each lead in that time: a lead that was new twice has had two."""
    return (
        select(LeadClock.lead_id, LeadClock.took_s, LeadClock.breached_at, LeadClock.ended_at)
        .where(_MET, LeadClock.ended_at >= since, LeadClock.ended_at < until)
        .ext(distinct_on(LeadClock.lead_id))
        .order_by(LeadClock.lead_id, LeadClock.ended_at.desc(), LeadClock.id.desc())
    )


def as_asked(filters: Filters) -> list[ColumnElement[bool]]:
    """What the filters say of a time. A time that cannot be read has no leads."""
    conditions: list[ColumnElement[bool]] = []
    if filters.reason:
        conditions.append(lost_for(filters.reason))
    if not filters.what:
        return conditions
    span = periods.span(filters.since, filters.until)
    if span is None:
        return [false()]
    conditions.append(happened(filters.what, *span))
    if filters.took:
        least, most = periods.seconds(filters.took)
        latest = answers(*span).subquery()
        took = select(latest.c.lead_id).where(latest.c.took_s >= least)
        conditions.append(Lead.id.in_(took if most is None else took.where(latest.c.took_s < most)))
    return conditions


def lost_for(reason: str) -> ColumnElement[bool]:
    """`other` is every reason that is not in our list, too."""
    known = [name for name in rules.LOST_REASONS if name != "other"]
    said = Lead.lost_reason.not_in(known) if reason == "other" else Lead.lost_reason == reason
    return and_(Lead.status == rules.LOST, said)
