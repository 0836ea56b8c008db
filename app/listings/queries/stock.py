"""The org's own stock, in any state."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import TSQUERY

from app.core import clock, lists
from app.core.base import Db
from app.core.bounds import clean_text
from app.core.ids import Id
from app.core.paging import Page, cut
from app.listings import rules
from app.listings.models import Listing, ListingText
from app.listings.queries.cards import rows_of_stock, stock_of
from app.listings.queries.twins import has_twin
from app.listings.schemas import StockFilters, StockRow
from app.vehicles.models import Make, Model

Condition = ColumnElement[bool]
_UNKNOWN = 10**13
# What a list is ordered by before the id, and whether the greatest comes first; None is the order they came in.
_ORDERS: dict[str, tuple[Any, bool]] = {
    "newest": (None, True),
    "oldest": (None, False),
    "price_asc": (func.coalesce(Listing.asking_price, _UNKNOWN), False),
    "price_desc": (func.coalesce(Listing.asking_price, 0), True),
    "km_asc": (func.coalesce(Listing.odometer_km, _UNKNOWN), False),
    "year_desc": (func.coalesce(Listing.year, 0), True),
}


async def stock(
    db: Db,
    asked: StockFilters,
    *,
    status: Sequence[str] = (),
    branch_id: Id | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[StockRow]:
    """`status`: those that `asked.status` stands for."""
    position, cursors = await lists.position(db), lists.cursors(db, f"stock {asked.sort}")
    conditions = _conditions(db, asked, branch_id)
    if status:
        conditions.append(Listing.status.in_(status))
    key, falling = _ORDERS[asked.sort]
    if last := cursors.decode(cursor, tuple[int, Id]):
        conditions.append(_after(key, falling, *last))
    order = [one.desc() if falling else one for one in (key, Listing.id) if one is not None]
    statement = rows_of_stock() if key is None else rows_of_stock().add_columns(key.label("sorted_by"))
    rows = (await db.execute(statement.where(*conditions).order_by(*order).limit(limit + 1))).all()
    page, more = cut(list(rows), limit)
    following = cursors.encode(0 if key is None else page[-1].sorted_by, page[-1].id) if more else None
    return Page(await stock_of(db, page), following, position)


def _after(key: Any, falling: bool, value: int, id_: Id) -> Condition:
    if key is None:
        return Listing.id < id_ if falling else Listing.id > id_
    here = tuple_(key, Listing.id)
    return here < tuple_(value, id_) if falling else here > tuple_(value, id_)


async def counts(db: Db, asked: StockFilters, *, branch_id: Id | None = None) -> dict[str, int]:
    """How many there are in each state."""
    found = await db.execute(
        select(Listing.status, func.count())
        .where(Listing.deleted_at.is_(None), *_conditions(db, asked, branch_id))
        .group_by(Listing.status)
    )
    return {row[0]: row[1] for row in found}


async def stock_ids(
    db: Db, asked: StockFilters, *, status: Sequence[str], branch_id: Id | None, limit: int
) -> list[Id]:
    """All that the list shows, however many pages it has."""
    found = await db.scalars(
        select(Listing.id)
        .where(Listing.deleted_at.is_(None), Listing.status.in_(status), *_conditions(db, asked, branch_id))
        .order_by(Listing.id)
        .limit(limit)
    )
    return list(found)


async def ages(db: Db, *, branch_id: Id | None = None) -> dict[str, int]:
    """How many cars for sale or reserved there are of each age."""
    columns = [func.count().filter(_of_age(age)).label(age) for age in rules.AGES]
    standing = (Listing.status.in_(rules.IN_STOCK), Listing.deleted_at.is_(None))
    found = await db.execute(select(*columns).where(*standing, *_conditions(db, StockFilters(), branch_id)))
    return dict(zip(rules.AGES, found.one(), strict=True))


def _of_age(age: str) -> Condition:
    since, until = rules.taken_in(age, clock.now())
    return and_(Listing.created_at >= since, Listing.created_at < until)


def _conditions(db: Db, asked: StockFilters, branch_id: Id | None) -> list[Condition]:
    conditions: list[Condition] = [Listing.org_id == db.scope.org_id]
    if branch_id is not None:
        conditions.append(Listing.branch_id == branch_id)
    same = ("body", "fuel", "transmission", "assembly", "documents", "paint", "visibility", "channel")
    conditions += [getattr(Listing, name) == value for name in same if (value := getattr(asked, name))]
    for column, least, most in (
        (Listing.year, asked.year_min, asked.year_max),
        (Listing.asking_price, asked.price_min, asked.price_max),
        (Listing.odometer_km, None, asked.km_max),
    ):
        conditions += [column >= least] if least is not None else []
        conditions += [column <= most] if most is not None else []
    return conditions + [make(db, value) for name, make in _WAYS.items() if (value := getattr(asked, name))]


def _of_car(_db: Db, car: str) -> Condition:
    make, _slash, model = car.partition("/")
    makes = select(Make.id).where(Make.slug == make)
    if not model:
        return Listing.make_id.in_(makes)
    return Listing.model_id.in_(select(Model.id).where(Model.slug == model, Model.make_id.in_(makes)))


def _token(_db: Db, token: str) -> Condition:
    """Months are texts that sort, and `lifetime` comes after them all."""
    paid = Listing.token_paid_to >= f"{clock.now():%Y-%m}"
    return paid if token == "paid" else func.coalesce(~paid, True)  # noqa: S105 - road tax, no secret


def _asked(db: Db, q: str) -> Condition:
    q = clean_text(q)
    ways = [Listing.stock_number.istartswith(q, autoescape=True)]
    if question := rules.wanted(q):
        words = ListingText.words.bool_op("@@")(cast(question, TSQUERY))
        ways.append(Listing.id.in_(select(ListingText.id).where(ListingText.org_id == db.scope.org_id, words)))
    if q.isdecimal() and len(q) <= 15:
        ways.append(Listing.number == int(q))
    return or_(*ways)


_LACKING: dict[str, Condition] = {
    "price": Listing.asking_price.is_(None),
    "papers": or_(Listing.documents.is_(None), Listing.paint.is_(None)),
    "doubt": Listing.doubt.is_not(None),
    "twin": has_twin(),
}
_WAYS: dict[str, Callable[[Db, str], Condition]] = {
    "q": _asked,
    "age": lambda _db, age: _of_age(age),
    "car": _of_car,
    "registered": lambda _db, place: Listing.registered_in == place,
    "token": _token,
    "auction": lambda _db, _sheet: Listing.auction_grade.is_not(None),
    "feeds": lambda _db, way: Listing.in_feeds.is_(way == "in"),
    "lacks": lambda _db, what: _LACKING[what],
}
