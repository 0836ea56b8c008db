"""Cars that an org lets go out by feeds, as anybody may see them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.core.base import Db
from app.core.ids import Id
from app.listings.models import Listing
from app.listings.queries.cards import made, reading
from app.listings.schemas import OfferedCar
from app.media import queries as media
from app.orgs.models import StorefrontBranch
from app.taxonomy.models import Location

_PROVINCE = aliased(Location)
_MORE = {
    "description": Listing.description,
    "stock_number": Listing.stock_number,
    "attributes": Listing.attributes,
    "lat": Listing.lat,
    "lon": Listing.lon,
    "branch_address": StorefrontBranch.address,
    "province_name": select(_PROVINCE.name)
    .where(_PROVINCE.id == Location.parent_id)
    .correlate(Location)
    .scalar_subquery(),
}


async def offered(
    db: Db,
    org_id: Id,
    *,
    branch_id: Id | None,
    statuses: Sequence[str],
    needs: Sequence[str],
    after: Id | None,
    limit: int,
) -> list[OfferedCar]:
    """In the order of their ids. `db` is of nobody's scope: what it shows, the public sees."""
    if db.scope.org_id is not None:
        raise ValueError("a feed is read with the eyes of the public")
    wanted = reading(_MORE).where(Listing.org_id == org_id, Listing.in_feeds.is_(True), Listing.status.in_(statuses))
    if branch_id is not None:
        wanted = wanted.where(Listing.branch_id == branch_id)
    if "price" in needs:
        wanted = wanted.where(Listing.asking_price.is_not(None))
    if "picture" in needs:
        wanted = wanted.where(media.pictured(Listing.id))
    if after is not None:
        wanted = wanted.where(Listing.id > after)
    rows = (await db.execute(wanted.order_by(Listing.id).limit(limit))).all()
    albums = await media.albums(db, [row.id for row in rows])
    return [
        made(
            OfferedCar, row, photo=None, pictures=tuple(one.url for one in albums.get(row.id, ())),
            drive=row.attributes.get("drive"),
        )
        for row in rows
    ]  # fmt: skip
