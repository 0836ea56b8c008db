"""What search engines are shown: where the pages are that are to be found, and what they need not look at."""

import hashlib
import re
import time
import zlib
from collections.abc import AsyncIterator
from typing import Any
from weakref import WeakKeyDictionary

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Stream
from msgspec import Struct

from app.core import db as database
from app.core import settings
from app.core.base import Scope
from app.core.errors import NotFound
from app.core.telemetry import release
from app.listings import queries
from app.listings.queries import Chunk, Place
from app.market.seo import paths, sitemap
from app.market.seo.pages import THIN, WORDS
from app.market.seo.sitemap import Page
from app.search import queries as search
from app.search.queries import Landing

_PART = re.compile(r"(pages|cars)-(0|[1-9][0-9]{0,8})\.xml")
_GOOD_FOR_S = 600
_AT_ONCE = 1000
_XML = "application/xml"
_KEPT = {"cache-control": "public, max-age=3600"}

_ROBOTS = """User-agent: *
Allow: /
Disallow: /api/
Disallow: /desk
Disallow: /dev
Disallow: /go/
Disallow: /live
Disallow: /preferences
Disallow: /seen
Disallow: /sign-

Sitemap: {base_url}/sitemap.xml
"""

Asking = Request[Any, Any, Any]


class Contents(Struct, frozen=True):
    """What there is, as it was `at` on this process's clock."""

    at: float
    cars: dict[int, Chunk]
    landings: list[Landing]


_contents: "WeakKeyDictionary[database.Database, Contents]" = WeakKeyDictionary()


@get("/robots.txt", access="public", include_in_schema=False, sync_to_thread=False)
def show_robots() -> Response[str]:
    """A demo may be read too: each of its pages says that it is not to be found."""
    return Response(_ROBOTS.format(base_url=settings.current().base_url), headers=_KEPT, media_type="text/plain")


@get("/sitemap.xml", access="public", include_in_schema=False)
async def show_index(request: Asking) -> Response[Any]:
    found = await contents()
    newest = max((page.changed_at for page in found.landings if page.changed_at), default=None)
    size = sitemap.LANDINGS_A_PART
    parts = [(f"/sitemaps/pages-{n}.xml", newest) for n in range(1, 1 + -(-len(found.landings) // size))]
    parts += [(f"/sitemaps/cars-{chunk.n}.xml", chunk.changed_at) for chunk in found.cars.values()]
    return _told(request, sitemap.index(settings.current().base_url, parts))


@get("/sitemaps/{name:str}", access="public", include_in_schema=False)
async def show_part(request: Asking, name: FromPath[str]) -> Response[Any]:
    """Raises NotFound."""
    found = _PART.fullmatch(name)
    if found is None:
        raise NotFound
    return await (_show_cars if found[1] == "cars" else _show_pages)(request, int(found[2]))


async def _show_pages(request: Asking, n: int) -> Response[Any]:
    part = (await contents()).landings[sitemap.LANDINGS_A_PART * (n - 1) : sitemap.LANDINGS_A_PART * n]
    if n < 1 or not part:
        raise NotFound
    told = sitemap.pages(settings.current().base_url, await _written(part, first=n == 1))
    return _told(request, sitemap.START + "".join(told) + sitemap.END)


async def _show_cars(request: Asking, n: int) -> Response[Any]:
    chunk = (await contents()).cars.get(n)
    if chunk is None:
        raise NotFound
    etag = _etag(f"{chunk.n} {chunk.count} {chunk.changed_at} {settings.current().base_url} {release.VERSION}")
    headers = {**_KEPT, "etag": etag, "vary": "Accept-Encoding"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    told = _cars(chunk)
    if "gzip" in request.headers.get("accept-encoding", ""):
        told, headers["content-encoding"] = _packed(told), "gzip"
    return Stream(told, media_type=_XML, headers=headers)


async def contents() -> Contents:
    """Counted anew every ten minutes; nothing of a demo."""
    here = database.installed()
    kept = _contents.get(here)
    if kept is None or time.monotonic() - kept.at > _GOOD_FOR_S:
        kept = _contents[here] = await _count()
    return kept


async def _count() -> Contents:
    if settings.current().desk_demo:
        return Contents(time.monotonic(), {}, [])
    async with database.unit(Scope(), read=True) as db:
        chunks = await queries.address_chunks(db, sitemap.CARS_A_PART)
        return Contents(time.monotonic(), {chunk.n: chunk for chunk in chunks}, await search.landings(db, THIN))


async def _written(part: list[Landing], *, first: bool) -> list[Page]:
    """The first part begins with the pages that are always there."""
    newest = max((page.changed_at for page in part if page.changed_at), default=None)
    told = [Page("/", "/ur", newest), Page("/cars", "/ur/cars", newest)] if first else []
    told += [Page(f"/{name}", f"/ur/{name}", None) for name in WORDS] if first else []
    async with database.unit(Scope(), read=True) as db:
        makes = await queries.makes_of(db, list({page.asked["make"] for page in part if "make" in page.asked}))
        cities = await queries.cities_of(db, list({page.asked["city"] for page in part if "city" in page.asked}))
        models = {slug: await queries.models_of(db, make, _models(part, slug)) for slug, make in makes.items()}
    for page in part:
        names = {"make": makes, "city": cities, "model": models.get(page.asked.get("make", ""), {})}
        known = _known(page.asked, names)
        if known.keys() == page.asked.keys():
            english, urdu = (paths.landing(lang, page.asked, known) for lang in ("en", "ur"))
            told.append(Page(english, urdu, page.changed_at))
    return told


def _models(part: list[Landing], make: str) -> list[str]:
    return [page.asked["model"] for page in part if page.asked.get("make") == make and "model" in page.asked]


def _known(asked: dict[str, str], names: dict[str, dict[str, Place]]) -> dict[str, Place]:
    return {
        field: Place(slug, slug, "") if field == "body" else names[field][slug]
        for field, slug in asked.items()
        if field == "body" or slug in names[field]
    }


async def _cars(chunk: Chunk) -> AsyncIterator[bytes]:
    """Some at a time, each read of its own with the eyes of the public."""
    base_url, first = settings.current().base_url, chunk.n * sitemap.CARS_A_PART
    after, until = first - 1, first + sitemap.CARS_A_PART
    yield sitemap.START.encode()
    while True:
        async with database.unit(Scope(), read=True) as db:
            found = await queries.addresses(db, after=after, until=until, limit=_AT_ONCE)
        if not found:
            break
        told = (Page(one.url, f"/ur{one.url}", one.changed_at) for one in found)
        yield "".join(sitemap.pages(base_url, told)).encode()
        after = found[-1].number
    yield sitemap.END.encode()


async def _packed(told: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    async for part in told:
        if packed := packer.compress(part):
            yield packed
    yield packer.flush()


def _told(request: Asking, text: str) -> Response[Any]:
    headers = {**_KEPT, "etag": _etag(text), "vary": "Accept-Encoding"}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    body = text.encode()
    if "gzip" in request.headers.get("accept-encoding", ""):
        packer = zlib.compressobj(6, zlib.DEFLATED, 31)
        body, headers["content-encoding"] = packer.compress(body) + packer.flush(), "gzip"
    return Response(body, headers=headers, media_type=_XML)


def _etag(text: str) -> str:
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'


ROUTES: list[Any] = [show_robots, show_index, show_part]
