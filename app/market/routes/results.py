"""The page of results: a plain GET form, filters with counts, chips that take them away."""

from typing import Any

from litestar import Request, Response, get
from msgspec import Struct, structs

from app.core import clock, render
from app.core.asks import WithDb
from app.core.base import Db
from app.core.bounds import clean_text
from app.core.i18n import Lang
from app.listings import queries
from app.listings.api import asked_of
from app.listings.schemas import RADII, ListingSearchForm
from app.market import rules, seo
from app.market.routes.home import SHORT
from app.search import queries as search
from app.taxonomy import queries as taxonomy

_CITIES = 40
_MOST_HEARD = 200


class Relaxed(Struct, frozen=True):
    """A filter left out, and how many cars there are then."""

    chip: rules.Chip
    total: int
    url: str


@get(["/cars", "/ur/cars"], access="public", language="path")
async def show_results(request: Request[Any, Any, Any], db: WithDb) -> Response[Any]:
    """Words that are understood move into filters: the page goes on to the address that its chips are made of."""
    told = await search.understood(db, asked_of(request))
    lang = render.choices(request).lang
    if told.moved:
        here = rules.results(lang, told.asked, page=told.asked.page)
        return render.redirect(here + rules.heard(here, asked_of(request).q if told.corrections else ""))
    asked = structs.replace(told.asked, facets=True)
    found = await search.search(db, asked)
    heard = clean_text(request.query_params.get("heard", ""))[:_MOST_HEARD]
    corrected = await search.understood(db, ListingSearchForm(q=heard))
    return render.page(
        "market/results.html", **await page_of(db, lang, asked, found), corrections=corrected.corrections
    ).sent(headers=SHORT)


async def page_of(db: Db, lang: Lang, asked: ListingSearchForm, found: Any) -> dict[str, Any]:
    """What a page of results shows; `asked` as it was understood."""
    cities = await taxonomy.biggest_cities(db, _CITIES)
    chips = rules.chips(asked)
    known = structs.replace(asked, city=tuple({*asked.city, *((asked.near,) if asked.near else ())}))
    names = await queries.names(db, found.facets, known)
    return {
        "head": seo.of_results(lang, asked, found, names),
        "heading": seo.heading(lang, asked, names),
        "other_url": rules.results("en" if lang == "ur" else "ur", asked, page=asked.page),
        "address": rules.results(lang, asked, page=asked.page),
        "asked": asked,
        "found": found,
        "names": {field: {slug: one.in_(lang) for slug, one in known.items()} for field, known in names.items()},
        "cities": cities,
        "chips": [(chip.name, chip.value, rules.results(lang, chip.without)) for chip in chips],
        "relaxed": [] if found.total else await _relaxed(db, lang, asked),
        "clear": rules.results(lang, rules.cleared(asked)),
        "first": rules.results(lang, asked),
        "previous": rules.results(lang, asked, page=asked.page - 1) if asked.page > 1 else None,
        "following": rules.results(lang, asked, page=asked.page + 1) if asked.page < found.pages else None,
        "usual": {
            "price": rules.PRICES,
            "km": rules.KILOMETRES,
            "cc": rules.ENGINES,
            "year": range(1990, clock.now().year + 2),
        },
        "choices": rules.choices,
        "radii": RADII,
    }


async def _relaxed(db: Db, lang: str, asked: ListingSearchForm) -> list[Relaxed]:
    """The nearest questions that do find cars, the most first."""
    found = [
        Relaxed(chip, (await search.search(db, chip.without)).total, rules.results(lang, chip.without))
        for chip in rules.wider(asked)
    ]
    return sorted((one for one in found if one.total), key=lambda one: -one.total)[:4]


ROUTES: list[Any] = [show_results]
