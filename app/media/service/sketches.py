"""Drawings of ours in place of photos, for many listings at once: rows first, files when the worker has drawn them."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import insert

from app.core import clock
from app.core.base import Db
from app.core.events import record
from app.core.ids import Id, new_id
from app.media import queries
from app.media.facts import MediaSketched
from app.media.models import Media
from app.media.service.taking import Looked


async def sketch(db: Db, drawings: Sequence[tuple[Id, Sequence[str]]]) -> None:
    """For each listing of the org in scope the drawings it shall show, the cover first."""
    org_id = db.scope.org_id
    assert org_id is not None  # noqa: S101 - narrows the type: stock is made in an org's scope only
    rows = [
        {
            "id": new_id(), "org_id": org_id, "listing_id": listing_id, "position": position, "state": "waiting",
            "source": "drawing", "drawing": drawing, "created_at": clock.now(),
        }
        for listing_id, of_it in drawings
        for position, drawing in enumerate(of_it)
    ]  # fmt: skip
    if rows:
        await db.execute(insert(Media), rows)
        record(db, MediaSketched(org_id=org_id, id=org_id), changed={"drawings": (None, len(rows))})


async def draw_in(db: Db, made: dict[str, Looked]) -> None:
    """These drawings are there now: every listing that waits for one of them shows it."""
    now = clock.now()
    for media in await queries.waiting_for(db, list(made)):
        looked = made[media.drawing or ""]
        media.state, media.ready_at, media.checksum, media.looks = "ready", now, looked.checksum, looked.looks
        media.width, media.height, media.quality, media.analysis = looked.width, looked.height, looked.quality, {}
        media.renditions = msgspec.to_builtins(looked.files)
