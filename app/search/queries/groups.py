"""The five numbers of a search row that are counted, and how counts by one of them become facets.

One count by a number, made without the filters on that number, tells all its facets: each sums up the codes that the
other filters on the same number let through.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any, cast

from msgspec import Struct
from sqlalchemy import ColumnElement, Table, any_, bindparam, false, literal
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import SmallInteger

from app.adapters.search.port import FacetName, SearchQuery
from app.listings import rules
from app.listings.models import ListingSearch
from app.listings.queries import CodeBook

FOUND = cast(Table, ListingSearch.__table__).c
Counted = Mapping[int, int]
Passes = Callable[[int], bool]

NUMBERS: Mapping[str, tuple[FacetName, ...]] = {
    "model": ("make", "model"),
    "city": ("city",),
    "kinds": ("body", "fuel", "transmission", "assembly", "seller"),
    "looks": ("colour", "paint", "auction"),
    "registered": ("registered",),
}
"""Which facets each number tells."""


class Group(Struct, frozen=True):
    """The filters on one number. `passes`: of each of its facets asked for, which codes fit."""

    number: str
    filters: Mapping[FacetName, Sequence[str]] = {}
    passes: Mapping[FacetName, Passes] = {}

    def on(self, rows: Any, book: CodeBook) -> list[ColumnElement[bool]]:
        """The same as conditions on columns."""
        packed: dict[str, Sequence[str]] = {
            name: values for name, values in self.filters.items() if name in rules.PACKED
        }
        return [
            *([_bits(rows, packed)] if packed else []),
            *(among(rows[name], book.called(name, said)) for name, said in self.filters.items() if name not in packed),
        ]


def groups_of(query: SearchQuery, book: CodeBook) -> dict[str, Group]:
    made = {}
    for number, names in NUMBERS.items():
        filters = {name: query.filters[name] for name in names if query.filters.get(name)}
        made[number] = Group(number, filters, {name: _passing(name, said, book) for name, said in filters.items()})
    return made


def condition(name: str, values: Sequence[str], book: CodeBook, rows: Any = FOUND) -> ColumnElement[bool]:
    """That the row has one of these; slugs that nothing is called are nobody's."""
    return _bits(rows, {name: values}) if name in rules.PACKED else among(rows[name], book.called(name, values))


def _bits(rows: Any, filters: Mapping[str, Sequence[str]]) -> ColumnElement[bool]:
    """All filters on one packed number as one comparison: its bits under one mask are one of these."""
    column, mask, wanted = "", 0, [0]
    for name, values in filters.items():
        bits = rules.PACKED[name]
        column, mask = bits.column, mask | bits.mask << bits.shift
        wanted = [one | code << bits.shift for one in wanted for code in rules.codes(name, values)]
    return among(rows[column].op("&", return_type=SmallInteger())(literal(mask, SmallInteger())), wanted)


def among(column: ColumnElement[Any], wanted: Collection[int]) -> ColumnElement[bool]:
    if not wanted:
        return false()
    if len(wanted) == 1:
        return column == bindparam(None, next(iter(wanted)), type_=SmallInteger())
    return column == any_(bindparam(None, sorted(wanted), type_=ARRAY(SmallInteger())))


def _passing(name: FacetName, values: Sequence[str], book: CodeBook) -> Passes:
    if name in rules.PACKED:
        fit, said = set(values), _unpacked(name)
        return lambda code: said[code] in fit
    if name == "make":
        makes = set(values)
        return lambda code: book.slugs.get(("model", code), "").partition("/")[0] in makes
    codes = set(book.called(name, values))
    return lambda code: code in codes


def values_of(number: str, name: FacetName, book: CodeBook) -> Callable[[int], str | None]:
    """What a code says in this facet."""
    if name in rules.PACKED:
        return _unpacked(name).__getitem__
    if name == "make":
        return lambda code: book.slugs.get(("model", code), "").partition("/")[0] or None
    if name == "model":
        return lambda code: book.slugs.get(("model", code), "").rpartition("/")[2] or None
    return lambda code: book.slugs.get((number, code))


class _Unpacked(dict[int, str | None]):
    """Values of one packed field by the number they are packed in."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def __missing__(self, number: int) -> str | None:
        value = self[number] = rules.unpacked(self._name, number)
        return value


@cache
def _unpacked(name: str) -> _Unpacked:
    return _Unpacked(name)


def facet(group: Group, name: FacetName, counted: Counted, book: CodeBook) -> dict[str, int]:
    """The most first, then by slug."""
    others = [passes for of, passes in group.passes.items() if of != name]
    said = values_of(group.number, name, book)
    found = defaultdict[str, int](int)
    for code, amount in counted.items():
        value = said(code)
        if value is not None and amount > 0 and all(passes(code) for passes in others):
            found[value] += amount
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def total(group: Group, counted: Counted) -> int:
    own = list(group.passes.values())
    return sum(amount for code, amount in counted.items() if all(passes(code) for passes in own))
