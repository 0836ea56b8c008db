"""The org's own stock, in any state."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import TSQUERY

from app.core import clock, lists
from app.core.base import Db
from app.core.bounds import clean_text
from app.core.ids import Id
from app.core.paging import Page, cut
from app.listings import rules
from app.listings.models import Listing, ListingText
from app.listings.queries.cards import rows_of_stock, stock_of
from app.listings.schemas import StockRow


async def stock(
    db: Db,
    *,
    status: Sequence[str] = (),
    branch_id: Id | None = None,
    q: str = "",
    age: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[StockRow]:
    """The latest first. `q` is words of the car, a stock number or the public number; `age` one of rules.AGES."""
    position, cursors = await lists.position(db), lists.cursors(db, "stock")
    conditions = _conditions(db, branch_id, q, age)
    if status:
        conditions.append(Listing.status.in_(status))
    if before := cursors.decode(cursor, tuple[Id]):
        conditions.append(Listing.id < before[0])
    found = await db.execute(rows_of_stock().where(*conditions).order_by(Listing.id.desc()).limit(limit + 1))
    page, more = cut(list(found), limit)
    return Page(await stock_of(db, page), cursors.encode(page[-1].id) if more else None, position)


async def counts(db: Db, *, branch_id: Id | None = None, q: str = "", age: str = "") -> dict[str, int]:
    """How many there are in each state."""
    found = await db.execute(
        select(Listing.status, func.count())
        .where(Listing.deleted_at.is_(None), *_conditions(db, branch_id, q, age))
        .group_by(Listing.status)
    )
    return {row[0]: row[1] for row in found}


async def ages(db: Db, *, branch_id: Id | None = None) -> dict[str, int]:
    """How many cars for sale or reserved there are of each age."""
    columns = [func.count().filter(_of_age(age)).label(age) for age in rules.AGES]
    standing = (Listing.status.in_(rules.IN_STOCK), Listing.deleted_at.is_(None))
    row = (await db.execute(select(*columns).where(*standing, *_conditions(db, branch_id, "", "")))).one()
    return dict(zip(rules.AGES, row, strict=True))


def _of_age(age: str) -> ColumnElement[bool]:
    since, until = rules.taken_in(age, clock.now())
    return and_(Listing.created_at >= since, Listing.created_at < until)


def _conditions(db: Db, branch_id: Id | None, q: str, age: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Listing.org_id == db.scope.org_id]
    if branch_id is not None:
        conditions.append(Listing.branch_id == branch_id)
    if age in rules.AGES:
        conditions.append(_of_age(age))
    if q.strip():
        conditions.append(_asked(db, clean_text(q)))
    return conditions


def _asked(db: Db, q: str) -> ColumnElement[bool]:
    ways = [Listing.stock_number.istartswith(q, autoescape=True)]
    if question := rules.wanted(q):
        words = ListingText.words.bool_op("@@")(cast(question, TSQUERY))
        ways.append(Listing.id.in_(select(ListingText.id).where(ListingText.org_id == db.scope.org_id, words)))
    if q.isdecimal() and len(q) <= 15:
        ways.append(Listing.number == int(q))
    return or_(*ways)
