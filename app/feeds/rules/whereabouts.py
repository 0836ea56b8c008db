"""Cities and places of registration, in a cell of their own or inside a title."""

from app.feeds.rules.cells import tokens
from app.feeds.rules.vocabulary import Places
from app.listings.rules.names import CityNames

_NOT_YET = frozenset(
    "".join(tokens(said))
    for said in (
        "unregistered", "un registered", "not registered", "unreg", "un reg", "applied for", "apply for", "open letter",
        "not yet registered", "unregister", "un register", "registration pending", "no registration", "zero meter",
        "ghair register", "غیر رجسٹرڈ", "ان رجسٹرڈ", "رجسٹرڈ نہیں", "نان رجسٹرڈ", "اپلائیڈ فار",
    )
)  # fmt: skip
_BEFORE = frozenset(("in", "at", "from", "city", "location", tokens("میں")[0]))
UNREGISTERED = "unregistered"


def place_of(raw: str, places: Places) -> CityNames | None:
    """A whole cell, or the one place that is in it: "DHA Phase 5, Lahore"."""
    said = tokens(raw)
    whole = "".join(said)
    found = places.by_name.get(whole)
    if found:
        return found
    near = places.near.find(whole)
    if near:
        return near
    every = {place.slug: place for place, _at, _end in _within(said[:12], places)}
    cities = [place for place in every.values() if place.kind == "city"]
    if len(cities) == 1:
        return cities[0]
    return next(iter(every.values())) if len(every) == 1 else None


def registered_in(raw: str, places: Places) -> str | None:
    if "".join(tokens(raw)) in _NOT_YET:
        return UNREGISTERED
    found = place_of(raw, places)
    return found.slug if found else None


def city_in_title(said: list[str], places: Places) -> str | None:
    """The last city of a title; short names count after "in" only, for "Wah" and "Hub" are words too."""
    found = [
        place.slug
        for place, at, end in _within(said[:16], places)
        if place.kind == "city" and (at > 0 and (said[at - 1] in _BEFORE or (sum(map(len, said[at:end])) >= 5)))
    ]
    return found[-1] if found else None


def _within(said: list[str], places: Places) -> list[tuple[CityNames, int, int]]:
    found = []
    at = 0
    while at < len(said):
        for end in range(min(len(said), at + places.longest), at, -1):
            place = places.by_name.get("".join(said[at:end]))
            if place:
                found.append((place, at, end))
                at = end - 1
                break
        at += 1
    return found
