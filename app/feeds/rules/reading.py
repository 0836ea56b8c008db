"""A row of the sheet becomes a car, with everything that is wrong or doubtful about it."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec.structs import replace

from app.feeds.rules import links, values
from app.feeds.rules.cars import CarFacts, Doubt, Problem, Read, Told
from app.feeds.rules.cells import missing, plain
from app.feeds.rules.figures import unlikely_km
from app.feeds.rules.files import Column, SheetRow
from app.feeds.rules.lookups import Lookups
from app.feeds.rules.meanings import IMPORTED, stock_number, text_of
from app.feeds.rules.prices import settled
from app.feeds.rules.recognising import Car, variant_of
from app.feeds.rules.vocabulary import Model, Vocabulary
from app.feeds.rules.whereabouts import city_in_title

_MOST_STOCK_NUMBER = 40
_RUPEES = frozenset(map(plain, ("pkr", "rs", "rs.", "rupee", "rupees", "pakistani rupee", "pakistani rupees", "روپے")))
_MILES = frozenset(map(plain, ("miles", "mile", "mi", "smi", "میل")))
_YEARS_BEFORE, _YEARS_AFTER = 4, 2
"""How far from the catalogue's years, which are right within one, a year is unlikely."""
_LONGEST_VALUE = 120
_encode = msgspec.msgpack.Encoder().encode


class Reader:
    """Of one sheet.

    `learned` says what (field, raw value) means: a slug, for a model also "make/model", a word of `values.CHOICES`;
    an empty one says that it means nothing.
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
        self._lookups = Lookups(vocabulary, mapping, columns, learned, this_year)

    def read(self, row: SheetRow) -> Read:
        """Never raises, whatever the cells say."""
        return _Row(self._lookups, row).read()


class _Row:
    """One row while it is read."""

    def __init__(self, lookups: Lookups, row: SheetRow) -> None:
        self._know = lookups
        self._row = row
        self._problems: list[Problem] = []
        self._doubts: list[Doubt] = []
        self._unknown: list[tuple[str, str]] = []

    def read(self) -> Read:
        if self._row.extra:
            value = " | ".join(self._row.extra)[:_LONGEST_VALUE]
            return self._done(None, None, (Problem("", value, "too_many_cells"),))
        know, cell = self._know, self._cell
        car = know.car(cell("make"), cell("model"), cell("variant"), cell("title"))
        if car.nothing:
            self._problems.append(Problem("", "", "no_car"))
        self._doubts += [Doubt(*doubt) for doubt in car.doubts]
        self._unknown += car.unknown
        model = car.model
        year = self._year(car)
        said = list(car.words)
        gears = self._choice("transmission") or values.gears_in(said)
        cc = self._figure("engine_cc", know.engine(cell("engine_cc")))
        number = self._stock_number()
        city, address = self._city(said)
        price, on_request = self._price(car, year)
        images, wrong = links.pictures([self._row.cells[at] for at in know.images]) if know.images else ((), [])
        self._unknown += [("images", raw) for raw in wrong]
        facts = CarFacts(
            make=car.make,
            model=model.names.slug if model else None,
            variant=self._variant(model, car, year, cc, gears),
            year=year,
            asking_price=price,
            call_for_price=on_request,
            odometer_km=self._km(year),
            city=city,
            branch=self._text("branch", 80),
            engine_cc=cc,
            fuel=self._choice("fuel") or values.fuel_in(said),
            transmission=gears,
            body=self._choice("body") or (model.names.body if model else None),
            colour=self._choice("colour"),
            assembly=self._assembly(model),
            registered_in=self._meant("registered_in", know.registered),
            condition=self._choice("condition"),
            stock_number=number,
            title=self._text("title", 120),
            description=self._text("description", 4000),
            url=address,
            images=images,
            import_year=self._figure("import_year", know.import_year(cell("import_year"))),
            auction_grade=self._text("auction_grade", 20),
            token_paid_to=self._text("token_paid_to", 40),
            documents=self._text("documents", 120),
            paint=self._text("paint", 120),
            seller_phone=self._phone(),
        )
        return self._done(facts, number, tuple(self._problems))

    def _done(self, facts: CarFacts | None, number: str | None, problems: tuple[Problem, ...]) -> Read:
        doubts = tuple(dict.fromkeys(self._doubts))
        key, derived = number, False
        if key is None and facts is not None:
            key = links.page_key(facts.url) if facts.url else None
            if key is None:
                unpriced = replace(facts, asking_price=None, call_for_price=False)
                key = "car:" + blake2b(_encode(unpriced), digest_size=12).hexdigest()
            derived = True
        if problems:
            facts = None
        return Read(
            number=self._row.number,
            key=key or "",
            derived=derived,
            facts=facts,
            source_hash=blake2b(_encode((facts, doubts)), digest_size=16).digest(),
            problems=problems,
            doubts=doubts,
            unknown=tuple(dict.fromkeys(self._unknown)),
        )

    def _cell(self, field: str) -> str:
        at = self._know.at.get(field)
        return self._row.cells[at] if at is not None else ""

    def _refuse(self, field: str, code: str) -> None:
        column = self._know.headers.get(field, "")
        self._problems.append(Problem(column, self._cell(field).strip()[:_LONGEST_VALUE], code))

    def _doubt(self, field: str, code: str, value: str | None = None) -> None:
        said = self._cell(field).strip() if value is None else value
        self._doubts.append(Doubt(field, said[:_LONGEST_VALUE], code))

    def _figure(self, field: str, told: Told) -> int | None:
        if told.problem:
            self._refuse(field, told.problem)
        elif told.doubt:
            self._doubt(field, told.doubt)
        return told.value

    def _meant(self, field: str, meaning: Any) -> str | None:
        raw = self._cell(field)
        if not raw:
            return None
        value, unknown = meaning(raw)
        if unknown is not None:
            self._unknown.append((field, unknown))
        found: str | None = value
        return found

    def _choice(self, field: str) -> str | None:
        return self._meant(field, self._know.choices[field])

    def _text(self, field: str, most: int) -> str | None:
        raw = self._cell(field)
        return text_of(raw, most) if raw else None

    def _variant(
        self, model: Model | None, car: Car, year: int | None, cc: int | None, gears: str | None
    ) -> str | None:
        if model is None:
            return None
        found = variant_of(model, car.words, year, cc, gears)
        raw = self._cell("variant").strip()
        if found is None and raw and model.trims and not missing(plain(raw)):
            self._unknown.append(("variant", raw[:_LONGEST_VALUE]))
        return found

    def _year(self, car: Car) -> int | None:
        told = self._know.year(self._cell("year"))
        year = self._figure("year", told)
        if year is None and not told.doubt and not told.problem:
            if len(car.years) > 1:
                self._doubt("year", "year_unclear", " / ".join(map(str, car.years)))
            elif car.years:
                year = car.years[0]
        elif year is not None and car.years and year not in car.years:
            self._doubt("year", "year_contradicts", " / ".join(map(str, (year, *car.years))))
        names = car.model.names if car.model else None
        if year is not None and names is not None:
            last = names.year_to or year
            if not names.year_from - _YEARS_BEFORE <= year <= last + _YEARS_AFTER:
                self._doubt("year", "year_unlikely", str(year))
        return year

    def _price(self, car: Car, year: int | None) -> tuple[int | None, bool]:
        raw = self._cell("asking_price")
        price = self._know.price(raw)
        currency = plain(self._cell("currency")[:40])
        if price.kind != "nothing" and currency and not missing(currency) and currency not in _RUPEES:
            self._refuse("currency", "other_currency")
        if price.kind == "problem":
            self._refuse("asking_price", price.code)
        level = None
        if car.model is not None:
            level = self._know.vocabulary.levels.level(car.model.names.make, car.model.names.slug, year)
        amount, doubt = settled(price, *(level or (None, 1.0)))
        if doubt:
            self._doubt("asking_price", doubt)
        return amount, price.kind == "call"

    def _km(self, year: int | None) -> int | None:
        raw = self._cell("odometer_km")
        in_miles = plain(self._cell("odometer_unit")[:20]) in _MILES
        km = self._figure("odometer_km", self._know.miles(raw) if in_miles else self._know.km(raw))
        if km is not None and year is not None and unlikely_km(km, max(0, self._know.this_year - year)):
            self._doubt("odometer_km", "km_unlikely")
        return km

    def _assembly(self, model: Model | None) -> str | None:
        raw = self._cell("assembly")
        if raw and model is not None and plain(raw[:40]) in IMPORTED:
            abroad = [one for one in model.names.assembly if one != "local"]
            if len(abroad) == 1:
                return abroad[0]
        return self._choice("assembly")

    def _city(self, said: list[str]) -> tuple[str | None, str | None]:
        """With the address of the car's page, which may name it."""
        raw = self._cell("url")
        address = links.page(raw) if raw else None
        if address is None and raw.strip() and not missing(plain(raw[:40])):
            self._unknown.append(("url", raw.strip()[:_LONGEST_VALUE]))
        city = self._meant("city", self._know.city)
        if city is None and not missing(plain(self._cell("city")[:40])):
            return None, address
        city = city or city_in_title(said, self._know.vocabulary.places)
        if city is None and address:
            place = links.city_in(address, self._know.vocabulary.places)
            city = place.slug if place else None
        return city, address

    def _stock_number(self) -> str | None:
        raw = self._cell("stock_number")
        number = stock_number(raw) if raw else None
        if number is not None and len(number) > _MOST_STOCK_NUMBER:
            self._refuse("stock_number", "stock_number_too_long")
            return number[:_MOST_STOCK_NUMBER]
        return number

    def _phone(self) -> str | None:
        raw = self._cell("seller_phone")
        number, wrong = self._know.phone(raw) if raw else (None, None)
        if wrong is not None:
            self._doubt("seller_phone", "phone_unclear")
        return number
