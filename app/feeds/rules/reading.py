"""A row of the sheet becomes a car, with everything that is wrong or doubtful about it."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b

import msgspec
from msgspec.structs import replace

from app.feeds.rules import links
from app.feeds.rules.cars import CarFacts, Doubt, Read
from app.feeds.rules.cells import missing, plain, tokens
from app.feeds.rules.figures import unlikely_km
from app.feeds.rules.findings import Findings
from app.feeds.rules.lookups import Lookups
from app.feeds.rules.meanings import IMPORTED, stock_number, text_of
from app.feeds.rules.prices import settled
from app.feeds.rules.recognising import Car
from app.feeds.rules.sheets import Column, SheetRow
from app.feeds.rules.variants import variant_of
from app.feeds.rules.vocabulary import Model, Vocabulary
from app.listings.rules.said import squash

_MOST_STOCK_NUMBER = 40
_RUPEES = frozenset(map(plain, ("pkr", "rs", "rs.", "rupee", "rupees", "pakistani rupee", "pakistani rupees", "روپے")))
_MILES = frozenset(map(plain, ("miles", "mile", "mi", "smi", "میل")))
_YEARS_BEFORE, _YEARS_AFTER = 4, 2
"""How far from the catalogue's years, which are right within one, a year is unlikely."""
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


class _Row(Findings):
    """One row while it is read."""

    __slots__ = ()

    def read(self) -> Read:
        row, know, meant = self.row, self.know, self.meant
        if row.extra:
            self.refuse("", " | ".join(row.extra), "too_many_cells")
            return self._done(None, None)
        # in the order of FIELDS
        (
            stock, url, title, make, model, variant, year, price, currency, odometer, odometer_unit, city, branch,
            engine, fuel, gears, body, colour, assembly, registered, condition, description, _images, import_year,
            grade, token, documents, paint, phone,
        ) = know.pick((*row.cells, ""))  # fmt: skip
        car = know.car(make, model, variant, title)
        self.doubts += [Doubt(*doubt) for doubt in car.doubts]
        self.unknown += car.unknown
        if car.nothing:
            self.refuse("", "", "no_car")
        of = car.model
        choices = know.choices
        model_year = self._year(car, year)
        runs_on = meant("fuel", fuel, choices["fuel"]) or car.fuel
        cc = self._engine(engine, runs_on) if engine else None
        transmission = meant("transmission", gears, choices["transmission"]) or car.gears
        rupees, on_request = self._price(car, model_year, cc, runs_on, price, currency)
        address = self._address(url)
        facts = CarFacts(
            make=car.make,
            model=of.names.slug if of else None,
            variant=self._variant(of, car, model_year, cc, transmission, variant),
            year=model_year,
            asking_price=rupees,
            call_for_price=on_request,
            odometer_km=self._km(model_year, odometer, odometer_unit) if odometer else None,
            city=self._city(city, car, address),
            branch=text_of(branch, 80) if branch else None,
            engine_cc=cc,
            fuel=runs_on,
            transmission=transmission,
            body=meant("body", body, choices["body"]) or (of.names.body if of else None),
            colour=meant("colour", colour, choices["colour"]),
            assembly=self._assembly(of, assembly) if assembly else None,
            registered_in=meant("registered_in", registered, know.registered),
            condition=meant("condition", condition, choices["condition"]),
            stock_number=self._stock_number(stock) if stock else None,
            title=text_of(title, 120) if title else None if of else text_of(_named(make, model), 120),
            description=text_of(description, 4000) if description else None,
            url=address,
            images=self._pictures(),
            import_year=self.figure("import_year", import_year, know.import_year(import_year)) if import_year else None,
            auction_grade=text_of(grade, 20) if grade else None,
            token_paid_to=text_of(token, 40) if token else None,
            documents=text_of(documents, 120) if documents else None,
            paint=text_of(paint, 120) if paint else None,
            seller_phone=self._phone(phone) if phone else None,
        )
        return self._done(facts, facts.stock_number)

    def _done(self, facts: CarFacts | None, number: str | None) -> Read:
        doubts = tuple(dict.fromkeys(self.doubts)) if self.doubts else ()
        key, derived = number or "", number is None
        if number is None and facts is not None:
            key = links.page_key(facts.url) if facts.url else _key_of(facts)
        if self.problems:
            facts = None
        return Read(
            number=self.row.number,
            key=key,
            derived=derived,
            facts=facts,
            source_hash=blake2b(_encode((facts, doubts)), digest_size=16).digest(),
            problems=tuple(self.problems),
            doubts=doubts,
            unknown=tuple(dict.fromkeys(self.unknown)) if self.unknown else (),
        )

    def _variant(
        self, model: Model | None, car: Car, year: int | None, cc: int | None, gears: str | None, raw: str
    ) -> str | None:
        if model is None or not model.trims:
            return None
        found = variant_of(model, car.words, year, cc, gears)
        if found is None and raw and not missing(plain(raw)):
            self.puzzle("variant", raw)
        return found

    def _year(self, car: Car, raw: str) -> int | None:
        told = self.know.year(raw)
        year = self.figure("year", raw, told)
        if year is None and not told.doubt and not told.problem:
            if len(car.years) > 1:
                self.doubt("year", " / ".join(map(str, car.years)), "year_unclear")
            elif car.years:
                year = car.years[0]
        elif year is not None and car.years and year not in car.years:
            self.doubt("year", " / ".join(map(str, (year, *car.years))), "year_contradicts")
        names = car.model.names if car.model else None
        if year is not None and names is not None:
            last = names.year_to or year
            if not names.year_from - _YEARS_BEFORE <= year <= last + _YEARS_AFTER:
                self.doubt("year", str(year), "year_unlikely")
        return year

    def _engine(self, raw: str, fuel: str | None) -> int | None:
        """The figure of an electric car is its battery or its power."""
        told = self.know.engine(raw)
        if fuel == "electric" and told.problem is None:
            return None
        return self.figure("engine_cc", raw, told)

    def _price(
        self, car: Car, year: int | None, cc: int | None, fuel: str | None, raw: str, currency: str
    ) -> tuple[int | None, bool]:
        if not raw:
            return None, False
        price = self.know.price(raw)
        if currency and price.kind != "nothing":
            said = plain(currency[:40])
            if not missing(said) and said not in _RUPEES:
                self.refuse("currency", currency, "other_currency")
        if price.kind == "problem":
            self.refuse("asking_price", raw, price.code)
        levels, names = self.know.vocabulary.levels, car.model.names if car.model else None
        level = levels.level(names.make, names.slug, year) if names else None
        if level is None and price.kind == "bare":
            level = levels.rough(car.make, cc, year, electric=fuel == "electric")
        amount, doubt = settled(price, *(level or (None, 1.0)))
        if doubt:
            self.doubt("asking_price", raw, doubt)
        return amount, price.kind == "call"

    def _km(self, year: int | None, raw: str, unit: str) -> int | None:
        in_miles = bool(unit) and plain(unit[:20]) in _MILES
        km = self.figure("odometer_km", raw, self.know.miles(raw) if in_miles else self.know.km(raw))
        if km is not None and year is not None and unlikely_km(km, max(0, self.know.this_year - year)):
            self.doubt("odometer_km", raw, "km_unlikely")
        return km

    def _assembly(self, model: Model | None, raw: str) -> str | None:
        """ "Imported" is Japanese or new from abroad: told where the model comes in one of the two ways only."""
        if model is not None and plain(raw[:40]) in IMPORTED:
            abroad = [one for one in model.names.assembly if one != "local"]
            if len(abroad) == 1:
                return abroad[0]
        return self.meant("assembly", raw, self.know.choices["assembly"])

    def _address(self, raw: str) -> str | None:
        address = links.page(raw) if raw else None
        if address is None and raw and not missing(plain(raw[:40])):
            self.puzzle("url", raw)
        return address

    def _city(self, raw: str, car: Car, address: str | None) -> str | None:
        """Where a cell names it, that counts alone; else the title's, else the one in the page's address."""
        if raw:
            city = self.meant("city", raw, self.know.city)
            if city or not missing(plain(raw[:40])):
                return city
        return car.city or (self.know.page_city(address) if address else None)

    def _pictures(self) -> tuple[str, ...]:
        if not self.know.images:
            return ()
        found, wrong = links.pictures([self.row.cells[at] for at in self.know.images])
        for raw in wrong:
            self.puzzle("images", raw)
        return found

    def _stock_number(self, raw: str) -> str | None:
        number = stock_number(raw)
        if number is not None and len(number) > _MOST_STOCK_NUMBER:
            self.refuse("stock_number", raw, "stock_number_too_long")
            return number[:_MOST_STOCK_NUMBER]
        return number

    def _phone(self, raw: str) -> str | None:
        number, wrong = self.know.phone(raw)
        if wrong is not None:
            self.doubt("seller_phone", raw, "phone_unclear")
        return number


def _named(make: str, model: str) -> str:
    """A name of both, where the model's own does not begin with the make: "BMW 7 Series" of BMW is whole."""
    first, said = squash(make), tokens(model)
    whole = any("".join(said[:end]) == first for end in range(1, len(said) + 1))
    return model if whole else f"{make} {model}"


def _key_of(facts: CarFacts) -> str:
    """Of the facts without the price, so that a new price does not make another car of it."""
    unpriced = replace(facts, asking_price=None, call_for_price=False)
    return "car:" + blake2b(_encode(unpriced), digest_size=12).hexdigest()
