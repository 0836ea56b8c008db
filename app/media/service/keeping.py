"""Pictures added to a listing, put in order, removed and brought back. The caller holds the listing's lock."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import insert

from app.core import clock
from app.core.base import Db
from app.core.conflicts import unique_or
from app.core.events import record
from app.core.ids import Id, new_id
from app.media import queries, rules
from app.media.errors import MediaGone, NotFailed, OrderStale, TooManyPictures, UploadMissing, UploadUsed
from app.media.facts import MediaAdded, MediaOrdered, MediaRemoved, MediaRestored
from app.media.models import Media

KEPT_FOR = timedelta(days=1)
"""So long what was removed can be brought back."""


async def add_upload(db: Db, listing_id: Id, branch_id: Id | None, *, key: str, checksum: str | None = None) -> Id:
    """The same upload named again for the same listing is the same picture.

    Raises TooManyPictures, UploadMissing for a key that is not this org's, UploadUsed.
    """
    if not rules.is_upload_of(key, db.scope.org_id):
        raise UploadMissing
    before = await queries.by_key(db, key)
    if before is not None:
        if before.listing_id != listing_id:
            raise UploadUsed
        return before.id
    media = Media(source="upload", source_key=key, expected=checksum)
    async with unique_or(db, "uq_media_source_key", UploadUsed):
        await _add(db, media, listing_id, branch_id)
    return media.id


async def add_url(db: Db, listing_id: Id, branch_id: Id | None, *, url: str, checksum: str | None = None) -> Id:
    """To be fetched by the worker. Raises TooManyPictures."""
    media = Media(source="url", source_url=url, expected=checksum)
    await _add(db, media, listing_id, branch_id)
    return media.id


async def add_addresses(db: Db, wanted: Sequence[tuple[Id, Id | None, Sequence[str]]]) -> None:
    """For listings (with their branch) of the org in scope that never had a picture: those at these addresses."""
    org_id = db.scope.org_id
    assert org_id is not None  # noqa: S101 - narrows the type: stock is taken in in an org's scope only
    pictured = await queries.with_any(db, [listing_id for listing_id, _, _ in wanted])
    now, rows = clock.now(), []
    for listing_id, branch_id, addresses in wanted:
        if listing_id in pictured:
            continue
        for position, url in enumerate(addresses[: rules.MOST]):
            fact = MediaAdded(org_id=org_id, id=new_id(), branch_id=branch_id, listing_id=listing_id)
            row = {
                "id": fact.id, "org_id": org_id, "listing_id": listing_id, "position": position, "state": "waiting",
                "source": "url", "source_url": url, "created_at": now,
            }  # fmt: skip
            rows.append(row)
            record(db, fact, changed={"source": (None, "url")})
    if rows:
        await db.execute(insert(Media), rows)


async def _add(db: Db, media: Media, listing_id: Id, branch_id: Id | None) -> None:
    if await queries.here(db, listing_id) >= rules.MOST:
        raise TooManyPictures
    org_id = db.scope.org_id
    assert org_id is not None  # noqa: S101 - narrows the type: a listing is locked in an org's scope only
    media.id, media.org_id, media.listing_id = new_id(), org_id, listing_id
    media.position, media.state, media.created_at = await queries.next_position(db, listing_id), "waiting", clock.now()
    db.add(media)
    fact = MediaAdded(org_id=org_id, id=media.id, branch_id=branch_id, listing_id=listing_id)
    record(db, fact, changed={"source": (None, media.source)})


async def order_pictures(db: Db, listing_id: Id, branch_id: Id | None, order: Sequence[Id]) -> None:
    """The first is the cover. Raises OrderStale when these are not the pictures that are there."""
    there = {media.id: media for media in await queries.for_change(db, listing_id)}
    if len(order) != len(there) or set(order) != set(there):
        raise OrderStale
    before = list(there)
    if list(order) == before:
        return
    for position, media_id in enumerate(order):
        there[media_id].position = position
    org_id = there[order[0]].org_id
    fact = MediaOrdered(org_id=org_id, id=order[0], branch_id=branch_id, listing_id=listing_id)
    record(db, fact, changed={"order": (before, list(order))})


async def move(db: Db, listing_id: Id, branch_id: Id | None, media_id: Id, *, to: int) -> None:
    """To the place `to`, counted from 0; the others close up. Raises MediaGone."""
    there = [media.id for media in await queries.for_change(db, listing_id)]
    if media_id not in there:
        raise MediaGone
    there.remove(media_id)
    there.insert(max(0, to), media_id)
    await order_pictures(db, listing_id, branch_id, there)


async def remove(db: Db, listing_id: Id, branch_id: Id | None, media_id: Id) -> None:
    """Out of sight at once, gone in a day. Raises MediaGone."""
    media = await queries.one_for_change(db, listing_id, media_id)
    media.removed_at = clock.now()
    media.purge_at = media.removed_at + KEPT_FOR
    fact = MediaRemoved(org_id=media.org_id, id=media.id, branch_id=branch_id, listing_id=listing_id)
    record(db, fact, changed={"removed_at": (None, media.removed_at)})


async def restore(db: Db, listing_id: Id, branch_id: Id | None, media_id: Id) -> None:
    """Back in its place. Raises MediaGone when it is too late, TooManyPictures."""
    media = await queries.one_for_change(db, listing_id, media_id, removed=True)
    if media.purge_at is None:  # its files are going already
        raise MediaGone
    if await queries.here(db, listing_id) >= rules.MOST:
        raise TooManyPictures
    before, media.removed_at, media.purge_at = media.removed_at, None, None
    fact = MediaRestored(org_id=media.org_id, id=media.id, branch_id=branch_id, listing_id=listing_id)
    record(db, fact, changed={"removed_at": (before, None)})


async def retry(db: Db, listing_id: Id, branch_id: Id | None, media_id: Id) -> None:
    """Fetch it once more. Raises MediaGone, NotFailed for what did not fail or cannot be fetched."""
    media = await queries.one_for_change(db, listing_id, media_id)
    if media.state != "failed" or media.source_url is None:
        raise NotFailed
    before, media.state, media.error = media.error, "waiting", None
    fact = MediaAdded(org_id=media.org_id, id=media.id, branch_id=branch_id, listing_id=listing_id)
    record(db, fact, changed={"error": (before, None)})
