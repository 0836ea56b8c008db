"""Questions with words: one statement finds the rows, counts them and orders them, so that words are looked up once."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, case, func, literal, not_, null, select, union_all
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.types import BigInteger, Integer, Uuid

from app.adapters.search.port import SearchQuery
from app.core.base import Db
from app.core.ids import Id
from app.listings import rules
from app.listings.models import ListingText
from app.listings.queries import CodeBook
from app.search.queries.counting import Counts
from app.search.queries.groups import FOUND, Counted, Group, total
from app.search.queries.narrowing import Condition, question
from app.search.queries.paging import order

_TEXT = cast(Table, ListingText.__table__).c
_NEEDED = (
    "id", "fresh_at", "rank", "asking_price", "odometer_km", "year", "city", "model", "kinds", "looks", "registered",
)  # fmt: skip


async def find(
    db: Db,
    query: SearchQuery,
    base: Sequence[Condition],
    groups: Mapping[str, Group],
    wanted: Sequence[str],
    away: Mapping[int, float],
    book: CodeBook,
) -> tuple[Counts, list[Id]]:
    """`away`: how far each city's code is, for who sorts by that."""
    active = [group for group in groups.values() if group.filters]
    marks = [and_(*group.on(FOUND, book)) for group in active]
    named = (mark.label(f"fits_{group.number}") for mark, group in zip(marks, active, strict=True))
    columns = [FOUND[name] for name in _NEEDED]
    asked = as_type(bindparam(None, question(query.words)), TSQUERY)
    fit = (
        select(*columns, _lift(query, marks).label("lift"), *named)
        .join_from(_TEXT.id.table, FOUND.id.table, _TEXT.id == FOUND.id)
        .where(_TEXT.words.bool_op("@@")(asked), FOUND.live, *base)
        .cte("fit")
        .prefix_with("materialized")
    )
    numbers = list(wanted) or ["city"]
    parts = [_counted(fit, at, number, active) for at, number in enumerate(numbers)]
    rows = await (await db.connection()).execute(union_all(*parts, _page(fit, query, active, away)))
    by: dict[str, dict[int, int]] = {number: {} for number in numbers}
    ids: list[tuple[int, Id]] = []
    for at, code, amount, id_ in rows:
        if id_ is not None:
            ids.append((amount, id_))
        else:
            by[numbers[at]][code] = amount
    counted: Counted = by[numbers[0]]
    return Counts(total(groups[numbers[0]], counted), by), [id_ for _place, id_ in sorted(ids)]


def _counted(fit: Any, at: int, number: str, active: Sequence[Group]) -> Any:
    others = [fit.c[f"fits_{group.number}"] for group in active if group.number != number]
    code = fit.c[number]
    columns = (literal(at, Integer()), as_type(code, Integer()), func.count(), as_type(null(), Uuid()))
    return select(*columns).where(*others).group_by(code)


def _page(fit: Any, query: SearchQuery, active: Sequence[Group], away: Mapping[int, float]) -> Any:
    by = order(query.sort, fit.c)
    if query.sort == "relevance":
        by = ((fit.c.rank + fit.c.lift).desc(), fit.c.id.desc())
    elif query.sort == "distance":
        nearest = sorted(away, key=lambda code: (away[code], code))
        at = case({code: place for place, code in enumerate(nearest)}, value=fit.c.city, else_=len(nearest))
        by = (at, *order("relevance", fit.c))
    fits = [fit.c[f"fits_{group.number}"] for group in active]
    page = (
        select(fit.c.id)
        .where(*fits)
        .order_by(*by)
        .limit(query.per_page)
        .offset((query.page - 1) * query.per_page)
        .subquery("page")
    )
    place = func.row_number().over()
    return select(literal(-1, Integer()), literal(0, Integer()), as_type(place, BigInteger()), page.c.id)


def _lift(query: SearchQuery, marks: Sequence[Condition]) -> ColumnElement[int]:
    """What it counts where the words are; of no account in other orders, nor for what is only counted.

    To look into the words of a row once more costs more than all else that is done with it.
    """
    if query.sort != "relevance":
        return literal(0, Integer())
    named, told = (
        _TEXT.words.bool_op("@@")(as_type(bindparam(None, question(query.words, weights)), TSQUERY))
        for weights in ("AB", "ABC")
    )
    aside = [(not_(and_(*marks)), literal(0, Integer()))] if marks else []
    return case(
        *aside,
        (named, literal(rules.lift(rules.IN_TITLE), Integer())),
        (told, literal(rules.lift(rules.IN_FACTS), Integer())),
        else_=literal(rules.lift(rules.IN_TEXT), Integer()),
    )
