"""Categories as older links name them: each leads to the one address of what it means."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any, get_args
from urllib.parse import quote, urlencode

from litestar import Request, Response, get
from litestar.params import FromPath

from app.core import render
from app.core.asks import WithDb
from app.core.base import Db
from app.core.errors import NotFound
from app.core.i18n import Lang
from app.listings import queries
from app.listings.queries import Place
from app.market import rules
from app.market.routes.landing import moved
from app.market.seo import paths
from app.taxonomy import queries as taxonomy
from app.vehicles.schemas import Assembly, Body, Fuel, Transmission

_MOST = 8
_VALUES: Mapping[str, frozenset[str]] = {
    "body": frozenset(get_args(Body)),
    "fuel": frozenset(get_args(Fuel)),
    "transmission": frozenset(get_args(Transmission)),
    "assembly": frozenset(get_args(Assembly)),
}

Asking = Request[Any, Any, Any]


@get(["/c/{category:str}", "/ur/c/{category:str}"], access="public", language="path")
async def show_category(request: Asking, db: WithDb, category: FromPath[str]) -> Response[bytes]:
    """Every category is of cars: it leads to all of them. Raises NotFound."""
    return await _lead(request, db, category, ())


@get(["/c/{category:str}/{facets:path}", "/ur/c/{category:str}/{facets:path}"], access="public", language="path")
async def show_facets(
    request: Asking, db: WithDb, category: FromPath[str], facets: FromPath[PurePath]
) -> Response[bytes]:
    """Makes, models, cities, bodies, fuels and gears in any order. Raises NotFound."""
    return await _lead(request, db, category, [part for part in facets.as_posix().split("/") if part])


async def _lead(request: Asking, db: Db, category: str, facets: Sequence[str]) -> Response[bytes]:
    if category not in {one.slug for one in await taxonomy.categories(db)} or len(facets) > _MOST:
        raise NotFound
    lang = render.choices(request).lang
    known = await _known(db, lang, facets)
    asked = {field: place.slug for field, place in known.items()}
    more = [(name, value) for name, value in request.query_params.multi_items() if name not in asked]
    if not more and paths.shape(asked) in paths.SHAPES and len(paths.shape(asked)) == len(asked):
        return moved(paths.landing(lang, asked, known), request)
    to = rules.results(lang, paths.question(asked))
    if more:
        to += ("&" if "?" in to else "?") + urlencode(more, quote_via=quote)
    return Response(b"", status_code=301, headers={"location": to})


async def _known(db: Db, lang: Lang, facets: Sequence[str]) -> dict[str, Place]:
    """Raises NotFound for a part that means nothing, and for two of one field."""
    known: dict[str, Place] = {}
    left = []
    for facet in facets:
        found = None if "make" in known else await queries.make_called(db, facet, lang)
        if found is None:
            left.append(facet)
        else:
            known["make"] = found
    for facet in left:
        field, place = await _meant(db, lang, facet, known.get("make"))
        if field in known:
            raise NotFound
        known[field] = place
    return known


async def _meant(db: Db, lang: Lang, facet: str, make: Place | None) -> tuple[str, Place]:
    """Raises NotFound."""
    if make is not None and (model := await queries.model_called(db, make, facet, lang)):
        return "model", model
    if city := await queries.city_called(db, facet, lang):
        return "city", city
    value = facet.lower().replace("-", "_")
    for field, values in _VALUES.items():
        if value in values:
            return field, Place(value, value, "")
    raise NotFound


ROUTES: list[Any] = [show_category, show_facets]
