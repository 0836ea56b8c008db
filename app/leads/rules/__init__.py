"""The life of a lead, the inbox's views, and how a canned reply is filled in. Pure functions."""

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from app.core.phone import takes_whatsapp
from app.sla import rules as business

NEW, CONTACTED, QUALIFIED, TEST_DRIVE, NEGOTIATING = "new", "contacted", "qualified", "test_drive", "negotiating"
WON, LOST, SPAM = "won", "lost", "spam"

OPEN = (NEW, CONTACTED, QUALIFIED, TEST_DRIVE, NEGOTIATING)
STATUSES = (*OPEN, WON, LOST, SPAM)

_WORKED = (CONTACTED, QUALIFIED, TEST_DRIVE, NEGOTIATING)
TRANSITIONS: Mapping[str, tuple[str, ...]] = {
    NEW: (*_WORKED, WON, LOST, SPAM),
    **{status: (*(other for other in _WORKED if other != status), WON, LOST, SPAM) for status in _WORKED},
    WON: (NEGOTIATING, LOST),
    LOST: (CONTACTED, SPAM),
    SPAM: (NEW, LOST),
}
"""From where a lead may go where. A sale that fell through goes back to talks; what was no spam is new again."""

LOST_REASONS = ("bought_elsewhere", "price", "no_answer", "finance", "car_sold", "only_asking", "duplicate", "other")
SOURCES = ("web", "whatsapp", "call", "walk_in", "phone", "adf", "api", "referral", "other")
PRIORITIES = ("low", "normal", "high")
PAUSES = ("buyer_decides", "test_drive", "finance", "papers", "other")
"""Why nobody has to answer for a while."""
CHANNELS = ("whatsapp", "sms", "email")
TALKED, NO_ANSWER = "talked", "no_answer"
"""How a call went. Only a talk answers the buyer."""

TRAPPED, QUICK, PAGELESS = "trapped", "quick", "pageless"
"""Why an enquiry seems to be a robot's: it filled in a hidden field, was sent at once, or without having the page."""

VIEWS = (
    "mine", "unassigned", "branchless", "call", "late", "soon", "open", "snoozed", "closed", "spam", "archived", "all",
)  # fmt: skip
BRANCH_WIDE = "org"
"""Stands in a topic for "every branch of the org"."""

UNDO_WITHIN = timedelta(hours=24)
MOST_AT_ONCE = 200
EXCERPT = 120

REF_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_ref() -> str:
    """Six characters that can be read out on the phone: no 0, 1, I, L, O or U."""
    return "".join(secrets.choice(REF_LETTERS) for _ in range(6))


def may_go(before: str, after: str) -> bool:
    return after in TRANSITIONS.get(before, ())


def closes(status: str) -> bool:
    return status in (WON, LOST, SPAM)


def excerpt(text: str) -> str:
    """The start of a message on one line."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + "…"


# -- snoozing

_MORNING = time(9)
_PK = ZoneInfo("Asia/Karachi")


def snooze_until(choice: str, now: datetime, calendar: business.Calendar) -> datetime | None:
    """The moment that a named snooze means at a branch with this calendar; None for an unknown name.

    `hour` and `three_hours` count from now; `evening` is 18:00 of the same day, or once the branch is open after that.
    The others are when the branch opens that day, or the next time where it stays closed.
    """
    here = now.astimezone(_PK)
    if choice == "hour":
        return now + timedelta(hours=1)
    if choice == "three_hours":
        return now + timedelta(hours=3)
    if choice == "evening" and here.hour < 18:
        evening = here.replace(hour=18, minute=0, second=0, microsecond=0)
        return evening.astimezone(UTC) if business.is_open(calendar, evening) else _opening(calendar, evening)
    days = {"evening": 1, "tomorrow": 1, "in_two_days": 2, "next_week": (7 - here.weekday()) or 7}.get(choice)
    if days is None:
        return None
    return _opening(calendar, datetime.combine(here.date() + timedelta(days=days), time(), _PK))


def _opening(calendar: business.Calendar, after: datetime) -> datetime:
    """The doors open after it; a branch that never closes, or never opens, begins its morning at nine."""
    opening = business.opens_next(calendar, after)
    return opening or max(after, after.replace(hour=_MORNING.hour)).astimezone(UTC)


SNOOZES = ("hour", "three_hours", "evening", "tomorrow", "in_two_days", "next_week")

# -- WhatsApp


def is_mobile(phone: str | None) -> bool:
    """Whether WhatsApp and SMS can reach it."""
    return phone is not None and takes_whatsapp(phone)


def chat_link(phone: str, text: str) -> str:
    """Click-to-chat with a first sentence; `phone` is E.164. Spaces are %20: some clients show a plus as it is."""
    return f"https://wa.me/{phone.lstrip('+')}?text={quote(text, safe='')}"


# -- canned replies

VARIABLES = ("name", "car", "make", "model", "year", "price", "km", "city", "branch", "branch_phone", "agent", "link")
_SLOT = re.compile(r"\{([a-z_]+)\}")


def missing(text: str, values: Mapping[str, str]) -> list[str]:
    """The variables of `text` that `values` leaves empty, each once, in order."""
    return [name for name in dict.fromkeys(_SLOT.findall(text)) if name in VARIABLES and not values.get(name)]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Known variables replaced; one without a value stays as it is, so that nobody sends it unseen."""
    return _SLOT.sub(lambda slot: values.get(slot[1]) or slot[0], text)


def unknown(text: str) -> list[str]:
    """What stands in braces and is no variable: a mistake of whoever writes a template."""
    return [name for name in dict.fromkeys(_SLOT.findall(text)) if name not in VARIABLES]


def unfilled(text: str) -> list[str]:
    """Variables left in a text somebody is about to send."""
    return missing(text, {})


# -- the buyer's language

_ROMAN = frozenset((
    *("aap", "apka", "apki", "bhai", "gari", "gaari", "hai", "hain", "hay", "ha", "hogi", "hoga", "kya", "kia", "kab"),
    *("kitna", "kitni", "kitne", "kahan", "ka", "ki", "ko", "mein", "mai", "main", "mujhe", "chahiye", "chaiye"),
    *("abhi", "aaj", "kal", "nahi", "nhi", "ji", "salam", "assalam", "se", "tak", "karna", "karni", "kar", "dein"),
    *("dekh", "dekhni", "wali", "wala"),
))  # fmt: skip


def spoken(text: str, lang: str) -> str:
    """What a buyer writes in: ur in its own letters, roman in Latin ones (two of its commonest words tell), or en;
    `lang` where there is no text."""
    if not text:
        return lang
    if any("\u0600" <= letter <= "\u06ff" for letter in text):
        return "ur"
    words = {word.strip(".,?!'\"").lower() for word in text.split()}
    return "roman" if len(words & _ROMAN) > 1 else "en"
