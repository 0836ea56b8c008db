"""A question as people and programs put it, as an engine takes it. Its scope is made here, from nothing they say."""

from sqlalchemy import select

from app.adapters.search.port import FACETS, FilterName, Geo, Limits, RangeName, Scope, SearchQuery
from app.core.base import Db
from app.core.ids import Id
from app.listings.schemas import ListingSearchForm
from app.orgs.models import Storefront, StorefrontBranch
from app.search.queries.places import spot
from app.search.queries.understanding import understood, words_of

_FILTERS: tuple[FilterName, ...] = (*FACETS, "trim", "condition")
_NOWHERE = Geo(-90.0, 0.0, 1)
"""Around a place that there is not, there is nothing."""


async def query_of(db: Db, asked: ListingSearchForm) -> SearchQuery:
    asked = (await understood(db, asked)).asked
    return SearchQuery(
        scope=await _scope(db, asked),
        words=words_of(asked),
        filters={name: getattr(asked, name) for name in _FILTERS if getattr(asked, name)},
        ranges=_ranges(asked),
        photos=asked.photos,
        geo=await _geo(db, asked),
        sort=asked.sort,
        page=asked.page,
        facets=FACETS if asked.facets else (),
    )


async def _scope(db: Db, asked: ListingSearchForm) -> Scope:
    orgs: tuple[Id, ...] | None = None
    branches: tuple[Id, ...] | None = None
    if asked.org:
        orgs = tuple(await db.scalars(select(Storefront.org_id).where(Storefront.slug.in_(asked.org))))
    if asked.branch:
        rows = await db.execute(
            select(StorefrontBranch.branch_id, StorefrontBranch.org_id).where(StorefrontBranch.slug.in_(asked.branch))
        )
        found = [tuple(row) for row in rows]
        branches = tuple(branch for branch, _org in found)
        theirs = {org for _branch, org in found}
        orgs = tuple(theirs if orgs is None else theirs & set(orgs))
    return Scope(orgs=orgs, branches=branches)


def _ranges(asked: ListingSearchForm) -> dict[RangeName, Limits]:
    said: dict[RangeName, Limits] = {
        "year": (asked.year_min, asked.year_max),
        "price": (asked.price_min, asked.price_max),
        "km": (asked.km_min, asked.km_max),
        "cc": (asked.cc_min, asked.cc_max),
    }
    return {name: limits for name, limits in said.items() if limits != (None, None)}


async def _geo(db: Db, asked: ListingSearchForm) -> Geo | None:
    if asked.near is None:
        return None
    where = await spot(db, asked.near)
    return Geo(*where, asked.radius * 1000) if where else _NOWHERE
