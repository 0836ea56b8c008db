"""JSON of a listing's pictures: added by upload or by address, put in order, removed, brought back."""

from typing import Any

from litestar import Request, Response, delete, get, patch, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody

from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.idempotency import keyed, once
from app.core.ids import Id
from app.core.security import scope_of
from app.listings import queries, service
from app.media.routes import vet
from app.media.schemas import MediaForm, MediaRow, OrderForm


@get("/listings/{listing_id:uuid}/media", access="org:listing.read")
async def list_photos(db: WithDb, listing_id: FromPath[Id]) -> list[MediaRow]:
    """Of one of your own, in every state, in their order. Anybody sees those of a public car with the car."""
    return await queries.photos(db, listing_id)


@post(
    "/listings/{listing_id:uuid}/media",
    access="org:listing.change",
    responses={201: ResponseSpec(MediaRow, generate_examples=False)},
)
async def create_photo(
    db: WithDb, who: Who, listing_id: FromPath[Id], data: JSONBody[MediaForm], request: Request[Any, Any, Any]
) -> Response[bytes]:
    """An upload, or an address to fetch. It is `waiting` until it has been looked at; then `ready`, or `failed`."""
    await queries.require_ours(scope_of(request), listing_id)
    await vet(who.org_id, data)

    async def make() -> MediaRow:
        made = await service.add_photo(db, who, listing_id, data)
        await db.flush()
        return await _row(db, listing_id, made)

    return await once(db, keyed(request, data), make)


async def _row(db: Db, listing_id: Id, media_id: Id) -> MediaRow:
    return next(row for row in await queries.photos(db, listing_id) if row.id == media_id)


@patch("/listings/{listing_id:uuid}/media", access="org:listing.change")
async def update_order(db: WithDb, who: Who, listing_id: FromPath[Id], data: JSONBody[OrderForm]) -> list[MediaRow]:
    """All its pictures in their new order, the cover first."""
    await service.order_photos(db, who, listing_id, data.order)
    await db.flush()
    return await queries.photos(db, listing_id)


@delete("/listings/{listing_id:uuid}/media/{media_id:uuid}", access="org:listing.change", status_code=204)
async def delete_photo(db: WithDb, who: Who, listing_id: FromPath[Id], media_id: FromPath[Id]) -> None:
    """Out of sight; it can be brought back for a day."""
    await service.remove_photo(db, who, listing_id, media_id)


@post("/listings/{listing_id:uuid}/media/{media_id:uuid}/restore", access="org:listing.change", status_code=200)
async def restore_photo(db: WithDb, who: Who, listing_id: FromPath[Id], media_id: FromPath[Id]) -> MediaRow:
    await service.restore_photo(db, who, listing_id, media_id)
    await db.flush()
    return await _row(db, listing_id, media_id)


@post("/listings/{listing_id:uuid}/media/{media_id:uuid}/retry", access="org:listing.change", status_code=200)
async def retry_photo(db: WithDb, who: Who, listing_id: FromPath[Id], media_id: FromPath[Id]) -> MediaRow:
    """Fetch once more what could not be fetched."""
    await service.retry_photo(db, who, listing_id, media_id)
    await db.flush()
    return await _row(db, listing_id, media_id)


ROUTES = (list_photos, create_photo, update_order, delete_photo, restore_photo, retry_photo)
