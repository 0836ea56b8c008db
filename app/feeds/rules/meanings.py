"""What a cell of each field means, worked out once for each distinct cell."""

import re
from collections.abc import Callable, Mapping
from typing import Final, Generic, TypeVar

from app.core.bounds import clean_text
from app.core.phone import PhoneInvalid, parse_phone
from app.feeds.rules.cells import missing, plain
from app.feeds.rules.vocabulary import Vocabulary
from app.feeds.rules.whereabouts import place_of, registered_in
from app.listings.rules import values

T = TypeVar("T")
Learned = Mapping[tuple[str, str], str]
Meaning = tuple[str | None, str | None]
"""The value, and the raw text where nothing is known of it."""
CHOICES: Final = ("fuel", "transmission", "body", "assembly", "condition", "colour")
IMPORTED: Final = frozenset(map(plain, ("imported", "import", "imported car", "امپورٹڈ", "درآمد شدہ")))
_MOST_KEPT = 50_000
_LONGEST_RAW = 120
_WHOLE = re.compile(r"(\d+)\.0")


class Kept(Generic[T]):
    """Forgets everything when it has grown too large."""

    def __init__(self, work: Callable[[str], T]) -> None:
        self._work = work
        self._kept: dict[str, T] = {}

    def __call__(self, raw: str) -> T:
        try:
            return self._kept[raw]
        except KeyError:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = self._kept[raw] = self._work(raw)
            return found


def folded(learned: Learned) -> dict[tuple[str, str], str]:
    return {(field, plain(raw)): meaning for (field, raw), meaning in learned.items()}


def chooser(field: str, learned: Learned) -> Callable[[str], Meaning]:
    """For fields with few meanings; a colour we do not know stays as it was said."""

    def choose(raw: str) -> Meaning:
        text = plain(raw[:_LONGEST_RAW])
        told = learned.get((field, text))
        if told is not None:
            return told or None, None
        if missing(text):
            return None, None
        found = values.meaning(field, text)
        if found:
            return found, None
        raw = clean_text(raw)[:_LONGEST_RAW]
        return (raw[:30].strip().lower() if field == "colour" else None), raw

    return choose


def city_finder(vocabulary: Vocabulary, learned: Learned) -> Callable[[str], Meaning]:
    def find(raw: str) -> Meaning:
        text = plain(raw[:_LONGEST_RAW])
        told = learned.get(("city", text))
        if told is not None:
            return told or None, None
        if missing(text):
            return None, None
        place = place_of(text, vocabulary.places)
        found = place.slug if place and place.kind == "city" else None
        return found, None if found else clean_text(raw)[:_LONGEST_RAW]

    return find


def registration_finder(vocabulary: Vocabulary, learned: Learned) -> Callable[[str], Meaning]:
    """A place we do not know stays as it was said."""

    def find(raw: str) -> Meaning:
        text = plain(raw[:_LONGEST_RAW])
        told = learned.get(("registered_in", text))
        if told is not None:
            return told or None, None
        if missing(text):
            return None, None
        found = registered_in(text, vocabulary.places)
        if found:
            return found, None
        raw = clean_text(raw)
        return raw[:60].strip(), raw[:_LONGEST_RAW]

    return find


def find_phone(raw: str) -> Meaning:
    """The number, or what cannot be one. Of several the first counts."""
    text = raw.strip()
    if missing(plain(text[:_LONGEST_RAW])):
        return None, None
    for part in (text, re.split(r"[/,;|\n]", text)[0]):
        try:
            return parse_phone(_WHOLE.sub(r"\1", part.strip())).e164, None
        except PhoneInvalid:
            continue
    return None, text[:40]


def text_of(raw: str, most: int) -> str | None:
    """As it is kept; a text that is longer is cut with an ellipsis."""
    text = clean_text(raw)
    if not text or (len(text) < 20 and missing(plain(text))):
        return None
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def stock_number(raw: str) -> str | None:
    text = " ".join(clean_text(raw).split())
    whole = _WHOLE.fullmatch(text)
    text = whole[1] if whole else text
    return None if missing(plain(text[:_LONGEST_RAW])) else text
