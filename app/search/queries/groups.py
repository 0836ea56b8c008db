"""The five numbers of a search row that are counted, and how counts by one of them become facets.

One count by a number, made without the filters on that number, tells all its facets: each sums up the codes that the
other filters on the same number let through.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, cast

from msgspec import Struct
from sqlalchemy import ColumnElement, Table, any_, bindparam, false
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
    conditions: tuple[ColumnElement[bool], ...]
    passes: Mapping[FacetName, Passes]


def groups_of(query: SearchQuery, book: CodeBook) -> dict[str, Group]:
    made = {}
    for number, names in NUMBERS.items():
        filters = {name: query.filters[name] for name in names if query.filters.get(name)}
        conditions = tuple(condition(name, values, book) for name, values in filters.items())
        passes = {name: _passing(name, values, book) for name, values in filters.items()}
        made[number] = Group(number, conditions, passes)
    return made


def condition(name: str, values: Sequence[str], book: CodeBook) -> ColumnElement[bool]:
    """That the row has one of these; slugs that nothing is called are nobody's."""
    if name in rules.PACKED:
        bits = rules.PACKED[name]
        column: ColumnElement[Any] = FOUND[bits.column].op(">>")(bits.shift).op("&")(bits.mask)
        wanted = rules.codes(name, values)
    else:
        column, wanted = FOUND[name], book.called(name, values)
    return among(column, wanted)


def among(column: ColumnElement[Any], wanted: Collection[int]) -> ColumnElement[bool]:
    if not wanted:
        return false()
    if len(wanted) == 1:
        return column == bindparam(None, next(iter(wanted)), type_=SmallInteger())
    return column == any_(bindparam(None, sorted(wanted), type_=ARRAY(SmallInteger())))


def _passing(name: FacetName, values: Sequence[str], book: CodeBook) -> Passes:
    if name in rules.PACKED:
        fit = set(values)
        return lambda code: rules.unpacked(name, code) in fit
    if name == "make":
        makes = set(values)
        return lambda code: book.slugs.get(("model", code), "").partition("/")[0] in makes
    codes = set(book.called(name, values))
    return lambda code: code in codes


def values_of(number: str, name: FacetName, book: CodeBook) -> Callable[[int], str | None]:
    """What a code says in this facet."""
    if name in rules.PACKED:
        return lambda code: rules.unpacked(name, code)
    if name == "make":
        return lambda code: book.slugs.get(("model", code), "").partition("/")[0] or None
    if name == "model":
        return lambda code: book.slugs.get(("model", code), "").rpartition("/")[2] or None
    return lambda code: book.slugs.get((number, code))


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
