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
from app.listings.schemas import RADII, ListingSearchForm, SearchPage
from app.market import rules, seo
from app.market.routes.home import SHORT
from app.search import queries as search
from app.search.rules import Correction, sentences
from app.taxonomy import queries as taxonomy

_CITIES = 24
_MOST_TYPED = 200
_MOST_MOVES = 5


class Relaxed(Struct, frozen=True):
    """A near question, and how many cars there are then."""

    move: rules.Move
    total: int
    url: str


class Sentence(Struct, frozen=True):
    """What was typed, while the filters still say it (else empty), and what was corrected of it."""

    text: str
    corrections: tuple[Correction, ...]


@get(["/cars", "/ur/cars"], access="public", language="path")
async def show_results(request: Request[Any, Any, Any], db: WithDb) -> Response[Any]:
    """Words that are understood move into filters: the page goes on to the address that its chips are made of.

    That address has what was typed as `heard`, and the form of the page as `said`: sent unchanged, it is not read
    again; another sentence takes its place with all that was made of it.
    """
    asked, typed = await _asked(request, db)
    told = await search.understood(db, asked)
    lang = render.choices(request).lang
    if told.moved:
        return render.redirect(rules.heard(rules.results(lang, told.asked, page=told.asked.page), typed))
    asked = structs.replace(told.asked, facets=True)
    found = await search.search(db, asked)
    if asked.q and (found.dropped or not found.total) and (respelt := await _respelt(db, asked)):
        return render.redirect(rules.heard(rules.results(lang, respelt), typed))
    sentence = await _sentence(db, typed, asked)
    return render.page("market/results.html", **await page_of(db, lang, asked, found, sentence)).sent(headers=SHORT)


async def _asked(request: Request[Any, Any, Any], db: Db) -> tuple[ListingSearchForm, str]:
    """The question and the sentence it is typed as."""
    asked = asked_of(request)
    said, heard = (clean_text(request.query_params.get(name, ""))[:_MOST_TYPED] for name in ("said", "heard"))
    if not said:
        return asked, heard or asked.q
    before = (await search.understood(db, ListingSearchForm(q=said))).asked
    if asked.q == said:
        return structs.replace(asked, q=before.q), said
    return sentences.without(asked, before) if asked.q else asked, asked.q


async def _respelt(db: Db, asked: ListingSearchForm) -> ListingSearchForm | None:
    """The question in words that cars have, if that finds any."""
    other = structs.replace(asked, q=await search.respelt(db, asked.q), facets=False)
    if other.q == asked.q:
        return None
    found = await search.search(db, other)
    return other if found.total and not found.dropped else None


async def _sentence(db: Db, typed: str, asked: ListingSearchForm) -> Sentence:
    told = await search.understood(db, ListingSearchForm(q=typed))
    if not sentences.stands(told.asked, asked):
        return Sentence("", ())
    words = zip(told.asked.q.split(), asked.q.split(), strict=True)
    spelt = tuple(Correction(said, meant, meant) for said, meant in words if said != meant)
    return Sentence(typed, (*told.corrections, *spelt))


async def page_of(
    db: Db, lang: Lang, asked: ListingSearchForm, found: SearchPage, sentence: Sentence
) -> dict[str, Any]:
    """What a page of results shows; `asked` as it was understood."""
    cities = await taxonomy.biggest_cities(db, _CITIES)
    chips = rules.chips(asked)
    known = structs.replace(asked, city=tuple({*asked.city, *((asked.near,) if asked.near else ())}))
    names = await queries.names(db, found.facets, known)
    return {
        "head": seo.of_results(lang, asked, found, names),
        "heading": seo.heading(lang, asked, names),
        "other_url": rules.results("en" if lang == "ur" else "ur", asked, page=asked.page),
        "address": rules.heard(rules.results(lang, asked, page=asked.page), _beside(sentence, asked)),
        "said": _beside(sentence, asked),
        "box": sentence.text or asked.q,
        "corrections": [
            (one, rules.results(lang, ListingSearchForm(q=_quoted(sentence.text, one)))) for one in sentence.corrections
        ],
        "asked": asked,
        "found": found,
        "names": {field: {slug: one.in_(lang) for slug, one in known.items()} for field, known in names.items()},
        "cities": cities,
        "chips": [(chip.name, chip.value, rules.results(lang, chip.without)) for chip in chips],
        "relaxed": [] if found.total else await _relaxed(db, lang, asked),
        "clear": rules.results(lang, rules.cleared(asked)),
        "first": rules.results(lang, asked),
        "steps": [(n, n and rules.results(lang, asked, page=n)) for n in rules.steps(asked.page, found.pages)],
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


def _beside(sentence: Sentence, asked: ListingSearchForm) -> str:
    """What was typed, where the words left of it are not the same."""
    return "" if sentence.text == asked.q else sentence.text


def _quoted(typed: str, one: Correction) -> str:
    """The sentence with that word looked for as it is."""
    return typed.replace(one.said, f'"{one.said}"', 1)


async def _relaxed(db: Db, lang: str, asked: ListingSearchForm) -> list[Relaxed]:
    """The nearest questions that do find cars: what is only wider first, of each kind the most."""
    found = [
        Relaxed(move, (await search.search(db, move.asked)).total, rules.results(lang, move.asked))
        for move in rules.nearest(asked)
    ]
    return sorted((one for one in found if one.total), key=lambda one: (not one.move.widens, -one.total))[:_MOST_MOVES]


ROUTES: list[Any] = [show_results]
