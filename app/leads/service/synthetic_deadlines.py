"""The deadlines of invented leads, as they would be had each lead come in and been worked on at its moments."""

from datetime import datetime

from app.leads import rules
from app.leads.models import Lead, LeadClock
from app.leads.service import deadlines, reckoning
from app.leads.service.reckoning import FIRST, RESOLUTION
from app.sla import queries as sla
from app.sla import rules as business


def of(lead: Lead, book: sla.Book, answered_at: datetime | None, now: datetime) -> list[LeadClock]:
    """Those its rule sets, with what came of them; the lead shows the one that counts."""
    policy = business.pick(book.policies, deadlines.about(lead))
    found = [reckoning.made(lead, policy, kind) for kind in (FIRST, RESOLUTION)] if policy else []
    clocks = [one for one in found if one is not None]
    calendar = book.calendar(lead.branch_id)
    for one in clocks:
        one.started_at = lead.opened_at
        reckoning.reckon([one], calendar, [], lead.opened_at)
        _end(one, calendar, answered_at if one.kind == FIRST and answered_at else lead.closed_at, _as(lead, one))
        _mark(one, one.ended_at or now)
    lead.breached_at = min((one.breached_at for one in clocks if one.breached_at), default=None)
    reckoning.show(lead, [one for one in clocks if one.ended_at is None], [], now)
    return clocks


def _as(lead: Lead, one: LeadClock) -> str:
    """What an end is called: an answer, or a decision, meets its deadline."""
    if lead.status == rules.SPAM:
        return "spam"
    return "met" if one.kind == RESOLUTION or lead.first_replied_at else "closed"


def _end(one: LeadClock, calendar: business.Calendar, at: datetime | None, ended_as: str) -> None:
    if at is not None:
        one.ended_at, one.ended_as = at, ended_as
        one.took_s = int(business.elapsed(reckoning.clock_of(one, calendar, []), at).total_seconds())


def _mark(one: LeadClock, until: datetime) -> None:
    """The warning and the breach that came before, each at its moment."""
    if one.warn_at is not None and one.warn_at <= until:
        one.warned_at = one.warn_at
    if one.due_at is not None and one.due_at <= until:
        one.breached_at = one.due_at
