"""What columns are called: English, Urdu and Roman Urdu names of each field, and units that stand in a heading."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from app.listings.rules.words import fold

FIELDS: Final[tuple[str, ...]] = (
    "stock_number", "url", "title", "make", "model", "variant", "year", "asking_price", "currency", "odometer_km",
    "odometer_unit", "city", "branch", "engine_cc", "fuel", "transmission", "body", "colour", "assembly",
    "registered_in", "condition", "description", "images", "import_year", "auction_grade", "token_paid_to",
    "documents", "paint", "seller_phone",
)  # fmt: skip
"""Every field a column can be mapped to; `words.LABELS` has their names."""
REPEATED: Final = frozenset(("images",))
"""Fields that may have several columns."""

_DATA = Path(__file__).resolve().parents[1] / "data" / "headers.json"
"""Field to names, in small letters, words apart by one blank."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_WORD = re.compile(r"[\W_]+")
_NUMBERED = re.compile(r" ?\d{1,2}$")
_UNIT_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("lakh", "lakhs", "lac", "lacs", "lak", "laakh", "لاکھ"), "lakh"),
    **dict.fromkeys(("crore", "crores", "cr", "karor", "کروڑ"), "crore"),
    **dict.fromkeys(("million", "millions", "mn", "ملین"), "million"),
    **dict.fromkeys(("thousand", "thousands", "hazar", "000", "000s", "ہزار"), "thousand"),
    **dict.fromkeys(("mile", "miles", "mi", "میل"), "miles"),
    **dict.fromkeys(("l", "ltr", "liter", "litre", "liters", "litres", "لیٹر"), "litre"),
    **dict.fromkeys(("usd", "dollar", "dollars", "aed", "eur", "euro", "gbp", "jpy", "yen"), "foreign"),
}
_FILLING = frozenset(
    (
        "in", "of", "the", "ki", "ka", "ke", "mein", "main", "me", "pkr", "rs", "rupees", "rupay", "km", "kms", "cc",
        "میں", "روپے", "کلومیٹر", "سی", "کی", "کا", "کے", "per", "total", "no", "approx", "vehicle", "car", "your",
    )
)  # fmt: skip


@lru_cache(maxsize=4096)
def plain(header: str) -> str:
    """The heading as names are compared: "stockNumber", "STOCK_NO." and "Stock No" are words apart by one blank."""
    header = header[:200]
    if not header.isupper():
        header = _CAMEL.sub(" ", header)
    return _NO_WORD.sub(" ", fold(header)).strip()


@lru_cache(maxsize=4096)
def field_of(header: str) -> tuple[str, float] | None:
    """The field a heading names, and how sure that is."""
    name = plain(header)
    if not name:
        return None
    found = _BY_NAME.get(name) or _BY_NAME.get(plain(header.lower()))
    if found:
        return found, 1.0
    found = _BY_NAME.get(_NUMBERED.sub("", name))
    if found in REPEATED:
        return found, 0.9
    words = [word for word in name.split() if word not in _UNIT_WORDS and word not in _FILLING]
    found = _BY_NAME.get(" ".join(words))
    if found:
        return found, 0.9
    if "." in header:
        inner = field_of(header.rpartition(".")[2])
        return (inner[0], min(inner[1], 0.8)) if inner else None
    return _by_words(words)


def unit_of(header: str) -> str | None:
    """lakh, crore, million, thousand, miles, litre or foreign, where a heading says so: "Price (Lacs)"."""
    return next((_UNIT_WORDS[word] for word in plain(header).split() if word in _UNIT_WORDS), None)


def _by_words(words: list[str]) -> tuple[str, float] | None:
    """The longest name of a field that stands in the heading as whole words."""
    best: tuple[int, str] | None = None
    for start in range(len(words)):
        for end in range(len(words), start, -1):
            found = _BY_NAME.get(" ".join(words[start:end]))
            if found and len(words) <= 5 and (best is None or end - start > best[0]):
                best = (end - start, found)
    return (best[1], round(0.4 + 0.5 * best[0] / len(words), 2)) if best and best[0] * 2 >= len(words) else None


_NAMES: Final = msgspec.json.decode(_DATA.read_bytes(), type=dict[str, list[str]])
_BY_NAME: Final = {plain(name): one for one, names in _NAMES.items() for name in names}
