"""The org's outlets, how many cars each carries now, and which opted-in cars each leaves out."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, case, func, null, select, tuple_

from app.core import lists, settings
from app.core.base import Db, one_or
from app.core.ids import Id
from app.core.paging import Page, cut
from app.listings.models import Listing
from app.media import queries as media
from app.orgs.models import Branch
from app.outlets import rules
from app.outlets.errors import OutletGone
from app.outlets.models import Outlet
from app.outlets.queries.doors import token_of
from app.outlets.schemas import LeftOut, OutletRow

FEED = "/api/v1/outlets/feed/"


async def outlets(db: Db, *, within: Id | None) -> list[OutletRow]:
    """By name. `within`: of that branch only."""
    found = (await db.execute(_rows(within).order_by(Outlet.name, Outlet.id).limit(rules.MOST))).all()
    counted = {kind: await _counted(db, kind) for kind in {row[0].kind for row in found}}
    return [_row(row, counted[row[0].kind]) for row in found]


async def outlet(db: Db, outlet_id: Id, *, within: Id | None) -> OutletRow:
    """Raises OutletGone."""
    row = one_or(await db.execute(_rows(within).where(Outlet.id == outlet_id)), OutletGone)
    return _row(row, await _counted(db, row[0].kind))


async def outlet_count(db: Db) -> int:
    return await db.scalar(select(func.count()).select_from(Outlet)) or 0


async def outlet_for_change(db: Db, outlet_id: Id, *, within: Id | None) -> Outlet:
    """Locked. Raises OutletGone."""
    mine = (Outlet.id == outlet_id, *_within(within))
    found: Outlet = one_or(await db.scalars(select(Outlet).where(*mine).with_for_update()), OutletGone)
    return found


async def left_out(
    db: Db, outlet_id: Id, *, within: Id | None, cursor: str | None = None, limit: int = 50
) -> Page[LeftOut]:
    """The latest first. Raises OutletGone."""
    asked = one_or(await db.scalars(select(Outlet).where(Outlet.id == outlet_id, *_within(within))), OutletGone)
    position, cursors = await lists.position(db), lists.cursors(db, "left_out")
    why = _why(asked.kind)
    query = select(
        Listing.id, Listing.number, Listing.title, Listing.stock_number, Listing.status, why.label("why")
    ).where(*_opted_in(db), why.is_not(None))
    if asked.branch_id is not None:
        query = query.where(Listing.branch_id == asked.branch_id)
    if before := cursors.decode(cursor, tuple[Id]):
        query = query.where(Listing.id < before[0])
    page, more = cut(list(await db.execute(query.order_by(Listing.id.desc()).limit(limit + 1))), limit)
    cars = [LeftOut(**dict(zip(LeftOut.__struct_fields__, row, strict=True))) for row in page]
    return Page(cars, cursors.encode(page[-1].id) if more else None, position)


async def held_back(db: Db, ids: Sequence[Id]) -> dict[str, int]:
    """How many of these cars of ours no feed, or not the one that asks most of them, would carry, by why."""
    why = _why(rules.STRICTEST).label("why")
    ours = (Listing.id.in_(ids), Listing.org_id == db.scope.org_id, Listing.deleted_at.is_(None))
    counts = func.count().label("cars")
    found = await db.execute(select(why, counts).where(*ours).group_by(why).order_by(counts.desc(), why))
    return {code: cars for code, cars in found if code is not None}


class _Counted(Struct, frozen=True):
    """Opted-in cars of a branch, by why they are left out; None for those that go out."""

    branch_id: Id | None
    why: str | None
    cars: int


async def _counted(db: Db, kind: str) -> list[_Counted]:
    why = _why(kind).label("why")
    found = await db.execute(
        select(Listing.branch_id, why, func.count()).where(*_opted_in(db)).group_by(Listing.branch_id, why)
    )
    return [_Counted(*row) for row in found]


def _why(kind: str) -> ColumnElement[Any]:
    """Why a car is not in a feed of this kind: what `offered` asks, said the other way round."""
    places = tuple_(Listing.visibility, Listing.channel).in_(rules.PUBLIC)
    cases: list[tuple[ColumnElement[bool], Any]] = [
        (Listing.status == "sold", "sold"),
        (Listing.status == "reserved", "reserved"),
        (Listing.status.not_in(rules.SHOWS[kind]), "off_market"),
        (~places, "not_public"),
    ]
    if "reserved" in rules.SHOWS[kind]:
        del cases[1]
    if "price" in rules.NEEDS[kind]:
        cases.append((Listing.asking_price.is_(None), "no_price"))
    if "picture" in rules.NEEDS[kind]:
        cases.append((~media.pictured(Listing.id), "no_picture"))
    return case(*cases, else_=null())


def _opted_in(db: Db) -> Sequence[ColumnElement[bool]]:
    return (Listing.org_id == db.scope.org_id, Listing.in_feeds.is_(True), Listing.deleted_at.is_(None))


def _rows(within: Id | None) -> Select[*tuple[Any, ...]]:
    return (
        select(Outlet, Branch.slug, Branch.name)
        .outerjoin(Branch, Branch.id == Outlet.branch_id)
        .where(*_within(within))
    )


def _within(within: Id | None) -> Sequence[ColumnElement[bool]]:
    return () if within is None else (Outlet.branch_id == within,)


def _row(row: Any, counted: Iterable[_Counted]) -> OutletRow:
    one, branch, branch_name = row
    mine = [part for part in counted if one.branch_id in (None, part.branch_id)]
    left = Counter[str]()
    for part in mine:
        if part.why is not None:
            left[part.why] += part.cars
    extension = rules.writer(one.kind, "").extension
    return OutletRow(
        id=one.id,
        name=one.name,
        kind=one.kind,
        branch=branch,
        branch_name=branch_name,
        url=f"{settings.current().base_url}{FEED}{token_of(one.token_id)}.{extension}",
        cars=sum(part.cars for part in mine if part.why is None),
        left_out=dict(left.most_common()),
        made_at=one.made_at,
        renewed_at=one.renewed_at,
        fetched_at=one.fetched_at,
        fetched_cars=one.fetched_cars,
    )
