"""A sheet that came is kept as it was read: its columns, samples, and what we take them for."""

from typing import Any

import msgspec
from msgspec import Struct

from app.core import clock
from app.core.base import Db
from app.core.events import record
from app.core.ids import Id
from app.core.security import Principal
from app.feeds import queries
from app.feeds.facts import FileUploaded
from app.feeds.models import FeedFile
from app.feeds.rules.looking import Looked


class Kept(Struct, frozen=True):
    """A file in the store. `digest` is the SHA-256 of its bytes."""

    id: Id
    name: str
    key: str
    size: int
    digest: bytes


async def keep_file(db: Db, who: Principal, kept: Kept, looked: Looked) -> Id:
    """The file is in the store already; this says so."""
    file = FeedFile(
        id=kept.id,
        org_id=who.org_id,
        name=kept.name,
        key=kept.key,
        size=kept.size,
        digest=kept.digest,
        uploaded_by=who.person_id,
        uploaded_at=clock.now(),
        **_seen(looked),
    )
    db.add(file)
    await db.flush()
    record(db, FileUploaded(org_id=file.org_id, id=file.id), changed={"name": (None, file.name)})
    return file.id


async def read_again(db: Db, file_id: Id, looked: Looked, **chosen: str | None) -> None:
    """It was read in another way than we thought. Raises FileGone."""
    file = await queries.file_for_run(db, file_id)
    for name, value in {**_seen(looked), **chosen}.items():
        setattr(file, name, value)
    record(db, FileUploaded(org_id=file.org_id, id=file.id), changed={name: (None, chosen[name]) for name in chosen})


def _seen(looked: Looked) -> dict[str, Any]:
    return {
        "shape": msgspec.to_builtins(looked.shape),
        "signature": looked.signature,
        "total": looked.total,
    }
