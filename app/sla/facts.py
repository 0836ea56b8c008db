"""What happens to service levels. `id` of `sla.warned`, `sla.breached` and `sla.deadline_moved` is the lead's."""

from datetime import date, datetime
from typing import ClassVar

from app.core.events import Fact
from app.core.ids import Id


class DeadlineFact(Fact, frozen=True, kw_only=True):
    needs: ClassVar[str | None] = "lead.read"

    kind: str
    """first_response, next_response or resolution"""
    entry_id: Id | None = None


class SlaWarned(DeadlineFact, tag="sla.warned", frozen=True, kw_only=True):
    """Most of the time for an answer is over."""


class SlaBreached(DeadlineFact, tag="sla.breached", frozen=True, kw_only=True):
    """The time for an answer is over."""


class DeadlineMoved(DeadlineFact, tag="sla.deadline_moved", frozen=True, kw_only=True):
    """Changed hours gave a lead another deadline."""


class HoursChanged(Fact, tag="hours.changed", frozen=True, kw_only=True):
    """The week or the special days of a branch, or of every branch where `branch_id` is None."""


class DayClosed(Fact, tag="day.closed", frozen=True, kw_only=True):
    """The last business of a branch's day is over; never of a day on which it stays closed. `id` is the branch's."""

    day: date
    closed_at: datetime


class SlaPolicyChanged(Fact, tag="sla_policy.changed", frozen=True, kw_only=True):
    """Made, changed, moved in the order or removed. What runs already keeps what it began under."""
