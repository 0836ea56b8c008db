"""Reads of notices: a person's own, and what telling people needs to know."""

from app.notices.queries.choices import choices, choices_for_change, choices_of, turned_off
from app.notices.queries.notices import (
    deliveries_for_change,
    notice_for_change,
    notice_row,
    notices,
    notices_for_change,
    told,
    unread,
    unread_for_change,
)
from app.notices.queries.people import colleague, delivery_for_change, letter, team
from app.notices.queries.standing import clock_of, clocks, leads

__all__ = [
    "choices", "choices_for_change", "choices_of", "clock_of", "clocks", "colleague", "deliveries_for_change",
    "delivery_for_change", "leads", "letter", "notice_for_change", "notice_row", "notices", "notices_for_change",
    "team", "told", "turned_off", "unread", "unread_for_change",
]  # fmt: skip
