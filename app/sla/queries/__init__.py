"""Reads of service levels."""

from app.sla.queries.books import Book, book
from app.sla.queries.calendars import (
    Plan,
    calendar_for,
    calendars,
    doors,
    hours_for_change,
    hours_row,
    open_now,
    special_days,
    special_for_change,
    special_row,
)
from app.sla.queries.days import days_for_change, days_of, open_branches
from app.sla.queries.holidays import coming, suggestion, suggestions
from app.sla.queries.policies import (
    fitting,
    policies_for_change,
    policy_for_change,
    policy_row,
    policy_rows,
)
from app.sla.queries.screens import hours_screen, rules_screen, week_drawn

__all__ = [
    "Book", "Plan", "book", "calendar_for", "calendars", "coming", "days_for_change", "days_of", "doors", "fitting",
    "hours_for_change", "hours_row", "hours_screen", "open_branches", "open_now", "policies_for_change",
    "policy_for_change", "policy_row", "policy_rows", "rules_screen", "special_days", "special_for_change",
    "special_row", "suggestion", "suggestions", "week_drawn",
]  # fmt: skip
