"""Every engine finds what looking at each car finds: totals, counts, order, pages."""

import random

import pytest
from msgspec import structs

from app.adapters.search.port import EIGHT, FACETS, Geo, Scope, SearchIndex, SearchQuery, Sort
from app.core.ids import Id, new_id
from tests.search import oracle
from tests.search.questions import question
from tests.support.proofs import in_two_sizes

_LAHORE = Geo(31.5497, 74.3436, 100_000)


def _key(car: oracle.Car, query: SearchQuery) -> object:
    """What a page is ordered by, without what decides between equals."""
    match query.sort:
        case "price_asc" | "price_desc":
            return car.num("price")
        case "km_asc":
            return car.num("km")
        case "year_desc":
            return car.num("year")
        case "distance":
            assert query.geo is not None
            return round(oracle.away(car, query.geo))
        case "newest":
            return car.fresh_at
    return None


@pytest.mark.slow
@in_two_sizes("questions", sample=100, whole=500)
async def test_totals_counts_and_pages_are_those_of_looking_at_every_car(
    engine: SearchIndex, cars: list[oracle.Car], orgs: tuple[Id, ...], questions: int
) -> None:
    by_id = {car.row["id"]: car for car in cars}
    some = 0
    for number in range(questions):
        query = question(number, orgs)
        wanted, found = oracle.answer(cars, query), await engine.search(query)
        some += wanted.total > 0

        assert found.total == wanted.total, (number, query)
        for name in FACETS:
            assert dict(found.facets[name]) == wanted.facets[name], (number, name, query)
        first = (query.page - 1) * query.per_page
        page = wanted.cars[first : first + query.per_page] if query.page <= found.last_page else []
        if engine.name == "postgres":
            assert [Id(str(id_)) for id_ in found.ids] == [car.row["id"] for car in page], (number, query)
        else:
            assert [_key(by_id[id_], query) for id_ in found.ids] == [_key(car, query) for car in page], (number, query)

    assert some > questions / 3, "questions that find nothing prove little"


@pytest.mark.parametrize("sort", ["relevance", "newest", "price_asc", "price_desc", "km_asc", "year_desc", "distance"])
async def test_pages_hold_every_car_once(engine: SearchIndex, cars: list[oracle.Car], sort: Sort) -> None:
    query = SearchQuery(sort=sort, geo=Geo(31.5497, 74.3436) if sort == "distance" else None)
    found: list[Id] = []
    last = 1
    while query.page <= last:
        page = await engine.search(query)
        last = page.last_page
        found += page.ids
        query = structs.replace(query, page=query.page + 1)

    assert len(found) == len(set(found))
    assert set(found) == {car.row["id"] for car in cars}


async def test_a_page_beyond_the_last_is_empty_and_still_says_how_many(engine: SearchIndex) -> None:
    first = await engine.search(SearchQuery())
    beyond = await engine.search(SearchQuery(page=first.last_page + 1))

    assert first.total > 24
    assert (beyond.ids, beyond.total) == ((), first.total)


async def test_counts_come_with_the_most_first_and_hold_no_empty_ones(engine: SearchIndex) -> None:
    found = await engine.search(SearchQuery(facets=EIGHT, filters={"make": ("toyota",)}))

    assert set(found.facets) == set(EIGHT)
    for counted in found.facets.values():
        assert list(counted.items()) == sorted(counted.items(), key=lambda one: (-one[1], one[0]))
        assert all(counted.values())
    assert found.facets["make"]["toyota"] == found.total < sum(found.facets["make"].values())
    assert sum(found.facets["model"].values()) == found.total


async def test_only_the_facets_asked_for_are_counted(engine: SearchIndex) -> None:
    assert (await engine.search(SearchQuery())).facets == {}
    assert set((await engine.search(SearchQuery(facets=("city",)))).facets) == {"city"}


async def test_a_scope_of_no_org_finds_nothing(engine: SearchIndex) -> None:
    for scope in (Scope(orgs=()), Scope(branches=()), Scope(orgs=(new_id(),))):
        assert (await engine.search(SearchQuery(scope=scope, facets=EIGHT))).total == 0


async def test_around_a_city_there_are_its_neighbours(engine: SearchIndex, cars: list[oracle.Car]) -> None:
    found = await engine.search(SearchQuery(geo=_LAHORE, sort="distance", facets=("city",)))
    near = {car.said["city"] for car in cars if oracle.away(car, _LAHORE) <= 100_000}

    assert set(found.facets["city"]) == near
    assert "karachi" not in near
    assert "lahore" in near


@pytest.mark.parametrize(
    "words",
    [
        (("' | '1':*",),), (("\\",),), (("a:b&c|!(d)",),), (("''",), ("\\'",)), (("drop table listing",),), (("🚗",),),
        (("x" * 400,),), tuple((f"w{at}",) for at in range(12)), (('" OR tenant != 1',),), (("%_*",),),
    ],
)  # fmt: skip
async def test_odd_words_are_words(engine: SearchIndex, words: tuple[tuple[str, ...], ...]) -> None:
    found = await engine.search(SearchQuery(words=words, facets=EIGHT))

    assert found.total == 0


async def test_filters_that_name_nothing_find_nothing_and_cannot_be_broken_out_of(engine: SearchIndex) -> None:
    for value in ('x" OR live = true', "') or true --", "*", "", "toyota\\"):
        assert (await engine.search(SearchQuery(filters={"make": (value,)}))).total == 0


async def test_the_same_question_has_the_same_answer(engine: SearchIndex) -> None:
    chance = random.Random(3)
    for sort in ("relevance", "price_asc", "km_asc"):
        query = SearchQuery(sort=sort, page=chance.randrange(1, 5), words=(("genuine",),))

        assert (await engine.search(query)).ids == (await engine.search(query)).ids
