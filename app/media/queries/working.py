"""What the worker asks of pictures while it takes them in."""

from collections.abc import Sequence

from sqlalchemy import select

from app.core.base import Db
from app.core.ids import Id
from app.media.models import Media


async def for_work(db: Db, media_id: Id) -> Media | None:
    """The picture, locked; None when it is gone for good."""
    found: Media | None = await db.scalar(
        select(Media).where(Media.id == media_id, Media.org_id == db.scope.org_id).with_for_update()
    )
    return found


async def same_picture(db: Db, media: Media, checksum: str) -> bool:
    """Whether the listing has this very file already."""
    found = await db.scalar(
        select(Media.id)
        .where(Media.listing_id == media.listing_id, Media.org_id == media.org_id, Media.id != media.id)
        .where(Media.checksum == checksum, Media.state == "ready", Media.removed_at.is_(None))
        .limit(1)
    )
    return found is not None


async def drawings_wanted(db: Db) -> list[str]:
    """Drawings that listings of this org wait for, covers first."""
    found = await db.execute(
        select(Media.drawing)
        .where(Media.org_id == db.scope.org_id, Media.state == "waiting", Media.drawing.is_not(None))
        .group_by(Media.drawing, Media.position)
        .order_by(Media.position, Media.drawing)
    )
    return list(dict.fromkeys(row.drawing for row in found))


async def waiting_for(db: Db, drawings: Sequence[str]) -> list[Media]:
    """Locked."""
    found = await db.scalars(
        select(Media)
        .where(Media.org_id == db.scope.org_id, Media.state == "waiting", Media.drawing.in_(drawings))
        .with_for_update()
    )
    return list(found)


async def these(db: Db, media_ids: Sequence[Id]) -> list[Media]:
    found = await db.scalars(select(Media).where(Media.id.in_(media_ids), Media.org_id == db.scope.org_id))
    return list(found)
