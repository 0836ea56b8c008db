"""Which field a column is by what stands in its cells."""

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Final

from app.core.phone import PhoneInvalid, parse_phone
from app.feeds.rules import links
from app.feeds.rules.cells import missing, plain, tokens
from app.feeds.rules.figures import read_year
from app.feeds.rules.prices import read_price
from app.feeds.rules.recognising import Texts, recognise
from app.feeds.rules.vocabulary import Vocabulary
from app.feeds.rules.whereabouts import place_of
from app.listings.rules.said import squash
from app.listings.rules.values import meaning

_LATEST = 2100
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif")
_CC = frozenset(
    (
        658, 660, 796, 800, 850, 993, 996, 998, 1000, 1200, 1299, 1300, 1330, 1339, 1400, 1490, 1496, 1498, 1500, 1598,
        1600, 1797, 1799, 1800, 1998, 2000, 2400, 2500, 2700, 2755, 2800, 3000,
    )
)  # fmt: skip
_SURE = 0.8
"""The share of cells that have to look alike."""

Look = Callable[[str, Vocabulary], bool]


def fits(field: str, seen: Sequence[str], vocabulary: Vocabulary) -> float | None:
    """The share of cells that can be this field; None for fields of free text."""
    look = _LOOKS.get(field)
    said = [value for value in seen if not missing(plain(value))]
    if look is None or not said:
        return None
    return sum(1 for value in said if look(value, vocabulary)) / len(said)


def content_of(seen: Sequence[str], vocabulary: Vocabulary) -> list[tuple[str, float]]:
    """Likely fields, and how sure each is; certain kinds first."""
    said = [value for value in seen if not missing(plain(value))]
    if not said:
        return []
    found = []
    for field, confidence in _BY_CONTENT:
        share = fits(field, said, vocabulary) or 0.0
        if share >= _SURE:
            found.append((_SPOKEN.get(field, field), round(confidence * share, 2)))
    return found or _figures(said)


def _figures(said: list[str]) -> list[tuple[str, float]]:
    """Bare numbers tell by their size: a price, kilometres, an engine."""
    numbers = sorted(number for value in said if (number := _number(value)) is not None)
    if len(numbers) < _SURE * len(said):
        return []
    middle = numbers[len(numbers) // 2]
    engines = sum(1 for number in numbers if int(number) in _CC) / len(numbers)
    if engines >= 0.6:
        return [("engine_cc", 0.6)]
    if middle >= 500_000:
        return [("asking_price", 0.65)]
    if 5_000 <= middle < 400_000:
        return [("odometer_km", 0.55)]
    if 3 <= middle <= 300 and any(number != int(number) for number in numbers):
        return [("asking_price", 0.5)]
    return []


def _number(value: str) -> float | None:
    try:
        number = float(plain(value).replace(",", "").replace(" ", ""))
    except ValueError:
        return None
    return number if isfinite(number) else None


def _is_year(value: str, _vocabulary: Vocabulary) -> bool:
    text = plain(value).removesuffix(".0")
    return len(text) <= 10 and read_year(text, _LATEST).value is not None and (_number(text) or 2000) < 2100


def _is_spoken_price(value: str, _vocabulary: Vocabulary) -> bool:
    text = plain(value)
    words = any(word in text for word in ("lakh", "lac", "crore", "pkr", "rs", "لاکھ", "کروڑ", "call", "روپے"))
    return words and read_price(value).kind in ("rupees", "call", "bare")


def _is_price(value: str, vocabulary: Vocabulary) -> bool:
    number = _number(value)
    plausible = number is not None and (number >= 50_000 or 0 < number < 1_000)
    return plausible or _is_spoken_price(value, vocabulary) or read_price(value).kind in ("call", "problem", "doubt")


def _is_km(value: str, _vocabulary: Vocabulary) -> bool:
    text = plain(value)
    number = _number(text)
    return any(word in text for word in ("km", "mile", "کلومیٹر", "zero", "new")) or (
        number is not None and number < 2e6
    )


def _says_km(value: str, _vocabulary: Vocabulary) -> bool:
    text = plain(value)
    return text[:1].isdecimal() and ("km" in text or "کلومیٹر" in text)


def _says_cc(value: str, _vocabulary: Vocabulary) -> bool:
    text = plain(value)
    return text[:1].isdecimal() and ("cc" in text or "سی سی" in text or text.endswith(("l", "liter", "litre")))


def _is_engine(value: str, vocabulary: Vocabulary) -> bool:
    number = _number(value)
    return _says_cc(value, vocabulary) or (number is not None and (0 <= number < 10 or 300 <= number <= 9_000))


def _is_picture(value: str, _vocabulary: Vocabulary) -> bool:
    return links.page(value.split()[0].rstrip(",")) is not None and any(end in value.lower() for end in _PICTURES)


def _is_page(value: str, vocabulary: Vocabulary) -> bool:
    return links.page(value) is not None and not _is_picture(value, vocabulary)


def _is_make(value: str, vocabulary: Vocabulary) -> bool:
    return squash(value) in vocabulary.by_make or vocabulary.near_makes.find(squash(value)) is not None


def _is_title(value: str, vocabulary: Vocabulary) -> bool:
    car = recognise(Texts(title=value), vocabulary, {}, _LATEST)
    return car.make is not None and len(tokens(value)) >= 3 and not _is_make(value, vocabulary)


def _is_model(value: str, vocabulary: Vocabulary) -> bool:
    name = squash(value)
    return name in vocabulary.alone or recognise(Texts(model=value), vocabulary, {}, _LATEST).model is not None


def _is_city(value: str, vocabulary: Vocabulary) -> bool:
    place = place_of(value, vocabulary.places)
    return place is not None and place.kind == "city"


def _is_place(value: str, vocabulary: Vocabulary) -> bool:
    return place_of(value, vocabulary.places) is not None or "regist" in plain(value)


def _is_phone(value: str, _vocabulary: Vocabulary) -> bool:
    try:
        return parse_phone(value).e164.startswith("+92")
    except PhoneInvalid:
        return False


def _chosen(field: str) -> Look:
    return lambda value, _vocabulary: meaning(field, value) is not None


_LOOKS: Final[dict[str, Look]] = {
    "url": _is_page, "images": _is_picture, "title": _is_title, "make": _is_make, "model": _is_model, "year": _is_year,
    "asking_price": _is_price, "odometer_km": _is_km, "city": _is_city, "registered_in": _is_place,
    "engine_cc": _is_engine, "seller_phone": _is_phone, "import_year": _is_year, "spoken_price": _is_spoken_price,
    "spoken_km": _says_km, "spoken_cc": _says_cc,
    **{field: _chosen(field) for field in ("fuel", "transmission", "body", "colour", "assembly", "condition")},
}  # fmt: skip
_SPOKEN: Final = {"spoken_price": "asking_price", "spoken_km": "odometer_km", "spoken_cc": "engine_cc"}
"""Figures that say themselves what they are."""
_BY_CONTENT: Final = (
    ("spoken_price", 0.85), ("spoken_km", 0.85), ("spoken_cc", 0.85),
    ("images", 0.9), ("url", 0.85), ("make", 0.9), ("fuel", 0.85), ("transmission", 0.85), ("year", 0.8),
    ("seller_phone", 0.8), ("title", 0.8), ("city", 0.7), ("model", 0.75), ("body", 0.7), ("condition", 0.6),
    ("assembly", 0.6), ("colour", 0.7),
)  # fmt: skip
