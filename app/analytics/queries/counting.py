"""The counts behind a board, each read once and grouped so that every row of every table comes of it."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Date, Row, Select, and_, case, cast, extract, func, null, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on

from app.accounts.models import AppUser
from app.analytics import rules
from app.analytics.rules import Window
from app.analytics.schemas import LateLead
from app.core.base import Db
from app.core.ids import Id
from app.leads.models import Contact, Lead, LeadClock
from app.leads.queries import COUNTED, FURTHER, happened, of_view
from app.leads.rules import LOST, LOST_REASONS, WON
from app.listings.models import Listing

_ZONE = "Asia/Karachi"
_LATE_SHOWN = 8


async def standing(db: Db, window: Window, within: Id | None) -> list[Row[Any]]:
    """How leads stand and what happened to them, by branch, assignee, source and, of those that were lost, reason."""
    arrived = happened("arrived", window.since, window.until)
    awake, soon, late, nobodys = (of_view(view) for view in ("open", "soon", "late", "unassigned"))
    counted = {
        "open": awake,
        "unassigned": nobodys,
        "soon": soon,
        "late": late,
        "arrived": arrived,
        "arrived_before": happened("arrived", window.before_since, window.before_until),
        "won": happened("won", window.since, window.until),
        "won_before": happened("won", window.before_since, window.before_until),
        "taken": happened("taken", window.since, window.until),
        "test_drive": and_(arrived, Lead.status.in_(FURTHER)),
        "sold": and_(arrived, Lead.status == WON),
        "lost": and_(arrived, Lead.status == LOST),
    }
    known = case((Lead.lost_reason.in_(LOST_REASONS), Lead.lost_reason), else_="other")
    told = select(
        Lead.branch_id,
        Lead.assignee_id,
        Lead.source,
        case((counted["lost"], known), else_=null()).label("reason"),
        *(condition.label(name) for name, condition in counted.items()),
        case((nobodys, Lead.arrived_at)).label("unassigned_since"),
        case((soon, Lead.due_at)).label("soon_at"),
        case((late, Lead.late_since)).label("late_since"),
    ).where(or_(awake, Lead.arrived_at >= window.before_since, Lead.closed_at >= window.before_since))
    one = _within(told, within).subquery().c
    by = (one.branch_id, one.assignee_id, one.source, one.reason)
    found = await db.execute(
        select(
            *by,
            *(func.count().filter(one[name]).label(name) for name in counted),
            *(func.min(one[name]).label(name) for name in ("unassigned_since", "soon_at", "late_since")),
        ).group_by(*by)
    )
    return list(found)


class Answered(Struct, frozen=True):
    """First answers: how many, in time, and how long they took."""

    count: int = 0
    in_time: int = 0
    median_s: int | None = None
    p90_s: int | None = None
    parts: tuple[int, ...] = ()


class Answers(Struct, frozen=True):
    now: Answered
    before: Answered
    of: dict[tuple[str, object], Answered]
    """By ("branch", its id), ("assignee", …) and ("source", …)."""


_KINDS = {3: "branch", 5: "assignee", 6: "source"}  # by the bits of what is not grouped by


async def answers(db: Db, window: Window, within: Id | None) -> Answers:
    """Of each lead its latest first answer in the period, and in the time before it."""
    given = (
        select(
            LeadClock.id,
            LeadClock.lead_id,
            LeadClock.took_s,
            LeadClock.breached_at,
            LeadClock.ended_at,
            (LeadClock.ended_at >= window.since).label("current"),
        )
        .where(
            LeadClock.kind == "first_response",
            LeadClock.ended_as == "met",
            _then(LeadClock.ended_at, window),
        )
        .subquery()
        .c
    )
    latest = (
        select(given.lead_id, given.took_s, given.breached_at, given.current)
        .ext(distinct_on(given.lead_id, given.current))
        .order_by(given.lead_id, given.current, given.ended_at.desc(), given.id.desc())
        .subquery()
    )
    one = latest.c
    by = (Lead.branch_id, Lead.assignee_id, Lead.source)
    query = (
        select(
            one.current,
            *by,
            func.grouping(*by).label("bits"),
            func.count().label("count"),
            func.count().filter(one.breached_at.is_(None)).label("in_time"),
            *(func.percentile_cont(at).within_group(one.took_s) for at in (0.5, 0.9)),
            *(func.count().filter(_took(one.took_s, *bounds)) for bounds in rules.ANSWERS.values()),
        )
        .select_from(latest)
        .join(Lead, Lead.id == one.lead_id)
        .where(COUNTED)
        .group_by(
            func.grouping_sets(tuple_(one.current), *(tuple_(one.current, column) for column in by)),
        )
    )
    totals = {True: Answered(), False: Answered()}
    of: dict[tuple[str, object], Answered] = {}
    for current, branch, assignee, source, bits, count, in_time, median, p90, *parts in await db.execute(
        _within(query, within)
    ):
        made = Answered(count, in_time, round(median), round(p90), tuple(parts))
        if bits not in _KINDS:
            totals[current] = made
        elif current:
            kind = _KINDS[bits]
            of[kind, {"branch": branch, "assignee": assignee, "source": source}[kind]] = made
    return Answers(totals[True], totals[False], of)


async def breaches(db: Db, window: Window, within: Id | None) -> list[tuple[Id | None, Id | None, str, int, int]]:
    """Branch, assignee, source; leads that missed a deadline in the period, and in the time before."""
    columns = [
        func.count(LeadClock.lead_id.distinct()).filter(LeadClock.breached_at >= since, LeadClock.breached_at < until)
        for since, until in _spans(window)
    ]
    query = (
        select(Lead.branch_id, Lead.assignee_id, Lead.source, *columns)
        .select_from(LeadClock)
        .join(Lead, Lead.id == LeadClock.lead_id)
        .where(COUNTED, _then(LeadClock.breached_at, window))
        .group_by(Lead.branch_id, Lead.assignee_id, Lead.source)
    )
    return [tuple(row) for row in await db.execute(_within(query, within))]


async def arrivals(db: Db, now: datetime, within: Id | None) -> dict[tuple[Any, int], int]:
    """How many arrived on each day and hour of Pakistan, for as many weeks as are usual."""
    since = rules.start_of(rules.today(now) - timedelta(weeks=rules.USUAL_WEEKS))
    query = select(func.timezone(_ZONE, Lead.opened_at).label("at")).where(
        COUNTED, Lead.opened_at >= since, Lead.arrived_at >= since
    )
    at = _within(query, within).subquery().c.at
    day, hour = cast(at, Date), extract("hour", at)
    found = await db.execute(select(day, hour, func.count()).group_by(day, hour))
    return {(day, int(hour)): count for day, hour, count in found}


async def latest_late(db: Db, within: Id | None) -> list[LateLead]:
    """Those that have been late for longest."""
    query = (
        select(Lead, Contact, AppUser, Listing.title)
        .join(Contact, Contact.id == Lead.contact_id)
        .outerjoin(AppUser, AppUser.id == Lead.assignee_id)
        .outerjoin(Listing, Listing.id == Lead.listing_id)
        .where(of_view("late"))
        .order_by(Lead.late_since, Lead.id)
        .limit(_LATE_SHOWN)
    )
    return [
        LateLead(
            id=lead.id, name=contact.name, car=title, assignee_name=assignee.name if assignee else None,
            due_at=lead.due_at, due_kind=lead.due_kind, due_from=lead.due_from, warn_at=lead.warn_at,
            late_since=lead.late_since, paused_until=lead.paused_until,
        )
        for lead, contact, assignee, title in await db.execute(_within(query, within))
    ]  # fmt: skip


def _spans(window: Window) -> tuple[tuple[datetime, datetime], ...]:
    return (window.since, window.until), (window.before_since, window.before_until)


def _then(moment: Any, window: Window) -> ColumnElement[bool]:
    """In the period, or in the time before."""
    return or_(*(and_(moment >= since, moment < until) for since, until in _spans(window)))


def _took(seconds: Any, least: int, most: int | None) -> ColumnElement[bool]:
    found: ColumnElement[bool] = seconds >= least * 60
    return found if most is None else and_(found, seconds < most * 60)


def _within(query: Select[*tuple[Any, ...]], within: Id | None) -> Select[*tuple[Any, ...]]:
    return query if within is None else query.where(Lead.branch_id == within)
