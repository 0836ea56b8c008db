"""Business time, purely: calendars, deadlines with pauses, the choice of a policy, holidays to suggest."""

from app.sla.rules.business_time import add_business, business_between
from app.sla.rules.calendars import BadDates, Calendar, Closure, Override, Span
from app.sla.rules.clocks import Clock, Pause, ahead, due, elapsed, moved, warn_at
from app.sla.rules.holidays import Holiday, suggested
from app.sla.rules.hours import BadHours, Interval, Week
from app.sla.rules.openings import (
    HORIZON,
    NeverOpen,
    State,
    at_open,
    closes_at,
    closing_day,
    closing_of,
    hours_on,
    is_open,
    opens_next,
    state_at,
)
from app.sla.rules.policies import (
    ALWAYS,
    About,
    Conditions,
    Policy,
    Targets,
    calendar_of,
    clock_of,
    fits,
    hours_of,
    never_apply,
    pick,
)
from app.sla.rules.told import Hours, told

__all__ = [
    "ALWAYS", "HORIZON", "About", "BadDates", "BadHours", "Calendar", "Clock", "Closure", "Conditions", "Holiday",
    "Hours", "Interval", "NeverOpen", "Override", "Pause", "Policy", "Span", "State", "Targets", "Week",
    "add_business", "ahead", "at_open", "business_between", "calendar_of", "clock_of", "closes_at", "closing_day",
    "closing_of", "due", "elapsed", "fits", "hours_of", "hours_on", "is_open", "moved", "never_apply", "opens_next",
    "pick", "state_at", "suggested", "told", "warn_at",
]  # fmt: skip
