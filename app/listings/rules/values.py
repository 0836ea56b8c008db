"""Words with few meanings: fuel, gears, body, assembly, condition, colour; English, Urdu, Roman Urdu."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from app.listings.rules.said import plain, tokens

_DATA = Path(__file__).resolve().parents[1] / "data" / "values.json"
TINTS = frozenset(
    (
        "ivory", "pearl", "arctic", "polar", "taffeta", "teffeta", "snow", "platinum", "onyx", "obsidian", "jet",
        "ebony", "graphite", "charcoal", "gun", "titanium", "steel", "ash", "slate", "metal", "sapphire", "ocean",
        "aqua", "ruby", "rallye", "champagne", "sand", "copper", "wine", "cherry", "rose", "lemon", "emerald",
    )
)  # fmt: skip
"""Words of paint shops that decide only where no plain colour stands beside them."""


def _turned(said: Mapping[str, list[str]]) -> dict[str, str]:
    return {" ".join(tokens(word)): meaning for meaning, names in said.items() for word in names}


_SAID: Final = msgspec.json.decode(_DATA.read_bytes(), type=dict[str, dict[str, list[str]]])
MEANINGS: Final = {field: _turned(said) for field, said in _SAID.items()}
_COLOUR: Final = MEANINGS["colour"]
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {field: tuple(said) for field, said in _SAID.items()}
"""What a value of each of these fields can be."""


def meaning(field: str, raw: str) -> str | None:
    """What a cell of `field` says; None when it says nothing we know. Several meanings are none."""
    if field == "colour":
        return colour(raw)
    known = MEANINGS[field]
    said = tokens(raw)
    exact = known.get(" ".join(said))
    if exact:
        return exact
    if len(said) > 8:
        return None
    found: dict[str, int] = {}
    at = 0
    while at < len(said):
        for end in range(min(len(said), at + 4), at, -1):
            word = " ".join(said[at:end])
            if word in known and (len(word) > 1 or len(said) == 1):
                found[known[word]] = max(found.get(known[word], 0), end - at)
                at = end - 1
                break
        at += 1
    if len(found) == 1:
        return next(iter(found))
    longest = max(found.values(), default=0)
    best = [one for one, length in found.items() if length == longest]
    return best[0] if longest > 1 and len(best) == 1 else None


def colour(raw: str) -> str | None:
    """The colour a buyer would name: "Taffeta White" is white, "Pearl Black" black, of "Black & White" the first."""
    first = next((part for part in plain(raw).replace("&", "/").replace(" and ", "/").split("/") if part.strip()), "")
    said = tokens(first)
    for tints in (False, True):
        named = [_COLOUR[word] for word in said if word in _COLOUR and (word in TINTS) == tints]
        if named:
            return named[-1]
    return None


def gears_in(said: Iterable[str]) -> str | None:
    """Of a title."""
    found = {_IN_TITLES[word] for word in said if word in _IN_TITLES}
    return found.pop() if len(found) == 1 else None


def fuel_in(said: Iterable[str]) -> str | None:
    """Of a title."""
    found = {_FUEL_IN_TITLES[word] for word in said if word in _FUEL_IN_TITLES}
    if found == {"phev", "hybrid"}:
        return "phev"
    return found.pop() if len(found) == 1 else None


_IN_TITLES: Final = {
    **dict.fromkeys(("automatic", "auto", "cvt", "ags", "dct", "prosmatec", "amt", "tiptronic"), "automatic"),
    **dict.fromkeys((tokens("آٹومیٹک")[0], tokens("آٹو")[0], tokens("خودکار")[0]), "automatic"),
    **dict.fromkeys(("manual", "mt", tokens("مینوئل")[0]), "manual"),
}
_FUEL_IN_TITLES: Final = {
    **dict.fromkeys(("hybrid", "hev", tokens("ہائبرڈ")[0]), "hybrid"),
    **dict.fromkeys(("diesel", tokens("ڈیزل")[0]), "diesel"),
    **dict.fromkeys(("phev", "phv"), "phev"),
    **dict.fromkeys(("electric", "ev", "kwh"), "electric"),
    **dict.fromkeys(("petrol", tokens("پیٹرول")[0], tokens("پٹرول")[0]), "petrol"),
    "cng": "cng",
    "lpg": "lpg",
}
