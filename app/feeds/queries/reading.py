"""A row as it would be taken, in the names of the catalogue."""

from typing import Any

from app.feeds.rules.cars import CarFacts, Read
from app.feeds.rules.words import ROWS
from app.feeds.schemas import ReadRow
from app.listings.queries import StockBook

_NOTHING = CarFacts()


def read_row(book: StockBook, read: Read) -> ReadRow:
    facts = read.facts or _NOTHING
    make, model = book.makes.get(facts.make or ""), book.models.get((facts.make or "", facts.model or ""))
    trim = book.trims.get((model.id, facts.variant or "")) if model else None
    place = book.places.get(facts.city or "")
    return ReadRow(
        number=read.number,
        car=_named(make, model, trim) if make else (facts.title or "",) * 2,
        year=facts.year,
        asking_price=facts.asking_price,
        call_for_price=facts.call_for_price,
        odometer_km=facts.odometer_km,
        city=_named(place),
        problems=tuple(ROWS[one.code].message for one in read.problems),
        doubts=tuple(ROWS[one.code].message for one in read.doubts),
    )


def _named(*parts: Any) -> tuple[str, str]:
    """In English and in Urdu; trims are written in Latin letters everywhere."""
    there = [part for part in parts if part is not None]
    return " ".join(part.name for part in there), " ".join(getattr(part, "name_ur", part.name) for part in there)
