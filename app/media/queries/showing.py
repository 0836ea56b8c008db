"""Pictures as pages show them: addresses of every size, plain for what anybody may see, signed for what is private."""

from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Uuid, any_, bindparam, exists, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from app.core import db as database
from app.core import signed
from app.core.base import Db, Scope, kept, one_or
from app.core.ids import Id
from app.core.settings import current
from app.media.errors import MediaGone
from app.media.models import Media
from app.media.schemas import Picture, StoredFile

SHOWN = "/media"
_SIGNED_FOR_S = 12 * 3600
_PICTURE = (Media.listing_id, Media.id, Media.width, Media.height, Media.source, Media.renditions)
_COVERS = kept(
    select(*_PICTURE)
    .where(
        Media.listing_id == any_(bindparam("listings", type_=ARRAY(Uuid(as_uuid=True)))),
        Media.state == "ready",
        Media.removed_at.is_(None),
    )
    .ext(distinct_on(Media.listing_id))
    .order_by(Media.listing_id, Media.position, Media.id)
)


async def covers(db: Db, listing_ids: Collection[Id], *, private: Collection[Id] = ()) -> dict[Id, Picture]:
    """The first picture of each listing that has one; addresses of the `private` ones are signed."""
    if not listing_ids:
        return {}
    found = await db.execute(_COVERS, {"listings": list(listing_ids)})
    return {row.listing_id: picture(row, private=row.listing_id in private) for row in found}


async def albums(db: Db, listing_ids: Collection[Id]) -> dict[Id, list[Picture]]:
    """All that can be shown of each of these, in its order; all of them are public."""
    if not listing_ids:
        return {}
    found = await db.execute(
        select(*_PICTURE)
        .where(Media.listing_id.in_(listing_ids), Media.state == "ready", Media.removed_at.is_(None))
        .order_by(Media.listing_id, Media.position, Media.id)
    )
    albums: dict[Id, list[Picture]] = {}
    for row in found:
        albums.setdefault(row.listing_id, []).append(picture(row, private=False))
    return albums


def pictured(listing_id: Any) -> ColumnElement[bool]:
    """Whether there is anything to show of the listing with that id, a column of the statement around it."""
    return exists().where(Media.listing_id == listing_id, Media.state == "ready", Media.removed_at.is_(None))


async def pictures(db: Db, listing_id: Id, *, private: bool) -> list[Picture]:
    """All that can be shown of a listing, in its order."""
    found = await db.execute(
        select(*_PICTURE)
        .where(Media.listing_id == listing_id, Media.state == "ready", Media.removed_at.is_(None))
        .order_by(Media.position, Media.id)
    )
    return [picture(row, private=private) for row in found]


def picture(row: Any, *, private: bool) -> Picture:
    files = files_of(row.renditions)
    where = _addresses(row.id, private=private)
    sets = {
        kind: ", ".join(f"{where(file.name)} {file.width}w" for file in files if file.format == kind)
        for kind in ("avif", "webp", "jpg")
    }
    largest = max((file for file in files if file.format == "jpg"), key=lambda file: file.width)
    return Picture(
        id=row.id,
        url=where(largest.name),
        width=largest.width,
        height=largest.height,
        avif=sets["avif"],
        webp=sets["webp"],
        jpeg=sets["jpg"],
        drawn=row.source == "drawing",
    )


def files_of(renditions: Sequence[Any]) -> list[StoredFile]:
    return msgspec.convert(renditions, list[StoredFile])


def _addresses(media_id: Id, *, private: bool) -> Any:
    base = "" if private else current().cdn_base_url or ""
    until = signed.steady(_SIGNED_FOR_S) if private else ""
    query = f"?{urlencode({'until': until, 'signature': signature(media_id, until)})}" if private else ""
    return lambda name: f"{base}{SHOWN}/{media_id}/{name}{query}"


def signature(media_id: Id, until: str) -> str:
    return signed.signature(SHOWN, str(media_id), until)


class File(Struct, frozen=True):
    """What the route hands out."""

    key: str
    format: str
    sha256: str


class Served(Struct, frozen=True):
    files: list[StoredFile]

    def named(self, name: str) -> File:
        """Raises MediaGone."""
        for file in self.files:
            if file.name == name:
                return File(file.key, file.format, file.sha256)
        raise MediaGone


async def served_to_anybody(media_id: Id) -> Served:
    """Of a listing on the public market. Raises MediaGone."""
    async with database.unit(Scope(), read=True) as db:
        return await _served(db, media_id)


async def served(media_id: Id) -> Served:
    """Whoever's it is: for an address that was signed. Raises MediaGone."""
    async with database.system() as db:
        return await _served(db, media_id)


async def _served(db: Db, media_id: Id) -> Served:
    found = await db.execute(
        select(Media.renditions).where(Media.id == media_id, Media.state == "ready", Media.removed_at.is_(None))
    )
    return Served(files_of(one_or(found, MediaGone).renditions))
