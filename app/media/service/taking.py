"""What becomes of a picture once the worker has looked at it, and of one that was removed long enough ago."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from app.core import clock
from app.core.base import Db
from app.core.events import record
from app.core.ids import Id
from app.media import queries
from app.media.facts import MediaFailed, MediaPurged, MediaReady
from app.media.models import Media
from app.media.schemas import StoredFile


class Looked(Struct, frozen=True, kw_only=True):
    """All that is known of a picture after a look at it."""

    checksum: str
    width: int
    height: int
    looks: int
    quality: int
    analysis: dict[str, Any]
    files: list[StoredFile]


def ready(db: Db, media: Media, branch_id: Id | None, looked: Looked) -> None:
    media.state, media.error, media.ready_at = "ready", None, clock.now()
    media.checksum, media.looks, media.quality = looked.checksum, looked.looks, looked.quality
    media.width, media.height, media.analysis = looked.width, looked.height, looked.analysis
    media.renditions = msgspec.to_builtins(looked.files)
    fact = MediaReady(org_id=media.org_id, id=media.id, branch_id=branch_id, listing_id=media.listing_id)
    record(db, fact, changed={"state": ("waiting", "ready"), "checksum": (None, looked.checksum)})


def fail(db: Db, media: Media, branch_id: Id | None, error: str) -> None:
    """`error` is one of errors.REASONS."""
    media.state, media.error, media.source_key = "failed", error, None
    fact = MediaFailed(org_id=media.org_id, id=media.id, branch_id=branch_id, listing_id=media.listing_id)
    record(db, fact, changed={"state": ("waiting", "failed"), "error": (None, error)})


async def start_purge(db: Db, media_ids: Sequence[Id]) -> None:
    """Their time to come back is over: the worker takes their files away, and then the rows."""
    for media in await queries.these(db, media_ids):
        media.purge_at = None
        record(db, MediaPurged(org_id=media.org_id, id=media.id, listing_id=media.listing_id))
