"""Reads of service levels."""

from app.sla.queries.calendars import (
    Plan,
    calendar_for,
    calendars,
    hours_for_change,
    hours_row,
    special_days,
    special_for_change,
)
from app.sla.queries.holidays import coming, suggestions
from app.sla.queries.policies import policies, policies_for_change, policy_for_change, policy_rows

__all__ = [
    "Plan", "calendar_for", "calendars", "coming", "hours_for_change", "hours_row", "policies", "policies_for_change",
    "policy_for_change", "policy_rows", "special_days", "special_for_change",
    "suggestions",
]  # fmt: skip
