"""Files in and out where there is no bucket and no CDN to do it: uploads with a signed form, pictures, signed files."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, QueryParameter

from app.adapters import storage
from app.core import signed
from app.core.ids import Id
from app.core.settings import current
from app.media import queries, rules
from app.media.errors import MediaGone, PictureTooLarge, StorageAway, UploadExpired, UploadMissing
from app.media.queries import Served
from app.media.routes.receiving import keep, size_of

_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
# A picture is only ever a picture, on whatever page of whatever host it stands.
_GUARDED = {
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "content-disposition": "inline",
}
_FOREVER = "public, max-age=31536000, immutable"
_OVERHEAD = 65_536

Until = Annotated[str, QueryParameter(name="until", max_length=12, pattern=r"^[0-9]*$")]
Signature = Annotated[str, QueryParameter(name="signature", max_length=64, pattern=r"^[0-9a-f]*$")]


@post(storage.UPLOADS, access="public", status_code=204, takes="multipart/form-data",
      body_limit=rules.MOST_BYTES + _OVERHEAD, include_in_schema=False)  # fmt: skip
async def receive_upload(request: Request[Any, Any, Any]) -> None:
    """A file with the form we signed for it; what is plainly no picture is not even kept."""
    sent = await request.form()
    file = sent.get("file")
    fields = {name: value for name, value in sent.items() if isinstance(value, str)}
    if not isinstance(file, UploadFile):
        raise UploadMissing
    size = await asyncio.to_thread(size_of, file)
    if size > rules.MOST_BYTES:
        raise PictureTooLarge
    if not storage.may_upload(fields, max(1, size)):
        raise UploadExpired
    await keep(file, fields["key"])


@get(f"{queries.SHOWN}/{{media_id:uuid}}/{{name:str}}", access="public", include_in_schema=False)
async def show_picture(
    request: Request[Any, Any, Any],
    media_id: FromPath[Id],
    name: FromPath[str],
    until: Until = "",
    signature: Signature = "",
) -> Response[bytes]:
    """One size of a picture. The address decides alone, never who asks: of a car that anybody may see it is plain, of
    any other signed."""
    found = await _served(media_id, until, signature)
    file = found.named(name)
    headers = {**_GUARDED, "etag": f'"{file.sha256[:20]}"', "cache-control": _cached(until)}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=_TYPES[file.format])
    return Response(await _read(file.key), headers=headers, media_type=_TYPES[file.format])


async def _served(media_id: Id, until: str, signature: str) -> Served:
    """Raises MediaGone."""
    if not signature:
        return await queries.served_to_anybody(media_id)
    if not (until and signed.holds(signature, queries.SHOWN, str(media_id), until)):
        raise MediaGone
    return await queries.served(media_id)


def _cached(until: str) -> str:
    """What is signed is for one reader, and for as long as the address holds."""
    return "private, max-age=86400, immutable" if until else _FOREVER


@get(f"{storage.FILES}/{{path:path}}", access="public", include_in_schema=False)
async def show_file(path: FromPath[Path], until: Until = "", signature: Signature = "") -> Response[bytes]:
    """A private file, for whoever has its signed address while that holds."""
    name = path.as_posix().lstrip("/")
    if not (until and storage.may_read(name, until, signature)):
        raise MediaGone
    headers = {**_GUARDED, "content-disposition": "attachment", "cache-control": "private, no-store"}
    return Response(await _read(name), headers=headers, media_type="application/octet-stream")


async def _read(key: str) -> bytes:
    """Raises MediaGone, StorageAway."""
    try:
        return await storage.installed(current()).get(key)
    except storage.NoSuchFile:
        raise MediaGone from None
    except storage.StorageDown:
        raise StorageAway from None


ROUTES: list[Any] = [receive_upload, show_picture, show_file]
