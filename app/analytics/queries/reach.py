"""How often our cars were looked at."""

from collections.abc import Collection
from datetime import date, timedelta

from msgspec import Struct
from sqlalchemy import func, select

from app.analytics.models import ListingDay
from app.core.base import Db
from app.core.ids import Id


class Reach(Struct, frozen=True):
    """Sums over some days: seen in lists, opened, and what came of it."""

    impressions: int
    views: int
    card_views: int
    leads: int


async def reach(db: Db, listing_id: Id, today: date, days: int = 30) -> Reach:
    """Of one of the org in scope; nothing where nobody looked."""
    return (await reach_of(db, [listing_id], today, days)).get(listing_id, Reach(0, 0, 0, 0))


async def reach_of(db: Db, listing_ids: Collection[Id], today: date, days: int = 30) -> dict[Id, Reach]:
    """Of those that anybody looked at."""
    leads = ListingDay.phone_reveals + ListingDay.whatsapp_clicks + ListingDay.enquiries
    sums = (ListingDay.impressions, ListingDay.views, ListingDay.card_views, leads)
    found = await db.execute(
        select(ListingDay.listing_id, *(func.sum(one) for one in sums))
        .where(
            ListingDay.listing_id.in_(listing_ids),
            ListingDay.org_id == db.scope.org_id,
            ListingDay.day > today - timedelta(days=days),
        )
        .group_by(ListingDay.listing_id)
    )
    return {row[0]: Reach(*(int(one) for one in row[1:])) for row in found}
