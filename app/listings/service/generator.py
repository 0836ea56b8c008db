"""Cars as a seed invents them: real makes and models, believable years, figures and words. Never a valuation."""

import random
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from app.listings.queries import Car
from app.listings.rules import LEVELS
from app.vehicles.models import Make, Model, Trim

THIS_YEAR = 2026
_YEARLY = 0.075
# Where no level is known: lakh of a 2021 car by its body and litres.
_BODY = {
    "suv": 62.0,
    "crossover": 44.0,
    "double_cabin": 46.0,
    "van": 34.0,
    "mpv": 33.0,
    "convertible": 60.0,
    "coupe": 50.0,
}
_LUXURY = {"mercedes-benz": 3.2, "bmw": 2.9, "audi": 2.5, "lexus": 3.2, "porsche": 4.2, "land-rover": 3.4, "tesla": 2.2}
_COLOURS = ("white", "silver", "black", "grey", "blue", "red", "beige", "green", "brown", "maroon")
_COLOUR_WEIGHTS = (34, 18, 14, 14, 7, 5, 3, 2, 2, 1)
_REGISTERED = {
    "lahore": ("lahore", "lahore", "islamabad", "punjab", "unregistered"),
    "gujranwala": ("gujranwala", "lahore", "lahore", "punjab", "islamabad"),
    "karachi": ("karachi", "karachi", "sindh", "islamabad", "unregistered"),
}
_OWNERS = (
    "First owner, with the original file and smart card.",
    "Second owner, transfer on the spot.",
    "Company maintained, token paid until June.",
    "Home used, driven by one family since it was bought.",
)
_UNREGISTERED = "Fresh import, the first registration is yours."
_BODYWORK = (
    "Original paint all round.",
    "Front bumper and one door touched up, otherwise original paint.",
    "A few light scratches, nothing hidden.",
    "Two panels repainted after a parking scrape.",
)
_CARE = (
    "Oil and filters changed every 5,000 km, bills on hand.",
    "New tyres this year, battery under warranty.",
    "Suspension silent, gear changes as they should be.",
    "Air conditioning chilled, engine dry.",
)
_END = ("Come and see it any day between ten and eight.", "Price slightly negotiable after seeing the car.",
        "Exchange with a smaller car possible.", "Any mechanic of yours is welcome to look at it.")  # fmt: skip


# What the sentences above say, as fields.
_PAINT = ("genuine", "touched", None, "touched")
_PAPERS = ("original", "original", None, "duplicate", "open_letter", "bank", "missing")
_PAPER_WEIGHTS = (30, 30, 20, 8, 4, 2, 1)
_GRADES, _GRADE_WEIGHTS = ("5", "4.5", "4", "3.5", "R"), (2, 9, 8, 3, 1)


Kind = tuple[Make, Model, Sequence[Trim]]


class Spread(Struct, frozen=True):
    """The catalogue with how often each model is advertised; what is newer than that count gets a middling share."""

    kinds: list[Kind]
    weights: list[int]

    @classmethod
    def of(cls, kinds: Sequence[Kind]) -> "Spread":
        return cls(list(kinds), [model.weight or 40 for _make, model, _trims in kinds])


def invent(chance: random.Random, spread: Spread, city: str) -> tuple[Car, dict[str, Any]]:
    """One car and the fields of its listing; the same chance gives the same car."""
    make, model, trims = chance.choices(spread.kinds, spread.weights)[0]
    year = _year(chance, model)
    fitting = [one for one in trims if (one.year_from or 0) <= year <= (one.year_to or 9999)]
    trim = chance.choice(fitting) if fitting else None
    fuel = model.fuels[0] if chance.random() < 0.85 else chance.choice(model.fuels)
    litres = (trim and trim.engine_cc) or (chance.choice(model.engines_cc) if model.engines_cc else None)
    km = _kilometres(chance, year)
    fields = {
        "year": year,
        "odometer_km": km,
        "asking_price": _price(chance, make, model, year, litres, km),
        "engine_cc": None if fuel == "electric" else litres,
        "fuel": fuel,
        "transmission": (trim and trim.transmission) or _gears(chance, model, fuel),
        "body": model.body,
        "colour": chance.choices(_COLOURS, _COLOUR_WEIGHTS)[0],
        "assembly": model.assembly[0] if chance.random() < 0.8 else chance.choice(model.assembly),
        "registered_in": chance.choice(_REGISTERED.get(city, (city, "islamabad", "unregistered"))),
        "description": " ".join(chance.choice(part) for part in (_OWNERS, _BODYWORK, _CARE, _END)),
        "condition": "certified" if year >= 2021 and chance.random() < 0.15 else "used",
    }
    return Car(make, model, trim), fields | _papers(fields)


def _papers(fields: dict[str, Any]) -> dict[str, Any]:
    """What the papers say, in keeping with the advert; by a chance of its own, so that the cars stay as they were."""
    chance = random.Random(f"{fields['odometer_km']} {fields['asking_price']} {fields['description']}")  # noqa: S311
    said, imported = fields["description"], fields["assembly"] == "jdm"
    # what was assembled here and has run for years is registered somewhere
    registered = "islamabad" if fields["registered_in"] == "unregistered" and not imported else fields["registered_in"]
    unregistered = registered == "unregistered"
    paint = next((one for sentence, one in zip(_BODYWORK, _PAINT, strict=True) if sentence in said), None)
    papers = "import_papers" if unregistered and imported else chance.choices(_PAPERS, _PAPER_WEIGHTS)[0]
    lifetime = (fields["engine_cc"] or 0) <= 1000 and chance.random() < 0.6
    token = "lifetime" if lifetime else chance.choice((None, "2027-06", "2027-06", "2026-12", "2026-06"))
    if unregistered:
        said = " ".join([_UNREGISTERED, *(said.replace(owner, "").strip() for owner in _OWNERS if owner in said)])
    return {
        "registered_in": registered,
        "description": said,
        "paint": paint,
        "documents": "original" if "original file" in said else papers,
        "token_paid_to": None if unregistered else token,
        "import_year": min(fields["year"] + chance.randrange(2, 5), THIS_YEAR) if imported else None,
        "auction_grade": chance.choices(_GRADES, _GRADE_WEIGHTS)[0] if imported and chance.random() < 0.8 else None,
    }


def _year(chance: random.Random, model: Model) -> int:
    """Most cars on offer are three to ten years old."""
    least, most = max(model.year_from, 2008), min(model.year_to or THIS_YEAR, THIS_YEAR - 1)
    wished = round(chance.gauss(2019.5, 3))
    return max(min(wished, most), min(least, most))


def _kilometres(chance: random.Random, year: int) -> int:
    age = THIS_YEAR + 0.4 - year
    return max(900, round(age * 11_500 * chance.lognormvariate(0, 0.32) / 100) * 100)


def _price(chance: random.Random, make: Make, model: Model, year: int, cc: int | None, km: int) -> int:
    usual_km = (THIS_YEAR + 0.4 - year) * 11_500
    lakh = _level(make, model, year, cc) * (1 - 0.008 * (km - usual_km) / 10_000) * chance.lognormvariate(0, 0.08)
    step = 25_000 if lakh < 60 else 50_000 if lakh < 150 else 250_000
    return max(250_000, round(lakh * 100_000 / step) * step)


def _level(make: Make, model: Model, year: int, cc: int | None) -> float:
    known = LEVELS.get(f"{make.slug}/{model.slug}")
    if not known:
        litres = (cc or 1800) / 1000
        base = 36.0 if litres < 0.7 and "local" not in model.assembly else _BODY.get(model.body, 27.0) * litres**0.9
        return float(base * _LUXURY.get(make.slug, 1.0) * (1 + _YEARLY) ** (year - 2021))
    below = max((one for one in known if one <= year), default=None)
    above = min((one for one in known if one >= year), default=None)
    if below is not None and above is not None:
        part = 0.0 if above == below else (year - below) / (above - below)
        return float(known[below] * (known[above] / known[below]) ** part)
    nearest = below if below is not None else above
    assert nearest is not None  # noqa: S101 - narrows the type: every model of the file has a year
    return float(known[nearest] * (1 + _YEARLY) ** (year - nearest))


def _gears(chance: random.Random, model: Model, fuel: str) -> str:
    if fuel in ("electric", "hybrid", "phev") or "jdm" in model.assembly:
        return "automatic"
    return "automatic" if chance.random() < 0.55 else "manual"
