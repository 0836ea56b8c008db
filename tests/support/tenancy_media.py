"""Pictures in the tenancy world: each org's car has one, and an upload that waits to be named."""

from typing import Any
from uuid import uuid4

from msgspec import Struct

from app.adapters.storage import MemoryStorage
from app.core import db
from app.core.base import Scope
from app.core.ids import Id
from app.media import queries, service
from app.media.rules import upload_key
from app.media.schemas import StoredFile
from tests.support.pictures import good

# Answered with secrets, files or states that the walk does not hold; their own tests do.
NOT_SERVED = {
    "POST /api/v1/uploads", "GET /media/{media_id:uuid}/{name:str}", "GET /files/{path:path}",
    "POST /api/v1/listings/{listing_id:uuid}/media/{media_id:uuid}/restore",
    "POST /api/v1/listings/{listing_id:uuid}/media/{media_id:uuid}/retry",
}  # fmt: skip


class PhotoForm(Struct):
    to: str


class PhotosForm(Struct):
    """A plain form without a file in it."""


HTML_FORMS: dict[str, type[Struct]] = {
    "/desk/stock/{listing_id:uuid}/photos/{media_id:uuid}": PhotoForm,
    "/desk/stock/{listing_id:uuid}/photos": PhotosForm,
}


async def picture_of(scope: Scope, listing_id: str, slug: str) -> dict[str, str]:
    """One that is ready."""
    async with db.unit(scope) as session:
        made = await service.add_url(session, Id(listing_id), None, url=f"https://{slug}.example/front.jpg")
    name = StoredFile("640.jpg", "jpg", 640, 480, 9, "a" * 64, f"media/{slug}/640.jpg")
    looked = service.Looked(
        checksum="b" * 64, width=640, height=480, looks=len(slug), quality=50, analysis={}, files=[name]
    )
    async with db.unit(scope) as session:
        media = await queries.for_work(session, made)
        assert media is not None
        service.ready(session, media, None, looked)
    return {"media_id": str(made), "upload_id": str(uuid4())}


async def storage_of(places: Any) -> MemoryStorage:
    """Where the uploads lie."""
    kept = MemoryStorage()
    for place in places:
        if "upload_id" in place.ids:
            await kept.put(upload_key(place.ids["org_id"], place.ids["upload_id"]), good(1, 200, 150))
    return kept


def body_for(method: str, template: str, ids: dict[str, str]) -> dict[str, Any] | None:
    if template == "/api/v1/listings/{listing_id:uuid}/media":
        if method == "POST":
            return {"key": upload_key(ids.get("org_id", uuid4()), ids.get("upload_id", uuid4()))}
        return {"order": [ids.get("media_id", str(uuid4()))]}
    return {"content_type": "image/jpeg"} if template == "/api/v1/uploads/presign" else None


def values_for(form: type[Struct]) -> dict[str, Any]:
    return {"to": "cover"} if form is PhotoForm else {}
