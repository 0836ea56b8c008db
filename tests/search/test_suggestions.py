"""Suggestions while somebody types: only what has cars that anybody may find, counted as the search counts them."""

from typing import Any

import pytest

from app.core import db as database
from app.core.base import Scope
from app.core.settings import Settings
from app.listings.schemas import ListingSearchForm
from app.search import queries
from app.search.rules import Car, Lexicon, Stock, Suggestion, suggest
from tests.support.api import serving

COROLLAS = Car("toyota", "corolla", "gli", "lahore", 7)
STOCK = Stock(
    [
        COROLLAS, Car("toyota", "corolla", "", "karachi", 5), Car("toyota", "corolla-cross", "", "karachi", 2),
        Car("honda", "civic", "1-5-oriel", "lahore", 4), Car("honda", "city", "", "lahore", 3),
        Car("mg", "mg4", "", "karachi", 1), Car("mazda", "carol", "", "sialkot", 1),
        Car("suzuki", "alto", "vxr", "lahore", 9),
    ]
)  # fmt: skip


@pytest.fixture
def stocked(demonstrated: str) -> str:
    return demonstrated


def _names(text: str, lexicon: Lexicon, limit: int = 8) -> list[tuple[str, int]]:
    return [(one.name, one.count) for one in suggest(text, lexicon, STOCK, limit)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("cor", ("Toyota Corolla", 12)),
        ("COR", ("Toyota Corolla", 12)),
        ("toyota c", ("Toyota Corolla", 12)),
        ("toyota corolla cr", ("Toyota Corolla Cross", 2)),
        ("hon", ("Honda", 7)),
        ("lah", ("Lahore", 23)),
        ("civic lah", ("Honda Civic, Lahore", 4)),
        ("lahore civ", ("Honda Civic, Lahore", 4)),
        ("honda lahore", ("Honda, Lahore", 7)),
        ("corolla gl", ("Toyota Corolla GLi", 7)),
        ("civic or", ("Honda Civic 1.5 Oriel", 4)),
        ("mg4", ("MG4", 1)),
        ("kerola", ("Toyota Corolla", 12)),
        ("sivic", ("Honda Civic", 4)),
        ("lahor", ("Lahore", 23)),
        ("کرو", ("Toyota Corolla", 12)),
        ("لاہ", ("Lahore", 23)),
    ],
)
def test_what_begins_so_is_suggested_with_its_cars(lexicon: Lexicon, text: str, first: tuple[str, int]) -> None:
    assert _names(text, lexicon)[0] == first


@pytest.mark.parametrize(
    "text", ["", "   ", "sportage", "islamabad", "corolla islamabad", "12", "!!", "x" * 300, "punjab"]
)
def test_what_has_no_cars_is_not_suggested(lexicon: Lexicon, text: str) -> None:
    assert _names(text, lexicon) == []


def test_each_is_suggested_once_and_no_more_than_asked(lexicon: Lexicon) -> None:
    found = _names("c", lexicon, limit=3)

    assert len(found) == len(set(found)) == 3


def test_names_are_there_in_urdu(lexicon: Lexicon) -> None:
    assert suggest("civic lah", lexicon, STOCK)[0].name_ur == "ہونڈا سوک، لاہور"


async def test_counts_are_those_of_the_search(settings: Settings) -> None:
    """The demo has drafts, private and wholesale cars too: none of them counts."""
    seen = list[Suggestion]()
    async with serving(settings) as caller:
        for text in ("t", "s", "h", "lah", "toyota l", "suzuki a", "corolla", "civic kar", "alto v", "guj"):
            answer = await caller.http.get("/api/v1/search/suggest", params={"q": text, "limit": 20})
            assert answer.status_code == 200
            seen += [_read(one) for one in answer.json()]
        async with database.unit(Scope(), read=True) as db:
            totals = [(await queries.search(db, _filters(one))).total for one in seen]

    assert {one.kind for one in seen} == {"make", "model", "trim", "city"}
    assert [one.count for one in seen] == totals


async def test_the_list_of_links_is_one_fragment_that_may_be_cached(settings: Settings) -> None:
    async with serving(settings) as caller:
        shown = await caller.http.get("/cars/suggestions?q=coroll")
        urdu = await caller.http.get("/ur/cars/suggestions?q=coroll")
        none = await caller.http.get("/cars/suggestions?q=")

    assert '<a id="suggestion-1" class="suggestion" role="option"' in shown.text
    assert 'href="/cars?make=toyota&amp;model=corolla"' in shown.text
    assert 'href="/ur/cars?make=toyota&amp;model=corolla"' in urdu.text
    assert "ٹویوٹا کرولا" in urdu.text
    assert 'role="option"' not in none.text
    assert "public" in shown.headers["cache-control"]
    assert "set-cookie" not in shown.headers


@pytest.mark.parametrize("path", ["/api/v1/search/suggest", "/cars/suggestions"])
async def test_a_question_too_long_is_refused_and_an_odd_one_answered(settings: Settings, path: str) -> None:
    async with serving(settings) as caller:
        answers = [
            (await caller.http.get(path, params={"q": q})).status_code
            for q in ("x" * 201, "' OR 1=1 --", "🚗", "\u202e", "<b>", "%", "a" * 200)
        ]

    assert answers == [422, *[200] * 6]


def _read(one: dict[str, Any]) -> Suggestion:
    return Suggestion(**one)


def _filters(one: Suggestion) -> ListingSearchForm:
    named = {name: getattr(one, name) for name in ("make", "model", "trim", "city")}
    return ListingSearchForm(**{name: (slug,) for name, slug in named.items() if slug})
