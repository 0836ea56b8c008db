"""A listing's pictures as its keepers see and change them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import BIT
from sqlalchemy.orm import aliased

from app.core.base import Db, one_or
from app.core.ids import Id
from app.media import rules
from app.media.errors import REASONS, MediaGone
from app.media.models import Media
from app.media.queries.showing import picture
from app.media.schemas import MediaRow


def _mine(db: Db, listing_id: Id) -> tuple[Any, ...]:
    return Media.listing_id == listing_id, Media.org_id == db.scope.org_id


async def rows(db: Db, listing_id: Id, *, private: bool) -> list[MediaRow]:
    """In every state, in their order; not what was removed."""
    found = await db.scalars(
        select(Media).where(*_mine(db, listing_id), Media.removed_at.is_(None)).order_by(Media.position, Media.id)
    )
    return [_row(one, place, private=private) for place, one in enumerate(found)]


async def removed(db: Db, listing_id: Id, *, private: bool) -> list[MediaRow]:
    """What can still be brought back, the latest first."""
    found = await db.scalars(
        select(Media)
        .where(*_mine(db, listing_id), Media.removed_at.is_not(None), Media.purge_at.is_not(None))
        .order_by(Media.removed_at.desc(), Media.id)
        .limit(rules.MOST)
    )
    return [_row(one, place, private=private) for place, one in enumerate(found)]


def _row(one: Media, place: int, *, private: bool) -> MediaRow:
    shown = picture(one, private=private) if one.state == "ready" else None
    return MediaRow(
        id=one.id,
        listing_id=one.listing_id,
        type=one.kind,
        url=shown.url if shown else None,
        width=one.width,
        height=one.height,
        order=place,
        checksum=one.checksum,
        state=one.state,  # type: ignore[arg-type] # the table allows no other
        error=one.error,
        reason=REASONS.get(one.error or "broken") if one.state == "failed" else None,
        quality=one.quality,
        source=one.source,
        source_url=one.source_url,
        created_at=one.created_at,
        picture=shown,
    )


async def for_change(db: Db, listing_id: Id) -> list[Media]:
    """Those that are there, in their order, locked."""
    found = await db.scalars(
        select(Media)
        .where(*_mine(db, listing_id), Media.removed_at.is_(None))
        .order_by(Media.position, Media.id)
        .with_for_update()
    )
    return list(found)


async def one_for_change(db: Db, listing_id: Id, media_id: Id, *, removed: bool = False) -> Media:
    """Raises MediaGone."""
    there = Media.removed_at.is_not(None) if removed else Media.removed_at.is_(None)
    found = await db.scalars(select(Media).where(*_mine(db, listing_id), Media.id == media_id, there).with_for_update())
    media: Media = one_or(found, MediaGone)
    return media


async def here(db: Db, listing_id: Id) -> int:
    """How many there are."""
    return await db.scalar(select(func.count()).where(*_mine(db, listing_id), Media.removed_at.is_(None))) or 0


async def with_any(db: Db, listing_ids: Sequence[Id]) -> set[Id]:
    """Those of these listings that have or had a picture."""
    found = await db.scalars(
        select(Media.listing_id).where(Media.org_id == db.scope.org_id, Media.listing_id.in_(listing_ids)).distinct()
    )
    return set(found)


async def next_position(db: Db, listing_id: Id) -> int:
    last = await db.scalar(select(func.max(Media.position)).where(*_mine(db, listing_id)))
    return 0 if last is None else last + 1


async def by_key(db: Db, key: str) -> Media | None:
    found: Media | None = await db.scalar(select(Media).where(Media.source_key == key, Media.org_id == db.scope.org_id))
    return found


async def qualities(db: Db, listing_id: Id) -> list[int]:
    """Of the photos that are ready; drawings of ours are none."""
    found = await db.scalars(
        select(Media.quality).where(
            *_mine(db, listing_id), Media.state == "ready", Media.removed_at.is_(None), Media.source != "drawing"
        )
    )
    return [quality or 0 for quality in found]


async def alike(db: Db, listing_id: Id) -> dict[Id, Id]:
    """Photos of this listing that look like one of another of the org's: the picture, and that other listing."""
    other = aliased(Media)
    near = func.bit_count(cast(Media.looks.bitwise_xor(other.looks), BIT(64)))
    found = await db.execute(
        select(Media.id, other.listing_id)
        .join(other, other.org_id == Media.org_id)
        .where(*_mine(db, listing_id), Media.removed_at.is_(None), Media.source != "drawing")
        .where(other.listing_id != listing_id, other.removed_at.is_(None), other.source != "drawing")
        .where(near <= rules.NEARLY_THE_SAME)
    )
    return {row.id: row.listing_id for row in found}
