"""What a reader of one sheet knows: which cell is which field, and what each distinct cell means."""

from collections.abc import Iterable, Mapping
from operator import itemgetter

from app.feeds.rules.figures import read_engine, read_km, read_year
from app.feeds.rules.headers import FIELDS, unit_of
from app.feeds.rules.links import city_in
from app.feeds.rules.meanings import (
    CHOICES,
    Kept,
    chooser,
    city_finder,
    find_phone,
    folded,
    registration_finder,
)
from app.feeds.rules.prices import read_price
from app.feeds.rules.recognising import Car, Texts, recognise
from app.feeds.rules.sheets import Column
from app.feeds.rules.vocabulary import Vocabulary

_MOST_CARS = 50_000


class Lookups:
    def __init__(
        self,
        vocabulary: Vocabulary,
        mapping: Mapping[str, str | None],
        columns: Iterable[Column],
        learned: Mapping[tuple[str, str], str],
        this_year: int,
    ) -> None:
        self.vocabulary = vocabulary
        self.this_year = this_year
        at: dict[str, int] = {}
        self.headers: dict[str, str] = {}
        self.images: list[int] = []
        for column in columns:
            field = mapping.get(column.header)
            if field == "images":
                self.images.append(column.index)
            elif field and field not in at:
                at[field] = column.index
                self.headers[field] = column.header
        self.pick = itemgetter(*(at.get(field, -1) for field in FIELDS))
        """The cells of a row, and an empty one behind them, in the order of FIELDS."""
        told = self._learned = folded(learned)
        units = {field: unit_of(header) for field, header in self.headers.items()}
        self.price = Kept(lambda raw: read_price(raw, units.get("asking_price")))
        self.km = Kept(lambda raw: read_km(raw, units.get("odometer_km")))
        self.miles = Kept(lambda raw: read_km(raw, "miles"))
        self.engine = Kept(lambda raw: read_engine(raw, units.get("engine_cc")))
        self.year = Kept(lambda raw: read_year(raw, this_year))
        self.import_year = Kept(lambda raw: read_year(raw, this_year, unclear="import_year_unclear"))
        self.choices = {field: Kept(chooser(field, told)) for field in CHOICES}
        self.city = Kept(city_finder(vocabulary, told))
        self.registered = Kept(registration_finder(vocabulary, told))
        self.phone = Kept(find_phone)
        self._cars: dict[tuple[str, str, str, str], Car] = {}

    def page_city(self, address: str) -> str | None:
        return city_in(address, self.vocabulary.places)

    def car(self, make: str, model: str, variant: str, title: str) -> Car:
        said = (make, model, variant, title)
        car = self._cars.get(said)
        if car is None:
            if len(self._cars) >= _MOST_CARS:
                self._cars.clear()
            car = self._cars[said] = recognise(Texts(*said), self.vocabulary, self._learned, self.this_year)
        return car
