"""A dealership as the market shows it."""

from msgspec import Struct
from sqlalchemy import func, select

from app.core.base import Db, one_or
from app.core.ids import Id
from app.listings.errors import ListingGone
from app.listings.models import ListingSearch
from app.orgs.models import Storefront


class Front(Struct, frozen=True):
    """`live`: how many cars it has on the market."""

    org_id: Id
    slug: str
    name: str
    kind: str
    live: int


async def storefront(db: Db, org_id: Id) -> Front:
    """Raises ListingGone for an org that no longer sells."""
    live = (
        select(func.count())
        .select_from(ListingSearch)
        .where(ListingSearch.org_id == org_id, ListingSearch.live)
        .scalar_subquery()
    )
    found = await db.execute(
        select(Storefront.org_id, Storefront.slug, Storefront.name, Storefront.kind, live).where(
            Storefront.org_id == org_id
        )
    )
    return Front(*one_or(found, ListingGone))
