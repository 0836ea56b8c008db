"""The Meilisearch adapter: what it asks is what the API takes, and what goes wrong there is told or survived.

No server has answered it here: ranking, typing errors and counting are the server's own and not shown by these tests.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from app.adapters.breaker import FAILURES
from app.adapters.search.meili import MeiliIndex
from app.adapters.search.meili_documents import SETTINGS, document
from app.adapters.search.meili_filters import filters, quoted
from app.adapters.search.port import (
    FACETS,
    Geo,
    ListingDoc,
    Scope,
    SearchDown,
    SearchQuery,
    SearchTimeout,
    SearchWriteFailed,
)
from app.core.ids import Id, new_id
from app.listings.rules import fold
from tests.adapters.meili_standin import Standin

_AT = datetime(2026, 11, 28, tzinfo=UTC)
ORG = Id("018f0000-0000-7000-8000-000000000001")


@pytest.fixture
def standin() -> Standin:
    return Standin()


@pytest.fixture
async def index(standin: Standin) -> AsyncIterator[MeiliIndex]:
    made = MeiliIndex(standin.server(), fold=fold)
    yield made
    await made.close()


def car(id_: Id | None = None, version: int = 1, **said: Any) -> ListingDoc:
    plain: dict[str, Any] = {
        "number": 1, "org": ORG, "branch": None, "title": "Toyota Corolla كرولا", "description": "ایک ہاتھ کی",
        "names": ("Toyota", "ٹویوٹا"),
        "category_path": (), "location_path": (), "price": 4_500_000, "condition": "used",
        "attrs": {}, "lat": 31.5, "lon": 74.3, "published_at": _AT, "refreshed_at": None, "fresh_at": _AT,
        "quality_score": 50, "rank": 9, "make": "toyota", "model": "corolla", "trim": None, "year": 2018, "km": None,
        "cc": 1798, "city": "lahore", "body": "sedan", "fuel": "petrol", "transmission": "automatic",
        "assembly": "local", "colour": "white", "registered": None, "auction": None, "paint": None, "seller": "dealer",
        "photos": True, "status": "live", "visibility": "public", "channel": "automart",
    }  # fmt: skip
    return ListingDoc(id=id_ or new_id(), version=version, **{**plain, **said})


async def _some(*parts: Sequence[ListingDoc]) -> AsyncIterator[Sequence[ListingDoc]]:
    for part in parts:
        yield part


FULL = SearchQuery(
    scope=Scope(orgs=(ORG,), branches=(ORG,)),
    words=(("sunroof",), ("genuine",)),
    filters={"make": ("toyota", "honda"), "city": ("lahore",), "seller": ("dealer",), "trim": ("gli",)},
    ranges={"year": (2015, 2018), "price": (None, 5_000_000), "km": (0, None), "cc": (1250, 1350)},
    photos=True,
    geo=Geo(31.5497, 74.3436, 50_000),
    without=(ORG,),
    page=3,
    facets=FACETS,
)


@pytest.mark.parametrize("sort", ["relevance", "newest", "price_asc", "price_desc", "km_asc", "year_desc", "distance"])
async def test_every_search_is_one_the_api_takes(index: MeiliIndex, standin: Standin, sort: Any) -> None:
    query = SearchQuery(**{name: getattr(FULL, name) for name in FULL.__struct_fields__} | {"sort": sort})
    await index.search(query)
    await index.search(SearchQuery(sort="newest"))

    assert [path for _method, path, _body in standin.asked] == ["/multi-search"] * 2


async def test_facets_that_are_chosen_are_counted_without_themselves(index: MeiliIndex, standin: Standin) -> None:
    """And the total is the sum of the counts of a field that every car has, never the capped one of the engine."""
    ids = [new_id(), new_id()]

    def answers(query: dict[str, Any]) -> dict[str, Any]:
        if query["limit"] == 0:
            return {"facetDistribution": {query["facets"][0]: {"honda": 70, "toyota": 900}}}
        return {
            "hits": [{"id": str(id_)} for id_ in ids], "estimatedTotalHits": 2_400,
            "facetDistribution": {
                "city": {"karachi": 5, "lahore": 5, "multan": 0}, "seller": {"dealer": 9_000, "private": 1},
            },
        }  # fmt: skip

    standin.answers = answers
    found = await index.search(SearchQuery(filters={"make": ("toyota",)}, facets=("make", "city")))
    [(_method, _path, body)] = standin.asked

    assert found.ids == tuple(ids)
    assert found.total == 9_001
    assert found.last_page == 100
    assert {name: list(counts.items()) for name, counts in found.facets.items()} == {
        "make": [("toyota", 900), ("honda", 70)], "city": [("karachi", 5), ("lahore", 5)],
    }  # fmt: skip
    assert [query["filter"] for query in body["queries"]] == [['make IN ["toyota"]'], None]
    assert body["queries"][0]["matchingStrategy"] == "all"


async def test_a_scope_of_no_org_asks_nothing(index: MeiliIndex, standin: Standin) -> None:
    found = await index.search(SearchQuery(scope=Scope(orgs=()), facets=("make",)))

    assert (found.total, found.ids, found.facets) == (0, (), {"make": {}})
    assert standin.asked == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("lahore", '"lahore"'),
        ('x" OR org != "1', '"x\\" OR org != \\"1"'),
        ("\\", '"\\\\"'),
        ('\\" OR 1 = 1', '"\\\\\\" OR 1 = 1"'),
        ("NOT", '"NOT"'),
        ("\n", '"\n"'),
    ],
)
def test_a_value_stays_a_value(value: str, said: str) -> None:
    assert quoted(value) == said
    assert filters(SearchQuery(filters={"make": (value,)})) == [f"make IN [{said}]"]


def test_everything_that_is_filtered_sorted_or_counted_is_set_up_for_it() -> None:
    rules = [rule for rule in SETTINGS["filterableAttributes"] if isinstance(rule, dict)]
    equal = {name for rule in rules for name in rule["attributePatterns"]}
    compared = {
        name for rule in rules if rule["features"]["filter"]["comparison"] for name in rule["attributePatterns"]
    }

    assert {*FACETS, "trim", "condition", "org", "branch", "photos", "id"} <= equal
    assert compared == {"year", "price", "km", "cc"}
    assert "_geo" in SETTINGS["filterableAttributes"]
    assert SETTINGS["typoTolerance"]["minWordSizeForTypos"] == {"oneTypo": 4, "twoTypos": 8}
    assert SETTINGS["rankingRules"][0] == "sort"


def test_texts_are_folded_and_what_is_not_said_is_left_out() -> None:
    made = document(car(km=None, lat=None), fold)

    assert made["title"] == "toyota corolla کرولا"
    assert "km" not in made
    assert "_geo" not in made
    assert made["fresh_at"] == 1_795_824_000
    assert document(car(), fold)["_geo"] == {"lat": 31.5, "lng": 74.3}


async def test_the_index_and_its_settings_come_before_the_first_document(index: MeiliIndex, standin: Standin) -> None:
    one = car()
    await index.wait(await index.upsert([one]))
    kinds = [task["type"] for task in standin.tasks]

    assert kinds == ["indexCreation", "settingsUpdate", "documentAdditionOrUpdate"]
    assert standin.settings["listings"]["rankingRules"] == SETTINGS["rankingRules"]
    assert set(standin.indexes["listings"]) == {str(one.id)}


async def test_an_older_document_never_replaces_a_newer_one(index: MeiliIndex, standin: Standin) -> None:
    id_ = new_id()
    await index.upsert([car(id_, 5, price=5)])
    await index.upsert([car(id_, 4, price=4), other := car(version=1)])
    await index.upsert([car(id_, 5, price=6)])
    there = standin.indexes["listings"]

    assert (there[str(id_)]["version"], there[str(id_)]["price"]) == (5, 6)
    assert str(other.id) in there
    assert (await index.upsert([car(id_, 4)])).ref is None


async def test_documents_go_and_going_twice_is_harmless(index: MeiliIndex, standin: Standin) -> None:
    one, other = car(), car()
    await index.upsert([one, other])
    for _ in range(2):
        await index.wait(await index.delete([one.id]))

    assert set(standin.indexes["listings"]) == {str(other.id)}
    assert await index.delete([]) == await index.upsert([])


@pytest.mark.parametrize(("ends", "why"), [("failed", "no such field"), ("canceled", "canceled")])
async def test_a_task_that_did_not_succeed_is_told(index: MeiliIndex, standin: Standin, ends: str, why: str) -> None:
    await index.ensure()
    standin.ends = [ends]
    receipt = await index.upsert([car()])

    with pytest.raises(SearchWriteFailed) as told:
        await index.wait(receipt)
    assert told.value.why == why


async def test_a_task_that_does_not_end_is_not_waited_for_for_ever(index: MeiliIndex, standin: Standin) -> None:
    await index.ensure()
    standin.ends = ["processing"]

    with pytest.raises(SearchTimeout):
        await index.wait(await index.upsert([car()]), timeout_s=0.2)


async def test_an_index_whose_making_was_canceled_is_told(index: MeiliIndex, standin: Standin) -> None:
    standin.ends = ["canceled"]

    with pytest.raises(SearchWriteFailed):
        await index.ensure()


async def test_a_rebuild_fills_another_index_and_they_change_places(index: MeiliIndex, standin: Standin) -> None:
    gone, kept, new = car(), car(), car()
    await index.upsert([gone, kept])
    rebuilt = await index.rebuild(_some([kept], [new]))
    standin.indexes["listings_20260101000000000000"] = {}
    await index.rebuild(_some([kept], [new]))

    assert rebuilt.documents == 2
    assert set(standin.indexes["listings"]) == {str(kept.id), str(new.id)}
    assert "listings_20260101000000000000" not in standin.indexes
    assert rebuilt.generation in standin.indexes
    assert standin.settings["listings"] == standin.settings[rebuilt.generation or ""]


async def test_what_changes_during_a_rebuild_is_in_both(index: MeiliIndex, standin: Standin) -> None:
    """And the older document that the rebuild read before does not win."""
    one = car(version=1)
    await index.upsert([one])

    async def slowly() -> AsyncIterator[Sequence[ListingDoc]]:
        await index.upsert([car(one.id, 2, price=2)])
        yield [one]

    await index.rebuild(slowly())

    assert standin.indexes["listings"][str(one.id)]["version"] == 2


async def test_a_rebuild_that_fails_leaves_the_old_index_and_nothing_else(index: MeiliIndex, standin: Standin) -> None:
    one = car()
    await index.upsert([one])

    async def broken() -> AsyncIterator[Sequence[ListingDoc]]:
        yield [car()]
        raise OSError("the database went away")

    with pytest.raises(OSError, match="went away"):
        await index.rebuild(broken())

    assert set(standin.indexes) == {"listings"}
    assert set(standin.indexes["listings"]) == {str(one.id)}


async def test_the_checksum_is_that_of_the_search_rows(index: MeiliIndex) -> None:
    await index.upsert([car(Id("018f0000-0000-7000-8000-00000000000a"), 3)])
    health = await index.health()

    assert (health.documents, health.generation) == (1, "listings")
    assert health.checksum == "e2976c19"


@pytest.mark.parametrize(
    "down",
    [
        httpx2.ConnectError("refused"), httpx2.ReadTimeout("slow"), httpx2.ConnectTimeout("slow"),
        httpx2.RemoteProtocolError("cut"), 503, 500, 401, 404,
    ],
)  # fmt: skip
async def test_a_search_without_an_answer_says_so(index: MeiliIndex, standin: Standin, down: Any) -> None:
    standin.down = down

    with pytest.raises(SearchDown):
        await index.search(SearchQuery())


async def test_after_some_failures_it_is_not_asked_and_after_a_while_it_is(index: MeiliIndex, standin: Standin) -> None:
    now = [0.0]
    index.server.breaker._clock = lambda: now[0]
    standin.down = httpx2.ConnectError("refused")
    for _ in range(FAILURES):
        with pytest.raises(SearchDown):
            await index.search(SearchQuery())
    standin.down = None
    with pytest.raises(SearchDown, match="not called"):
        await index.search(SearchQuery())
    now[0] = 6.0
    await index.search(SearchQuery())

    assert index.server.breaker.state == "closed"
    assert len(standin.asked) == 1


async def test_an_answer_of_another_shape_is_none(index: MeiliIndex, standin: Standin) -> None:
    standin.answers = lambda _query: {"hits": None, "processingTimeMs": "soon"}

    with pytest.raises(SearchDown):
        await index.search(SearchQuery())


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/indices", None),
        ("POST", "/multi-search", {"queries": [{"q": "no index"}]}),
        ("POST", "/multi-search", {"queries": [{"indexUid": "listings", "limit": "24"}]}),
        ("POST", "/swap-indexes", [{"indexes": ["a", "b"], "mode": "fast"}]),
        ("PATCH", "/indexes/listings/settings", {"rankingRules": "sort"}),
    ],
)
def test_the_description_refuses_what_the_api_would(standin: Standin, method: str, path: str, body: Any) -> None:
    with pytest.raises(AssertionError):
        standin.described.check(httpx2.Request(method, f"http://meili.test{path}", json=body))
