"""A row of the sheet becomes a car, with everything that is wrong or doubtful about it."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from typing import Any, Generic, TypeVar

import msgspec

from app.core.bounds import clean_text
from app.core.phone import PhoneInvalid, parse_phone
from app.feeds.rules import links, values
from app.feeds.rules.cars import NOTHING, CarFacts, Doubt, Problem, Read, Told
from app.feeds.rules.cells import missing, plain
from app.feeds.rules.figures import read_engine, read_km, read_year, unlikely_km
from app.feeds.rules.files import Column, SheetRow
from app.feeds.rules.headers import unit_of
from app.feeds.rules.prices import read_price, settled
from app.feeds.rules.recognising import Car, Texts, recognise, variant_of
from app.feeds.rules.vocabulary import Vocabulary
from app.feeds.rules.whereabouts import city_in_title, place_of, registered_in

_MOST_KEPT = 100_000
_CHOICES = ("fuel", "transmission", "body", "assembly", "condition", "colour")
_TEXTS: Mapping[str, int] = {
    "stock_number": 400, "branch": 80, "title": 120, "description": 4000, "auction_grade": 20, "token_paid_to": 40,
    "documents": 120, "paint": 120,
}  # fmt: skip
_LONGEST_STOCK_NUMBER, _SHORTEST_TITLE = 40, 3
_LASTING = (
    "make", "model", "variant", "year", "engine_cc", "fuel", "transmission", "body", "colour", "assembly",
    "registered_in", "city", "title",
)  # fmt: skip
_FIGURES = ("odometer_km", "engine_cc", "import_year")
_RUPEE_CODES = frozenset(("pkr", "rs", "rupees", "rupee", "pakistani rupee", "pakistani rupees", "rs.", "روپے"))
_MILES = frozenset(("miles", "mile", "mi", "smi", "میل"))
_YEARS_BEFORE, _YEARS_AFTER = 4, 2
"""How far from the catalogue's years, which are right within one, a year is unlikely."""
_encode = msgspec.msgpack.Encoder().encode


class Reader:
    """Of one sheet; keeps what each distinct cell means, so that it is worked out once.

    `learned` says what (field, raw value) means: a slug, for a model also "make/model", a word of `values.CHOICES`;
    an empty one means nothing.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        mapping: Mapping[str, str | None],
        columns: Iterable[Column],
        *,
        learned: Mapping[tuple[str, str], str],
        this_year: int,
    ) -> None:
        self.vocabulary = vocabulary
        self._learned = {(field, plain(raw)): meaning for (field, raw), meaning in learned.items()}
        self.this_year = this_year
        self._at: dict[str, int] = {}
        self._headers: dict[str, str] = {}
        self._images: list[int] = []
        for column in columns:
            field = mapping.get(column.header)
            if field == "images":
                self._images.append(column.index)
            elif field and field not in self._at:
                self._at[field] = column.index
                self._headers[field] = column.header
        price_unit = unit_of(self._headers.get("asking_price", ""))
        km_unit = unit_of(self._headers.get("odometer_km", ""))
        engine_unit = unit_of(self._headers.get("engine_cc", ""))
        self.price = _Kept(lambda raw: read_price(raw, price_unit))
        self.figures: dict[str, _Kept[Told]] = {
            "odometer_km": _Kept(lambda raw: read_km(raw, km_unit)),
            "engine_cc": _Kept(lambda raw: read_engine(raw, engine_unit)),
            "import_year": _Kept(lambda raw: read_year(raw, this_year, unclear="import_year_unclear")),
        }
        self.miles = _Kept(lambda raw: read_km(raw, "miles"))
        self.year = _Kept(lambda raw: read_year(raw, this_year))
        self.choices = {field: _Kept(self._chooser(field)) for field in _CHOICES}
        self.city = _Kept(self._find_city)
        self.registered = _Kept(self._find_registered)
        self.phone = _Kept(_find_phone)
        self._cars: dict[Texts, Car] = {}

    def read(self, row: SheetRow) -> Read:
        return _Row(self, row).read()

    def cell(self, row: SheetRow, field: str) -> str:
        at = self._at.get(field)
        return row.cells[at] if at is not None and at < len(row.cells) else ""

    def header(self, field: str) -> str:
        return self._headers.get(field, "")

    def has(self, field: str) -> bool:
        return field in self._at

    def pictures(self, row: SheetRow) -> tuple[str, ...]:
        raws = [row.cells[at] for at in self._images if at < len(row.cells) and row.cells[at].strip()]
        return links.pictures(raws)[0] if raws else ()

    def car(self, texts: Texts) -> Car:
        found = self._cars.get(texts)
        if found is None:
            if len(self._cars) >= _MOST_KEPT:
                self._cars.clear()
            found = self._cars[texts] = recognise(texts, self.vocabulary, self._learned, self.this_year)
        return found

    def _chooser(self, field: str) -> Callable[[str], str | None]:
        def choose(raw: str) -> str | None:
            learned = self._learned.get((field, plain(raw)))
            return values.meaning(field, raw) if learned is None else learned

        return choose

    def _find_city(self, raw: str) -> str | None:
        learned = self._learned.get(("city", plain(raw)))
        if learned is not None:
            return learned
        found = place_of(raw, self.vocabulary.places)
        return found.slug if found and found.kind == "city" else None

    def _find_registered(self, raw: str) -> str | None:
        learned = self._learned.get(("registered_in", plain(raw)))
        return registered_in(raw, self.vocabulary.places) if learned is None else learned


class _Row:
    """One row on its way: what it says goes into `said`, what is wrong into the lists."""

    def __init__(self, reader: Reader, row: SheetRow) -> None:
        self.reader, self.row = reader, row
        self.said: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self.doubts: list[Doubt] = []
        self.unknown: list[tuple[str, str]] = []

    def read(self) -> Read:
        if any(cell.strip() for cell in self.row.extra):
            self._problem("", "", "too_many_cells")
        car = self._car()
        self._texts()
        self._choose(car)
        self._figures()
        self._places(car)
        year = self._year(car)
        if car.model is not None:
            self.said["variant"] = variant_of(
                car.model, car.words, year, self.said.get("engine_cc"), self.said.get("transmission")
            )
        self._price(car, year)
        self._kilometres(year)
        images = self.reader.pictures(self.row)
        if images:
            self.said["images"] = images
        return self._done(car)

    def _car(self) -> Car:
        cell = self.reader.cell
        texts = Texts(*(cell(self.row, field)[:300] for field in ("make", "model", "variant", "title")))
        car = self.reader.car(texts)
        if car.nothing:
            self._problem("", "", "no_car")
        self.said["make"] = car.make
        self.said["model"] = car.model.names.slug if car.model else None
        self.doubts += [Doubt(*one) for one in car.doubts]
        self.unknown += car.unknown
        return car

    def _texts(self) -> None:
        for field, most in _TEXTS.items():
            if not self.reader.has(field):
                continue
            text = clean_text(self.reader.cell(self.row, field))
            if not text or missing(plain(text)):
                continue
            if field == "stock_number" and len(text) > _LONGEST_STOCK_NUMBER:
                self._problem(field, text, "stock_number_too_long")
            elif field == "title" and len(text) < _SHORTEST_TITLE:
                continue
            else:
                self.said[field] = text[:most]
        address = links.page(self.reader.cell(self.row, "url")) if self.reader.has("url") else None
        if address:
            self.said["url"] = address

    def _choose(self, car: Car) -> None:
        for field in _CHOICES:
            raw = self.reader.cell(self.row, field)
            if raw.strip() and not missing(plain(raw)):
                found = self.reader.choices[field](raw)
                if found:
                    self.said[field] = found
                elif found is None:
                    self.unknown.append((field, raw.strip()[:120]))
        if "transmission" not in self.said:
            self._take("transmission", values.gears_in(list(car.words)))
        if "fuel" not in self.said:
            self._take("fuel", values.fuel_in(list(car.words)))

    def _figures(self) -> None:
        for field in _FIGURES:
            raw = self.reader.cell(self.row, field)
            if not raw.strip():
                continue
            unit = plain(self.reader.cell(self.row, "odometer_unit")) if field == "odometer_km" else ""
            kept = self.reader.miles if unit in _MILES else self.reader.figures[field]
            self._told(field, raw, kept(raw))

    def _told(self, field: str, raw: str, told: Told) -> None:
        if told.problem:
            self._problem(field, raw, told.problem)
        elif told.doubt:
            self._doubt(field, raw, told.doubt)
        else:
            self._take(field, told.value)

    def _places(self, car: Car) -> None:
        for field, find in (("city", self.reader.city), ("registered_in", self.reader.registered)):
            raw = self.reader.cell(self.row, field)
            if not raw.strip() or missing(plain(raw)):
                continue
            found = find(raw)
            if found:
                self.said[field] = found
            elif found is None:
                self.unknown.append((field, raw.strip()[:120]))
                if field == "registered_in":
                    self.said[field] = clean_text(raw)[:60]
        if "city" not in self.said:
            places = self.reader.vocabulary.places
            self._take("city", city_in_title(car.words, places))
        if "city" not in self.said and "url" in self.said:
            place = links.city_in(self.said["url"], self.reader.vocabulary.places)
            self._take("city", place.slug if place else None)

    def _year(self, car: Car) -> int | None:
        raw = self.reader.cell(self.row, "year")
        told = self.reader.year(raw) if raw.strip() else NOTHING
        self._told("year", raw, told)
        year: int | None = self.said.get("year")
        if year is None and told is NOTHING and len(car.years) == 1:
            year = self.said["year"] = car.years[0]
        elif year is None and len(car.years) > 1:
            self._doubt("year", " / ".join(map(str, car.years)), "year_unclear")
        elif year is not None and car.years and year not in car.years:
            self._doubt("year", f"{year} / {car.years[0]}", "year_contradicts")
        if year is not None and car.model is not None:
            names = car.model.names
            last = names.year_to or self.reader.this_year + 1
            if not names.year_from - _YEARS_BEFORE <= year <= last + _YEARS_AFTER:
                self._doubt("year", str(year), "year_unlikely")
        return year

    def _price(self, car: Car, year: int | None) -> None:
        raw = self.reader.cell(self.row, "asking_price")
        currency = plain(self.reader.cell(self.row, "currency"))
        if currency and not missing(currency) and currency not in _RUPEE_CODES:
            self._problem("currency", currency, "other_currency")
            return
        if not raw.strip():
            return
        price = self.reader.price(raw)
        if price.kind == "problem":
            self._problem("asking_price", raw, price.code)
        elif price.kind == "call":
            self.said["call_for_price"] = True
        elif price.kind != "nothing":
            level = None
            if car.make and car.model:
                level = self.reader.vocabulary.levels.level(car.make, car.model.names.slug, year)
            amount, doubt = settled(price, *(level or (None, 0.0)))
            self._take("asking_price", amount)
            if doubt:
                self._doubt("asking_price", raw, doubt)

    def _kilometres(self, year: int | None) -> None:
        km = self.said.get("odometer_km")
        if km is not None and year is not None and unlikely_km(km, max(0, self.reader.this_year - year)):
            self._doubt("odometer_km", self.reader.cell(self.row, "odometer_km"), "km_unlikely")

    def _done(self, car: Car) -> Read:
        phone = self.reader.cell(self.row, "seller_phone")
        if phone.strip():
            self._take("seller_phone", self.reader.phone(phone))
        facts = CarFacts(**{name: value for name, value in self.said.items() if value is not None})
        doubts = tuple(self.doubts)
        source = blake2b(_encode((facts, doubts)), digest_size=16).digest()
        number = facts.stock_number
        key = number or self._derived(facts, car)
        return Read(
            number=self.row.number,
            key=key,
            derived=number is None,
            facts=None if self.problems else facts,
            source_hash=source,
            problems=tuple(self.problems),
            doubts=doubts,
            unknown=tuple(dict.fromkeys(self.unknown)),
        )

    def _derived(self, facts: CarFacts, car: Car) -> str:
        """Its page tells a car; else everything but what changes while it is on offer: price, kilometres, words."""
        if facts.url:
            return links.page_key(facts.url)
        lasting = [getattr(facts, name) for name in _LASTING]
        words = () if car.model else car.words
        return "car:" + blake2b(_encode((lasting, words)), digest_size=12).hexdigest()

    def _take(self, field: str, value: Any) -> None:
        if value is not None:
            self.said[field] = value

    def _problem(self, field: str, value: str, code: str) -> None:
        self.problems.append(Problem(self.reader.header(field), value.strip()[:200], code))

    def _doubt(self, field: str, value: str, code: str) -> None:
        self.doubts.append(Doubt(field, value.strip()[:200], code))


_T = TypeVar("_T")


class _Kept(Generic[_T]):
    """What a cell means, worked out once for each distinct text."""

    def __init__(self, find: Callable[[str], _T]) -> None:
        self._find = find
        self._known: dict[str, _T] = {}

    def __call__(self, raw: str) -> _T:
        try:
            return self._known[raw]
        except KeyError:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            found = self._known[raw] = self._find(raw)
            return found


def _find_phone(raw: str) -> str | None:
    try:
        return parse_phone(raw).e164
    except PhoneInvalid:
        return None
