"""Pictures of a listing: the listing is locked and must be one's own, then its pictures change."""

from collections.abc import Sequence

from app.core.base import Db
from app.core.ids import Id
from app.core.security import Principal
from app.listings import queries, rules
from app.listings.models import Listing
from app.listings.service.indexing import index
from app.listings.service.locking import locked
from app.media import queries as pictures
from app.media import rules as media_rules
from app.media import service as media
from app.media.schemas import MediaForm


async def add_photo(db: Db, who: Principal, listing_id: Id, form: MediaForm) -> Id:
    """Raises ListingGone, OtherBranch, TooManyPictures, UploadMissing, UploadUsed."""
    listing = await _listing(db, who, listing_id)
    if form.key is not None:
        return await media.add_upload(db, listing_id, listing.branch_id, key=form.key, checksum=form.checksum)
    return await media.add_url(db, listing_id, listing.branch_id, url=form.url or "", checksum=form.checksum)


async def picture_stock(db: Db, wanted: Sequence[tuple[Id, Id | None, Sequence[str]]]) -> None:
    """Cars of the org in scope, with their branch, that have no picture yet get those at these addresses."""
    await media.add_addresses(db, wanted)


async def order_photos(db: Db, who: Principal, listing_id: Id, order: Sequence[Id]) -> None:
    """The first is the cover. Raises ListingGone, OtherBranch, OrderStale."""
    listing = await _listing(db, who, listing_id)
    await media.order_pictures(db, listing_id, listing.branch_id, order)


async def move_photo(db: Db, who: Principal, listing_id: Id, media_id: Id, *, to: int) -> None:
    """To the place counted from 0. Raises ListingGone, OtherBranch, MediaGone."""
    listing = await _listing(db, who, listing_id)
    await media.move(db, listing_id, listing.branch_id, media_id, to=to)


async def remove_photo(db: Db, who: Principal, listing_id: Id, media_id: Id) -> None:
    """Raises ListingGone, OtherBranch, MediaGone."""
    listing = await _listing(db, who, listing_id)
    await media.remove(db, listing_id, listing.branch_id, media_id)


async def restore_photo(db: Db, who: Principal, listing_id: Id, media_id: Id) -> None:
    """Raises ListingGone, OtherBranch, MediaGone, TooManyPictures."""
    listing = await _listing(db, who, listing_id)
    await media.restore(db, listing_id, listing.branch_id, media_id)


async def retry_photo(db: Db, who: Principal, listing_id: Id, media_id: Id) -> None:
    """Raises ListingGone, OtherBranch, MediaGone, NotFailed."""
    listing = await _listing(db, who, listing_id)
    await media.retry(db, listing_id, listing.branch_id, media_id)


async def weigh_photos(db: Db, listing_id: Id) -> None:
    """What its photos add to the listing's quality, after one has come or gone. Raises ListingGone."""
    listing = await queries.for_change(db, listing_id)
    listing.photo_score = media_rules.points(await pictures.qualities(db, listing_id))
    before, listing.quality_score = listing.quality_score, rules.quality(listing)
    if listing.quality_score != before:
        await index(db, listing)


async def _listing(db: Db, who: Principal, listing_id: Id) -> Listing:
    """Its version stays: pictures are no part of the form that somebody may have open."""
    return await locked(db, who, listing_id, None)
