"""Later work for pictures: fetched, looked at in a process of its own, stored in our sizes; and taken away again."""

import asyncio
import hashlib
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from app.adapters import http, imaging, storage
from app.core.jobs_ledger import Later, Work
from app.core.settings import current
from app.core.telemetry import metrics
from app.media import queries, rules, service
from app.media.facts import MediaAdded, MediaPurged, MediaSketched
from app.media.models import Media
from app.media.schemas import StoredFile

_PATIENCE = 3
_AT_ONCE, _LONG_S = 4, 25.0
PICTURES = metrics.counter("desk_pictures", "Pictures looked at, by how that ended.", ("outcome",))
_DRAWN = "media/drawn/1"
"""The figure grows when the drawings change, so that new ones take the place of those that were stored."""
_WITHIN_S = 20.0
_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}


class Unusable(Exception):
    """It will be no picture of ours, however often we try."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def take_in(work: Work, fact: MediaAdded) -> None:
    """Looked at and stored. Trouble of others is tried again a few times; then, and at any fault of the picture, it has
    failed, and says why. The file as it came is deleted in the end: what was in it beside the picture is nobody's."""
    async with work.step() as db:
        media = await queries.for_work(db, fact.id)
    if media is None or media.removed_at is not None:
        return
    if media.state == "waiting":
        await _take_in(work, fact, media)
    if media.source_key:
        await storage.installed(current()).delete(media.source_key)


async def _take_in(work: Work, fact: MediaAdded, media: Media) -> None:
    try:
        looked = await _look(media)
    except Unusable as fault:
        await _fail(work, fact, fault.code)
        return
    except (http.Unreachable, imaging.TooSlow, storage.NoSuchFile) as trouble:
        if work.failures < _PATIENCE:
            raise
        await _fail(work, fact, _code_of(trouble))
        return
    async with work.step() as db:
        there = await queries.for_work(db, media.id)
        if there is None or there.state != "waiting":
            return
        same = await queries.same_picture(db, there, looked.checksum)
        if same:
            service.fail(db, there, fact.branch_id, "same_picture")
        else:
            service.ready(db, there, fact.branch_id, looked)
    PICTURES.labels(outcome="same_picture" if same else "ready").inc()


async def _fail(work: Work, fact: MediaAdded, code: str) -> None:
    async with work.step() as db:
        media = await queries.for_work(db, fact.id)
        if media is not None and media.state == "waiting":
            service.fail(db, media, fact.branch_id, code)
    PICTURES.labels(outcome=code).inc()


def _code_of(trouble: Exception) -> str:
    if isinstance(trouble, storage.NoSuchFile):
        return "upload_missing"
    return "fetch_timeout" if "Timeout" in str(trouble) or isinstance(trouble, imaging.TooSlow) else "fetch_failed"


async def _look(media: Media) -> service.Looked:
    """Raises Unusable, and what may go better another time."""
    with tempfile.TemporaryDirectory(prefix="desk-media-") as name:
        source, made = Path(name) / "source", Path(name) / "made"
        await asyncio.to_thread(made.mkdir)
        if media.source_url is not None:
            await asyncio.to_thread(source.write_bytes, await _fetch(media.source_url))
        else:
            await storage.installed(current()).fetch_to(media.source_key or "", source)
        checksum = await asyncio.to_thread(_check, source, media.expected)
        try:
            picture = await imaging.examine(source, made)
        except imaging.Unfit as fault:
            raise Unusable(fault.code) from fault
        files = await store(made, picture.files, f"media/{media.org_id}/{media.id}")
    seen = {"sharpness": picture.sharpness, "exposure": picture.exposure, **picture.steps}
    return service.Looked(
        checksum=checksum, width=picture.width, height=picture.height, looks=picture.looks, quality=picture.quality,
        analysis=seen, files=files,
    )  # fmt: skip


async def _fetch(url: str) -> bytes:
    """Raises Unusable, Unreachable."""
    client = http.outgoing_for(current())
    try:
        answer = await client.send("GET", url, most_bytes=rules.MOST_BYTES, within_s=_WITHIN_S)
    except http.UrlNotAllowed:
        raise Unusable("url_not_allowed") from None
    except http.TooLarge:
        raise Unusable("too_large") from None
    finally:
        await client.close()
    if 300 <= answer.status < 400:
        raise Unusable("redirected")
    if answer.status >= 500 or answer.status == 429:
        raise http.Unreachable(f"status {answer.status}")
    if not answer.ok:
        raise Unusable("fetch_failed")
    return answer.body


def _check(source: Path, expected: str | None) -> str:
    """The file's checksum. Raises Unusable for what is not what was announced, too large, or no picture at all."""
    content = source.read_bytes()
    checksum = hashlib.sha256(content).hexdigest()
    if expected is not None and checksum != expected:
        raise Unusable("checksum_differs")
    if len(content) > rules.MOST_BYTES:
        raise Unusable("too_large")
    head = rules.head(content[: rules.HEAD_BYTES])
    if head is None:
        raise Unusable("not_a_picture")
    if fault := rules.fault_of(head):
        raise Unusable(fault)
    return checksum


async def store(made: Path, files: list[imaging.Rendition], under: str) -> list[StoredFile]:
    """Put the renditions in `made` into the storage."""
    kept = storage.installed(current())
    for file in files:
        content = await asyncio.to_thread((made / file.name).read_bytes)
        await kept.put(f"{under}/{file.name}", content, kind=_TYPES[file.format])
    return [StoredFile(**msgspec.structs.asdict(file), key=f"{under}/{file.name}") for file in files]


async def draw(work: Work, _fact: MediaSketched) -> None:
    """What listings wait for, covers first, a few at a time; what was drawn once is not drawn again."""
    began = time.monotonic()
    while True:
        async with work.step() as db:
            names = (await queries.drawings_wanted(db))[:_AT_ONCE]
        if not names:
            return
        made = {name: await _known(name) for name in names}
        missing = [name for name, known in made.items() if known is None]
        made |= await _drawn(missing) if missing else {}
        async with work.step() as db:
            await service.draw_in(db, {name: looked for name, looked in made.items() if looked is not None})
        if time.monotonic() - began > _LONG_S:
            raise Later(0)


async def _known(name: str) -> service.Looked | None:
    """A drawing that was stored before, by us or by a neighbour."""
    try:
        return msgspec.json.decode(
            await storage.installed(current()).get(f"{_DRAWN}/{name}/made.json"), type=service.Looked
        )
    except storage.NoSuchFile:
        return None


async def _drawn(names: Sequence[str]) -> dict[str, service.Looked]:
    with tempfile.TemporaryDirectory(prefix="desk-drawing-") as place:
        found = {}
        for name, picture in (await imaging.draw(names, Path(place))).items():
            files = await store(Path(place) / name, picture.files, f"{_DRAWN}/{name}")
            found[name] = service.Looked(
                checksum=files[-1].sha256, width=picture.width, height=picture.height, looks=picture.looks,
                quality=picture.quality, analysis={}, files=files,
            )  # fmt: skip
            kept = storage.installed(current())
            await kept.put(f"{_DRAWN}/{name}/made.json", msgspec.json.encode(found[name]), kind="application/json")
    return found


async def purge(work: Work, fact: MediaPurged) -> None:
    """The files, then the row."""
    async with work.step() as db:
        media = await queries.for_work(db, fact.id)
    if media is None:
        return
    kept = storage.installed(current())
    for key in _files_of(media):
        await kept.delete(key)
    async with work.unit() as db:
        there = await queries.for_work(db, fact.id)
        if there is not None:
            await db.delete(there)


def _files_of(media: Media) -> list[str]:
    """Drawings are shared: they stay."""
    if media.drawing is not None:
        return []
    made = [file.key for file in msgspec.convert(media.renditions, list[StoredFile])]
    return [*made, *([media.source_key] if media.source_key else [])]
