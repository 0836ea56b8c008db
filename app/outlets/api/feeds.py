"""A feed, for whoever has its address: no account, no cookie."""

from collections.abc import AsyncIterator
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Stream

from app.core import clock, settings
from app.core import db as database
from app.core.asks import AnyRequest
from app.core.base import Scope
from app.core.errors import NotFound
from app.core.telemetry import release
from app.listings import queries as stock
from app.outlets import queries, rules, service
from app.outlets.queries import Door

_PAGE = 200


@get("/outlets/feed/{address:str}", access="public", limit="feed")
async def show_feed(request: AnyRequest, address: FromPath[str]) -> Response[Any]:
    """The cars of an outlet as CSV, JSON or XML; 304 for whoever has them as they are."""
    door = await _opened(address)
    headers, since = _stamped(door)
    if _has_it(request, headers["etag"], since):
        await _note(door, None)
        return Response(b"", status_code=304, headers=headers)
    written = rules.writer(door.kind, settings.current().base_url)
    return Stream(_told(door, written), media_type=written.media_type, headers=headers)


async def _opened(address: str) -> Door:
    """Raises NotFound."""
    token, _, extension = address.rpartition(".")
    door = await queries.door_of(token)
    if door is None or rules.writer(door.kind, "").extension != extension:
        raise NotFound
    return door


def _stamped(door: Door) -> tuple[dict[str, str], datetime | None]:
    now = settings.current()
    made_of = (door.outlet_id, door.branch_id, door.kind, door.seq, release.VERSION, now.base_url, now.cdn_base_url)
    etag, since = rules.stamped(*made_of, changed_at=door.changed_at, now=clock.now())
    headers = {"etag": etag, "cache-control": "private, no-cache", "x-robots-tag": "noindex"}
    if since is not None:
        headers["last-modified"] = format_datetime(since, usegmt=True)
    return headers, since


def _has_it(request: AnyRequest, etag: str, since: datetime | None) -> bool:
    """By the tag where one is sent, else by the date."""
    if tags := request.headers.get("if-none-match"):
        return etag in tags
    try:
        asked = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
        return since is not None and asked >= since
    except (TypeError, ValueError):
        return False


async def _told(door: Door, written: rules.Writer) -> AsyncIterator[bytes]:
    """Some cars at a time: each page is a read of its own, with the eyes of the public."""
    yield written.head()
    last, count = None, 0
    while True:
        async with database.unit(Scope(), read=True) as db:
            cars = await stock.offered(
                db, door.org_id, branch_id=door.branch_id, statuses=rules.SHOWS[door.kind],
                needs=rules.NEEDS[door.kind], after=last, limit=_PAGE,
            )  # fmt: skip
        if not cars:
            break
        yield written.cars(cars)
        last, count = cars[-1].id, count + len(cars)
    yield written.foot()
    await _note(door, count)


async def _note(door: Door, cars: int | None) -> None:
    async with database.unit(Scope(org_id=door.org_id)) as db:
        await service.note_fetch(db, door.outlet_id, cars=cars)


ROUTES = (show_feed,)
