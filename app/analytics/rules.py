"""What a board is asked for, the times it compares, and how its figures are put. Pure functions."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

DAYS: Mapping[str, int] = {"today": 1, "7": 7, "30": 30}
ORG = "org"
"""Stands for "every branch of the org": in a topic, and as `all` in an address."""

ANSWERS: Mapping[str, tuple[int, int | None]] = {
    "0-5": (0, 5), "5-15": (5, 15), "15-30": (15, 30), "30-60": (30, 60), "60-240": (60, 240), "240-": (240, None),
}  # fmt: skip
"""How many business minutes a first answer took: at least, and less than."""

USUAL_WEEKS = 4
WEEK = 7

_PK = ZoneInfo("Asia/Karachi")


class Window(Struct, frozen=True):
    """The last days of Pakistan, today among them, and as much time before: as many days, until the same time of day.

    Nothing of today's rest has happened yet, so the window may end with the day.
    """

    first: date
    last: date
    since: datetime
    until: datetime
    before_since: datetime
    before_until: datetime


def window(period: str, now: datetime) -> Window:
    days = timedelta(days=DAYS[period])
    today = now.astimezone(_PK).date()
    first = today - days + timedelta(days=1)
    since = start_of(first)
    return Window(first, today, since, start_of(today + timedelta(days=1)), since - days, now - days)


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), _PK).astimezone(UTC)


def today(now: datetime) -> date:
    return now.astimezone(_PK).date()


def hour(now: datetime) -> int:
    return now.astimezone(_PK).hour


def topic_key(branch: str, period: str) -> str:
    """`lahore`, `lahore_7`: slugs have no underscore."""
    return branch if period == "today" else f"{branch}_{period}"


def of_key(key: str) -> tuple[str, str] | None:
    """The branch and the period of a topic; None for what is no board."""
    branch, _, rest = key.partition("_")
    period = rest or "today"
    if not branch or period not in DAYS or key != topic_key(branch, period):
        return None
    return branch, period


def percent(part: int, whole: int) -> int | None:
    """Whole percents, halves up; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None


def sheet_safe(cell: object) -> object:
    """What a spreadsheet would take for a formula is kept from being one."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


COUNTED = (
    "impressions", "views", "card_views", "clicks", "phone_reveals", "whatsapp_clicks", "enquiries", "card_leads",
)  # fmt: skip
"""What is counted of a car by day."""

LEADS: Mapping[str, str] = {"web": "enquiries", "whatsapp": "whatsapp_clicks", "call": "phone_reveals"}

_ROBOTS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|headless|lighthouse|preview|facebookexternalhit|whatsapp/|telegram|python|curl|wget"
    r"|go-http|java/|okhttp|httpx|scrapy|monitor|pingdom|archiver|fetch|scan",
    re.IGNORECASE,
)


def is_robot(agent: str) -> bool:
    """Says so itself, or is nobody's browser."""
    return not agent.startswith("Mozilla/") or _ROBOTS.search(agent) is not None
