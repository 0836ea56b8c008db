"""The photos of a car in stock: sent, named by their address, moved about, removed and brought back."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from app.core import error_handlers, lists, render
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.bounds import clean_text
from app.core.errors import NotFound, Refused
from app.core.forms import FormData
from app.core.i18n import _
from app.core.ids import Id, new_id
from app.core.security import Principal, scope_of
from app.listings import queries, service
from app.media.routes import keep, vet
from app.media.rules import MOST, upload_key
from app.media.schemas import MediaForm

_TOGETHER = 64_000_000


async def region(db: Db, listing_id: Id) -> dict[str, Any]:
    return {"album": await queries.album(db, listing_id), "car_id": listing_id, "position": await lists.position(db)}


@get("/desk/stock/{listing_id:uuid}/photos", access="org:listing.read", include_in_schema=False)
async def show_photos(db: WithDb, listing_id: FromPath[UUID]) -> Response[Any]:
    """The pictures alone, for a screen that has to start afresh."""
    return render.page("desk/stock/_photos_region.html", **await region(db, listing_id))


def refused(request: Request[Any, Any, Any], refusal: Refused) -> Response[Any]:
    """Said in a toast over the page as it stands, or on the page loaded again."""
    if refusal.status in (401, 403, 404, 429):
        return error_handlers.handle(request, refusal)
    if request.headers.get("hx-request"):
        return render.page("desk/inbox/_said.html", said=refusal.says, tone="warn", batch_id=None).sent(refusal.status)
    return render.redirect(_page(request.path_params["listing_id"]), refusal.says, "warn")


_CHANGE: dict[str, Any] = {"status_code": 200, "exception_handlers": {Refused: refused}}


def _page(listing_id: Id | str) -> str:
    return f"/desk/stock/{listing_id}#photos-card"


@post(
    "/desk/stock/{listing_id:uuid}/photos",
    access="org:listing.change",
    takes=("multipart/form-data", "application/x-www-form-urlencoded"),
    body_limit=_TOGETHER,
    **_CHANGE,
)
async def create_photos(
    request: Request[Any, Any, Any], db: WithDb, who: Who, listing_id: FromPath[UUID]
) -> Response[Any]:
    """Files of a plain form, or an address. What is wrong with one harms no other."""
    await queries.require_ours(scope_of(request), listing_id)
    sent = await request.form()
    forms = [MediaForm(url=url) for url in map(clean_text, map(str, sent.getall("url", []))) if url]
    for form in forms:
        await vet(who.org_id, form)
    files = [file for file in sent.getall("photo", []) if isinstance(file, UploadFile) and file.filename]
    kept, wrong = await _kept(who, files[:MOST])
    for form in (*forms, *kept):
        await service.add_photo(db, who, listing_id, form)
    if wrong is not None:
        return render.redirect(_page(listing_id), wrong.says, "warn")
    return render.redirect(_page(listing_id), _("Sent. They appear as soon as they have been looked at."))


async def _kept(who: Principal, files: list[UploadFile]) -> tuple[list[MediaForm], Refused | None]:
    """Those that were stored, and why the first of the others was not."""
    kept, wrong = [], None
    for file in files:
        key = upload_key(who.org_id, new_id())
        try:
            await keep(file, key)
        except Refused as refusal:
            wrong = wrong or refusal
        else:
            kept.append(MediaForm(key=key))
    return kept, wrong


Change = Callable[[Db, Principal, Id, Id], Awaitable[None]]


def _moved(by: int | None) -> Change:
    async def move(db: Db, who: Principal, listing_id: Id, media_id: Id) -> None:
        order = {row.id: row.order for row in await queries.photos(db, listing_id)}
        to = 0 if by is None else order.get(media_id, 0) + by
        await service.move_photo(db, who, listing_id, media_id, to=to)

    return move


_CHANGES: dict[str, tuple[Change, str]] = {
    "cover": (_moved(None), _("This is the cover now.")),
    "earlier": (_moved(-1), _("Moved.")),
    "later": (_moved(1), _("Moved.")),
    "removed": (service.remove_photo, _("Removed.")),
    "restored": (service.restore_photo, _("It is back.")),
    "again": (service.retry_photo, _("Trying again.")),
}


@post("/desk/stock/{listing_id:uuid}/photos/{media_id:uuid}", access="org:listing.change", **_CHANGE)
async def update_photo(
    request: Request[Any, Any, Any],
    db: WithDb,
    who: Who,
    listing_id: FromPath[UUID],
    media_id: FromPath[UUID],
    data: FormData,
) -> Response[Any]:
    """Raises NotFound for a change there is not."""
    to = data.get("to", "")
    if to not in _CHANGES:
        raise NotFound
    change, said = _CHANGES[to]
    await change(db, who, listing_id, media_id)
    await db.flush()
    if not request.headers.get("hx-request"):
        return render.redirect(_page(listing_id), said)
    undo = f"/desk/stock/{listing_id}/photos/{media_id}" if to == "removed" else None
    context = {"album": await queries.album(db, listing_id), "car_id": listing_id}
    return render.page("desk/stock/_photos_told.html", **context, said=said, tone="ok", undo=undo)


ROUTES: list[Any] = [show_photos, create_photos, update_photo]
