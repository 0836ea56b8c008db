"""Deadlines as figures: when each is due, which one counts, what has come. No reads, no writes of other rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.core import clock
from app.core.ids import new_id
from app.leads.models import Lead, LeadClock, LeadPause
from app.sla import rules as business

FIRST, NEXT, RESOLUTION = "first_response", "next_response", "resolution"
KINDS = (FIRST, NEXT, RESOLUTION)
"""The first of them that runs is the one that counts."""

CALL_WITHIN = timedelta(minutes=15)
"""Of open time: so little is left when the buyer is to be called now."""

ANSWERS = (FIRST, NEXT)


def reckon(
    running: Sequence[LeadClock], branch: business.Calendar, told: Sequence[LeadPause], now: datetime
) -> list[tuple[LeadClock, datetime | None]]:
    """Set `due_at`, `warn_at` and `call_at` by the branch's calendar; those that moved, with where they were.

    What was missed stays where it was missed.
    """
    moved = []
    for one in running:
        if missed(one, now):
            continue
        reckoned = clock_of(one, branch, told)
        before, one.due_at, one.warn_at = one.due_at, business.due(reckoned), business.warn_at(reckoned)
        one.call_at = business.ahead(reckoned, CALL_WITHIN)
        if before != one.due_at:
            moved.append((one, before))
    return moved


def missed(one: LeadClock, now: datetime) -> bool:
    return one.breached_at is not None or (one.due_at is not None and one.due_at <= now)


def show(lead: Lead, running: Sequence[LeadClock], told: Sequence[LeadPause], now: datetime) -> None:
    """Repeat on the lead the deadline that counts, and when the next one needs a hand."""
    counts = min(running, key=lambda one: KINDS.index(one.kind), default=None)
    held = next(
        (one for one in reversed(told) if one.ended_at is None and (one.ends_at is None or one.ends_at > now)), None
    )
    missed_before = counts is not None and counts.breached_at is not None
    moments = [one.warn_at if one.warned_at is None else one.due_at for one in running if one.breached_at is None]
    if held is not None and missed_before:  # what was missed is not held against anybody until the pause is over
        moments.append(held.ends_at)
        counts = None
    lead.due_at, lead.due_kind = (counts.due_at, counts.kind) if counts else (None, None)
    lead.due_from = counts.started_at - timedelta(seconds=counts.spent_s) if counts else None
    lead.warn_at = counts.warn_at if counts else None
    lead.late_since = counts.breached_at if counts else None
    lead.soon_since = counts.warned_at if counts and not counts.breached_at and held is None else None
    lead.call_at, lead.call_since = _call(counts, held, now)
    lead.alarm_at = min((moment for moment in moments if moment is not None), default=None)
    lead.paused_for, lead.paused_until = (held.reason, held.ends_at) if held and running else (None, None)


SHOWN = ("due_at", "due_kind", "due_from", "warn_at", "late_since", "soon_since", "alarm_at", "call_at", "call_since",
         "paused_for", "paused_until")  # fmt: skip
"""What `show` sets on a lead."""


def _call(counts: LeadClock | None, held: LeadPause | None, now: datetime) -> tuple[datetime | None, datetime | None]:
    """When the buyer is to be called, and since when they are: only an answer is given by phone."""
    if counts is None or counts.kind not in ANSWERS or counts.call_at is None:
        return None, None
    at = counts.call_at
    if held is not None:
        if held.ends_at is None:
            return None, None
        at = max(at, held.ends_at)
    return (None, at) if at <= now else (at, None)


def mark(one: LeadClock, now: datetime) -> list[str]:
    """Note what has come: warned, breached, or both after a time in which nobody looked."""
    came = []
    if one.warned_at is None and one.warn_at is not None and one.warn_at <= now:
        one.warned_at = now
        came.append("warned")
    if one.breached_at is None and one.due_at is not None and one.due_at <= now:
        one.warned_at, one.breached_at = one.warned_at or now, now
        came.append("breached")
    return came


def made(lead: Lead, policy: business.Policy, kind: str) -> LeadClock | None:
    if not _has(policy, kind):
        return None
    made = LeadClock(
        id=new_id(), org_id=lead.org_id, lead_id=lead.id, kind=kind, spent_s=0, started_at=clock.now()
    )  # fmt: skip
    stamp(made, policy)
    return made


def stamp(one: LeadClock, policy: business.Policy | None) -> None:
    """A policy without a target for it leaves the deadline as it is."""
    if policy is None or not _has(policy, one.kind):
        return
    one.policy_id, one.policy_name, one.policy_version = policy.id, policy.name, policy.version
    one.hours, one.urgent = business.hours_of(policy, one.kind), policy.urgent
    one.target_s, one.target_days = (policy.targets.minutes(one.kind) or 0) * 60, policy.targets.days(one.kind)


def go_on(one: LeadClock, spent: timedelta, now: datetime) -> None:
    """From now on by another calendar, with the open time it has used. Working days go on from the day it began."""
    if one.target_days is not None:
        one.spent_s = 0
        return
    one.spent_s, one.started_at = int(spent.total_seconds()), max(one.started_at, now)


def carried(one: LeadClock, into: Lead, kind: str) -> LeadClock:
    names = ("policy_id", "policy_name", "policy_version", "hours", "urgent", "target_s", "target_days", "spent_s",
             "started_at", "due_at", "warn_at", "call_at", "warned_at", "breached_at")  # fmt: skip
    told = {name: getattr(one, name) for name in names}
    return LeadClock(id=new_id(), org_id=into.org_id, lead_id=into.id, kind=kind, follows_id=one.id, **told)


def _has(policy: business.Policy, kind: str) -> bool:
    return policy.targets.minutes(kind) is not None or policy.targets.days(kind) is not None


def owed(running: Sequence[LeadClock]) -> bool:
    return any(one.kind in ANSWERS for one in running)


def clock_of(one: LeadClock, branch: business.Calendar, told: Sequence[LeadPause]) -> business.Clock:
    return business.Clock(
        business.calendar_of(one.hours, branch),
        started=one.started_at,
        target=timedelta(seconds=one.target_s),
        pauses=tuple(business.Pause(pause.started_at, pause.ended_at or pause.ends_at) for pause in told),
        spent=timedelta(seconds=one.spent_s),
        days=one.target_days,
    )
