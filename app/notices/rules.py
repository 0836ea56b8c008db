"""What people can be told of and how, who hears of what, and when word of it has become pointless. Pure functions."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from msgspec import Struct

from app.core.i18n import _
from app.core.ids import Id
from app.leads.schemas import DayFigures

NEW, ASSIGNED, WARNED, BREACHED, TEST = "lead_new", "lead_assigned", "sla_warned", "sla_breached", "test"
TAKEN, MENTIONED = "lead_taken", "lead_mentioned"
FEED_STOPPED, IMPORT_HELD = "feed_stopped", "import_held"
DAY_CLOSED = "day_closed"
MAIL, SMS, WHATSAPP = "mail", "sms", "whatsapp"
CHANNELS = (MAIL, SMS, WHATSAPP)
"""The ways out of the desk. At the desk itself everybody hears of everything that is for them."""

OFFERED: Mapping[str, tuple[str, ...]] = {
    NEW: (MAIL,), ASSIGNED: CHANNELS, TAKEN: (), MENTIONED: CHANNELS, WARNED: CHANNELS, BREACHED: CHANNELS,
    DAY_CLOSED: CHANNELS,
    FEED_STOPPED: (MAIL,), IMPORT_HELD: (MAIL,),
}  # fmt: skip
QUIET = ("any", "quiet")
"""Stands among a person's choices for "only while the branch is open"."""

TITLES: Mapping[str, str] = {
    ASSIGNED: _("A lead for you"),
    TAKEN: _("A lead is no longer yours"),
    MENTIONED: _("You are named in a note"),
    WARNED: _("Answer due soon"),
    BREACHED: _("Deadline missed"),
    FEED_STOPPED: _("A sheet is not pulled any more"),
    IMPORT_HELD: _("An import waits for approval"),
    DAY_CLOSED: _("The day at closing"),
    TEST: _("Test alert"),
}

NOT_THAT_WAY = _("Nobody can be told of this that way.")

TRIED: Mapping[str, str] = {**TITLES, NEW: _("New lead")}
"""What a test of one alert says it stands for."""

AWAY, BACK, HANDED, MOVED = (
    _("You were away, so it is back in the queue."),
    _("It is back in the queue."),
    _("A colleague has it now."),
    _("It went to another branch."),
)
"""What became of a lead that was taken."""

_THEN = ("arrived", "answered", "in_time", "breached")
_HEADS = ("manager", "owner")
_ENDED = {"met": "answered", "closed": "closed", "spam": "closed", "merged": "merged"}


class Colleague(Struct, frozen=True):
    """An active member; `branch_id` is None for all branches."""

    id: Id
    role: str
    branch_id: Id | None
    has_phone: bool

    def works_at(self, branch_id: Id | None) -> bool:
        return self.branch_id is None or self.branch_id == branch_id


class LeadNow(Struct, frozen=True):
    assignee_id: Id | None
    is_open: bool


class ClockNow(Struct, frozen=True):
    """A deadline as it stands."""

    kind: str
    warn_at: datetime | None
    warned_at: datetime | None
    breached_at: datetime | None
    ended_as: str | None


def on_by_default(channel: str) -> bool:
    return channel in (MAIL, QUIET[1])


def hears_warning(team: list[Colleague], branch_id: Id | None, assignee_id: Id | None) -> list[Colleague]:
    """Who has the lead; where nobody has it the branch's sales staff, or its heads where there is none."""
    if assignee_id is not None:
        return [one for one in team if one.id == assignee_id]
    here = [one for one in team if one.works_at(branch_id)]
    return [one for one in here if one.role == "sales"] or here


def hears_breach(team: list[Colleague], branch_id: Id | None, assignee_id: Id | None) -> list[Colleague]:
    """Who has the lead, and the heads of its branch and of the org."""
    heads = [one for one in team if one.role in _HEADS and one.works_at(branch_id)]
    return [*(one for one in team if one.id == assignee_id and one not in heads), *heads]


def heads_of(team: list[Colleague], branch_id: Id | None) -> list[Colleague]:
    """The heads of the branch and of the org."""
    return [one for one in team if one.role in _HEADS and one.works_at(branch_id)]


def overtaken(kind: str, clock: ClockNow | None) -> str | None:
    """Why a deadline is no longer near, or was not missed after all; None while it is as it was told."""
    if clock is None:
        return "undone"
    if kind == BREACHED:
        return "undone" if clock.breached_at is None else None
    if clock.ended_as is not None:
        return ended(clock)
    if clock.breached_at is not None:
        return "breached"
    if clock.warned_at is None or clock.warn_at is None or clock.warn_at > clock.warned_at:
        return "moved"
    return None


def ended(clock: ClockNow) -> str:
    if clock.kind == "resolution" and clock.ended_as == "met":
        return "closed"
    return _ENDED.get(clock.ended_as or "", "answered")


def figure_lines(day: DayFigures, branch: str) -> list[tuple[str, int, str]]:
    """Each figure of a day that has closed, with the list that it opens."""
    asked = {name: f"view=all&what={name}&from={day.first}&to={day.last}" for name in _THEN}
    asked |= {name: f"view={name}" for name in ("late", "unassigned", "open")}
    coming = f"&what=due&from={day.next_first}&to={day.next_last}" if day.next_first else ""
    asked["due"] = f"view=open{coming}"
    return [(name, getattr(day, name), f"/desk/inbox?{query}&branch={quote(branch)}") for name, query in asked.items()]


def pointless(kind: str, person_id: Id, lead: LeadNow | None, clock: ClockNow | None) -> str | None:
    """Why something that has waited for the morning need not be said any more."""
    if kind in (TEST, MENTIONED, FEED_STOPPED, IMPORT_HELD, DAY_CLOSED):
        return None
    if kind in (WARNED, BREACHED):
        if clock is not None and clock.ended_as is not None:
            return ended(clock)
        if reason := overtaken(kind, clock):
            return reason
    if lead is None or not lead.is_open:
        return "closed"
    if kind == TAKEN:
        return "undone" if lead.assignee_id == person_id else None
    others = lead.assignee_id is not None if kind == WARNED else kind == ASSIGNED
    return "taken" if others and lead.assignee_id != person_id else None
