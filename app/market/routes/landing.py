"""Pages about one make, model, city or body: what there is of it, what it costs, where, and the newest of them."""

from collections.abc import Mapping
from typing import Any, get_args
from urllib.parse import unquote

from litestar import Request, Response, get
from msgspec import Struct

from app.core import render
from app.core.asks import WithDb
from app.core.base import Db
from app.core.errors import NotFound
from app.core.i18n import Lang
from app.listings import queries
from app.listings.queries import Place
from app.listings.schemas import ListingSearchForm
from app.market import rules, seo
from app.market.caching import OPEN
from app.market.seo import paths
from app.market.seo.pages import THIN, body_name
from app.market.seo.words import words
from app.search import queries as search
from app.search.queries import Figures, Share
from app.vehicles.schemas import Body

_BODIES = frozenset(get_args(Body))
_SHOWN: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("make",): ("model", "city"),
    ("city",): ("make", "body"),
    ("body",): ("make", "city"),
}
_MOST_WAYS, _MOST_YEARS = 30, 12

_SHAPES = (
    "/cars/{make:str}", "/cars/{make:str}/{model:str}", "/cars/in/{city:str}", "/cars/{make:str}/in/{city:str}",
    "/cars/{make:str}/{model:str}/in/{city:str}", "/cars/body/{shape:str}",
)  # fmt: skip


class Way(Struct, frozen=True):
    """A link to cars: of those with too few for a page of their own, to the results."""

    name: str
    href: str
    count: int


@get([lang + shape for lang in ("", "/ur") for shape in _SHAPES], access="public", language="path")
async def show_landing(request: Request[Any, Any, Any], db: WithDb) -> Response[Any]:
    """Under its one address in this language: another name of the same moves there for good. Raises NotFound."""
    lang = render.choices(request).lang
    known = await known_by(db, lang, request.path_params)
    asked = {field: place.slug for field, place in known.items()}
    here = paths.landing(lang, asked, known)
    if request.scope["path"] != unquote(here):
        return moved(here, request)
    figures = await search.figures(db, asked)
    names = await _names(db, known, figures)
    about = {field: body_name(lang, asked[field]) if field == "body" else one.in_(lang) for field, one in known.items()}
    said = words(lang, about, figures, names.get("city", {}))
    head = seo.of_landing(lang, asked, known, figures.total, figures.newest, said.answers)
    form = paths.question(asked)
    return render.page(
        "market/landing.html",
        other_url=head.other,
        head=head,
        said=said,
        figures=figures,
        ways={field: _ways(lang, known, field, figures, names) for field in _fields(asked)},
        years=_years(lang, form, figures.by.get("year", [])),
        all_url=rules.results(lang, form, sort="newest"),
        next_url=rules.results(lang, form, sort="newest", page=2) if figures.total > len(figures.newest) else None,
        base=paths.base(lang),
    ).sent(headers={"cache-control": OPEN})


async def known_by(db: Db, lang: Lang, named: Mapping[str, Any]) -> dict[str, Place]:
    """What the parts of an address mean, by field. Raises NotFound."""
    known: dict[str, Place | None] = {}
    if "make" in named:
        known["make"] = make = await queries.make_called(db, named["make"], lang)
        if "model" in named:
            known["model"] = make and await queries.model_called(db, make, named["model"], lang)
    if "city" in named:
        known["city"] = await queries.city_called(db, named["city"], lang)
    if "shape" in named:
        body = named["shape"].lower().replace("-", "_")
        known["body"] = Place(body, body, "") if body in _BODIES else None
    if any(place is None for place in known.values()):
        raise NotFound
    return {field: place for field, place in known.items() if place is not None}


def moved(to: str, request: Request[Any, Any, Any]) -> Response[bytes]:
    query = request.scope["query_string"].decode("latin-1")
    return Response(b"", status_code=301, headers={"location": to + (f"?{query}" if query else "")})


def _fields(asked: Mapping[str, str]) -> tuple[str, ...]:
    fields = _SHOWN.get(paths.shape(asked), ("model", "city"))
    return tuple(field for field in fields if field not in asked)


async def _names(db: Db, known: Mapping[str, Place], figures: Figures) -> dict[str, dict[str, Place]]:
    """Of every value that is linked to or spoken of."""
    values = {field: [share.value for share in shares[:_MOST_WAYS]] for field, shares in figures.by.items()}
    names = {"city": await queries.cities_of(db, values["city"])} if values.get("city") else {}
    if values.get("make"):
        names["make"] = await queries.makes_of(db, values["make"])
    if values.get("model") and "make" in known:
        names["model"] = await queries.models_of(db, known["make"], values["model"])
    return names


def _ways(
    lang: Lang, known: Mapping[str, Place], field: str, figures: Figures, names: Mapping[str, Mapping[str, Place]]
) -> list[Way]:
    found = []
    for share in figures.by.get(field, [])[:_MOST_WAYS]:
        place = Place(share.value, share.value, "") if field == "body" else names.get(field, {}).get(share.value)
        if place is not None:
            name = body_name(lang, share.value) if field == "body" else place.in_(lang)
            found.append(Way(name, _leads_to(lang, {**known, field: place}, share.count), share.count))
    return found


def _leads_to(lang: Lang, known: Mapping[str, Place], count: int) -> str:
    asked = {field: place.slug for field, place in known.items()}
    if count >= THIN and paths.shape(asked) in paths.SHAPES:
        return paths.landing(lang, asked, known)
    return rules.results(lang, paths.question(asked))


def _years(lang: Lang, form: ListingSearchForm, shares: list[Share]) -> list[tuple[Share, str]]:
    return [
        (share, rules.results(lang, form, year_min=int(share.value), year_max=int(share.value)))
        for share in shares[:_MOST_YEARS]
    ]


ROUTES: list[Any] = [show_landing]
