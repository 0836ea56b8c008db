"""Finding cars: full text and counted facets over the two narrow tables, by PostgreSQL itself."""

import math
from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, Struct
from sqlalchemy import ColumnElement, cast, func, select, tuple_
from sqlalchemy.dialects.postgresql import TSQUERY

from app.core.base import Db, one_or
from app.core.ids import Id
from app.listings import rules
from app.listings.errors import ListingGone
from app.listings.models import ListingSearch as Found
from app.listings.models import ListingText
from app.listings.queries.cards import hits
from app.listings.schemas import FACETS, ListingHit, ListingSearchForm, PublicListing, SearchPage
from app.orgs.models import Storefront, StorefrontBranch

PER_PAGE = 24
Condition = ColumnElement[bool]

_NEWEST = (Found.fresh_at.desc().nulls_last(), Found.id.desc())
_ORDERS: dict[str, tuple[Any, ...]] = {
    "relevance": (Found.quality_score.desc(), *_NEWEST),
    "newest": _NEWEST,
    "price_asc": (Found.asking_price.asc().nulls_last(), *_NEWEST),
    "price_desc": (Found.asking_price.desc().nulls_last(), *_NEWEST),
    "km_asc": (Found.odometer_km.asc().nulls_last(), *_NEWEST),
    "year_desc": (Found.year.desc().nulls_last(), *_NEWEST),
    "distance": _NEWEST,
}


async def search(db: Db, asked: ListingSearchForm) -> SearchPage:
    """One page of what anybody may find. Ids come from the search tables, cars through the reader's own eyes."""
    common, chosen = _common(asked), _chosen(asked)
    conditions = [*common, *chosen.values()]
    total = await db.scalar(select(func.count()).select_from(Found).where(*conditions)) or 0
    ids = await _page(db, asked, conditions) if total else []
    return SearchPage(
        total=total,
        page=asked.page,
        pages=math.ceil(total / PER_PAGE),
        hits=await hits(db, ids),
        facets=await _facets(db, common, chosen) if asked.facets else UNSET,
    )


async def _page(db: Db, asked: ListingSearchForm, conditions: Sequence[Condition]) -> list[Id]:
    statement = select(Found.id).where(*conditions)
    order = _ORDERS[asked.sort]
    if asked.sort == "relevance" and (question := rules.wanted(asked.q)):
        statement = statement.join(ListingText, ListingText.id == Found.id)
        order = (func.ts_rank(ListingText.words, cast(question, TSQUERY)).desc(), *order)
    found = await db.scalars(statement.order_by(*order).limit(PER_PAGE).offset((asked.page - 1) * PER_PAGE))
    return list(found)


def _common(asked: ListingSearchForm) -> list[Condition]:
    """What every count obeys: it is on the market, of an org that is open, with these words, in these ranges."""
    conditions: list[Condition] = [Found.live.is_(True), Found.org_id.in_(select(Storefront.org_id))]
    if question := rules.wanted(asked.q):
        words = ListingText.words.bool_op("@@")(cast(question, TSQUERY))
        conditions.append(Found.id.in_(select(ListingText.id).where(ListingText.live, words)))
    if asked.org:
        conditions.append(Found.org_id.in_(select(Storefront.org_id).where(Storefront.slug.in_(asked.org))))
    if asked.branch:
        places = select(StorefrontBranch.branch_id).where(StorefrontBranch.slug.in_(asked.branch))
        conditions.append(Found.branch_id.in_(places))
    for column, least, most in (
        (Found.year, asked.year_min, asked.year_max),
        (Found.asking_price, asked.price_min, asked.price_max),
        (Found.odometer_km, asked.km_min, asked.km_max),
        (Found.engine_cc, asked.cc_min, asked.cc_max),
    ):
        if least is not None:
            conditions.append(column >= least)
        if most is not None:
            conditions.append(column <= most)
    return conditions


def _chosen(asked: ListingSearchForm) -> dict[str, Condition]:
    """Of each facet the values that were ticked."""
    return {
        name: getattr(Found, name).in_(values)
        for name in FACETS
        if (values := tuple(dict.fromkeys(getattr(asked, name))))
    }


async def _facets(db: Db, common: Sequence[Condition], chosen: dict[str, Condition]) -> dict[str, dict[str, int]]:
    """How many cars each value would leave. A facet does not limit itself: its other values stay in sight."""
    counted: dict[str, dict[str, int]] = {}
    free = [name for name in FACETS if name not in chosen]
    if free:
        counted |= await _count(db, free, [*common, *chosen.values()])
    for name in chosen:
        others = [condition for other, condition in chosen.items() if other != name]
        counted |= await _count(db, [name], [*common, *others])
    return {name: counted[name] for name in FACETS}


async def _count(db: Db, names: Sequence[str], conditions: Sequence[Condition]) -> dict[str, dict[str, int]]:
    """One scan for all `names`: a row of the answer counts a value of the one that is not null."""
    columns = [getattr(Found, name) for name in names]
    sets = func.grouping_sets(*(tuple_(column) for column in columns))
    found = await db.execute(select(*columns, func.count()).where(*conditions).group_by(sets))
    counted: dict[str, dict[str, int]] = {name: {} for name in names}
    for *values, count in sorted(found, key=lambda row: -row[-1]):
        for name, value in zip(names, values, strict=True):
            if value is not None:
                counted[name][value] = count
    return counted


async def market_counts(db: Db) -> dict[str, dict[str, int]]:
    """How many cars there are of each make, body and city."""
    return await _count(db, ("make", "body", "city"), _common(ListingSearchForm()))


async def newest(db: Db, limit: int = 8) -> list[ListingHit]:
    """The latest on the market."""
    found = await db.scalars(select(Found.id).where(*_common(ListingSearchForm())).order_by(*_NEWEST).limit(limit))
    return await hits(db, list(found))


async def similar(db: Db, listing: PublicListing, limit: int = 4) -> list[ListingHit]:
    """Others of the model, the nearest years first, then others of the body."""
    conditions = [*_common(ListingSearchForm()), Found.id != listing.id]
    near = func.abs(Found.year - (listing.year or 2020))
    same = (Found.make == listing.make) & (Found.model == listing.model)
    found = await db.scalars(
        select(Found.id)
        .where(*conditions, same | (Found.body == listing.body))
        .order_by(same.desc(), near, *_NEWEST)
        .limit(limit)
    )
    return await hits(db, list(found))


class Front(Struct, frozen=True):
    """A dealership as the market shows it."""

    org_id: Id
    slug: str
    name: str
    kind: str
    live: int


async def storefront(db: Db, org_id: Id) -> Front:
    """Raises ListingGone for an org that no longer sells."""
    live = select(func.count()).select_from(Found).where(Found.org_id == org_id, Found.live).scalar_subquery()
    found = await db.execute(
        select(Storefront.org_id, Storefront.slug, Storefront.name, Storefront.kind, live).where(
            Storefront.org_id == org_id
        )
    )
    return Front(*one_or(found, ListingGone))
