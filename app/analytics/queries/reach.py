"""How often one of our cars was looked at."""

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
    leads = ListingDay.phone_reveals + ListingDay.whatsapp_clicks + ListingDay.enquiries
    sums = (ListingDay.impressions, ListingDay.views, ListingDay.card_views, leads)
    found = await db.execute(
        select(*(func.coalesce(func.sum(one), 0) for one in sums)).where(
            ListingDay.listing_id == listing_id,
            ListingDay.org_id == db.scope.org_id,
            ListingDay.day > today - timedelta(days=days),
        )
    )
    return Reach(*(int(one) for one in found.one()))
