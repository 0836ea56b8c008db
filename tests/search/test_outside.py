"""An engine outside the database follows the cars, and the market goes on without it when it is down."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx2
import pytest
from sqlalchemy import select, text

from app import wiring
from app.adapters.search.meili import MeiliIndex
from app.core import clock, events
from app.core import db as database
from app.core.base import Scope
from app.core.ids import Id
from app.core.settings import Settings, current
from app.listings.models import Listing
from app.listings.rules import fold
from app.listings.schemas import ListingSearchForm
from app.orgs import queries as orgs
from app.search import queries, service
from jobs import housekeeping
from tests.adapters.meili_standin import Standin
from tests.support.api import serving


@pytest.fixture
def stocked(demonstrated: str) -> str:
    return demonstrated


@pytest.fixture
async def standin(settings: Settings, database: object) -> AsyncIterator[Standin]:
    """It answers searches of this process."""
    del settings, database
    made = Standin()
    index = MeiliIndex(made.server(), fold=fold)
    queries.install(index)
    yield made
    queries.install(None)
    await index.close()


async def _on_the_market() -> dict[str, int]:
    async with database.system() as db:
        rows = await db.execute(
            select(Listing.id, Listing.version).where(
                Listing.status == "live", Listing.visibility == "public", Listing.channel == "automart"
            )
        )
        return {str(id_): version for id_, version in rows}


def _there(standin: Standin, index: str = "listings") -> dict[str, int]:
    return {id_: one["version"] for id_, one in standin.indexes[index].items()}


async def _change(id_: str, **values: Any) -> None:
    """As its dealer would, in a version of its own."""
    sets = ", ".join(f"{name} = ${at}" for at, name in enumerate(values, 2))
    statement = f"update listing set version = version + 1, {sets} where id = $1"  # noqa: S608 - the test's own names
    await _as_owner(statement, id_, *values.values())


async def _as_owner(statement: str, *values: Any) -> None:
    connection = await asyncpg.connect(current().database_owner_url)
    try:
        await connection.execute(statement, *values)
    finally:
        await connection.close()


async def test_a_rebuild_holds_the_public_market_and_nothing_else(standin: Standin) -> None:
    rebuilt = await service.refill()
    market = await _on_the_market()

    assert _there(standin) == market
    assert rebuilt.documents == len(market) == 130


async def test_what_changed_is_brought_and_what_went_is_taken_away(standin: Standin) -> None:
    await service.refill()
    sold, changed, wholesale, *_ = await _on_the_market()
    await _change(sold, status="sold")
    await _change(changed, asking_price=1_234_567)
    await _change(wholesale, visibility="wholesale_public")
    for _ in range(2):
        await service.follow([Id(sold), Id(changed), Id(wholesale)])

    assert _there(standin) == await _on_the_market()
    assert standin.indexes["listings"][changed]["price"] == 1_234_567
    assert not {sold, wholesale} & set(_there(standin))


async def test_a_car_that_changes_while_it_is_brought_is_brought_again(standin: Standin) -> None:
    """Its own job may have run before: the slower one must not leave what it read first."""
    await service.refill()
    id_ = next(iter(await _on_the_market()))
    documents = queries.documents
    read = 0

    async def slowly(db: Any, ids: Any) -> Any:
        nonlocal read
        found = await documents(db, ids)
        read += 1
        if read == 1:
            await _change(id_, status="archived")
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "documents", slowly)
        await service.follow([Id(id_)])

    assert id_ not in _there(standin)


async def test_comparing_mends_whatever_was_missed(standin: Standin) -> None:
    await service.refill()
    lost, stale, *_ = await _on_the_market()
    del standin.indexes["listings"][lost]
    standin.indexes["listings"][stale]["version"] = 0
    standin.indexes["listings"]["018f0000-0000-7000-8000-0000000000ff"] = {
        "id": "018f0000-0000-7000-8000-0000000000ff", "version": 1,
    }  # fmt: skip
    compared = await service.compare()

    assert (compared.brought, compared.taken) == (2, 1)
    assert _there(standin) == await _on_the_market()
    assert await service.compare() == service.Compared(0, 0)


async def test_an_org_that_closes_leaves_the_index(standin: Standin) -> None:
    await service.refill()
    org_id = await orgs.org_id_of("indus")
    assert org_id
    await _as_owner("update org set status = 'suspended' where id = $1", org_id)
    await service.follow_org(org_id)

    assert {one["org"] for one in standin.indexes["listings"].values()} == {str(await orgs.org_id_of("ravi"))}


async def test_a_refused_document_keeps_its_job(standin: Standin) -> None:
    await service.refill()
    [id_, *_] = await _on_the_market()
    standin.ends = ["failed"]

    with pytest.raises(Exception, match="no such field"):
        await service.follow([Id(id_)])


async def test_a_search_is_answered_by_the_engine_outside(standin: Standin) -> None:
    await service.refill()
    ids = list(_there(standin))[:3]
    standin.answers = lambda _query: {
        "hits": [{"id": id_} for id_ in ids], "facetDistribution": {"seller": {"dealer": 3}},
    }  # fmt: skip
    async with database.unit(Scope(), read=True) as db:
        found = await queries.search(db, ListingSearchForm())

    assert (found.engine, found.fallback, found.total) == ("meilisearch", False, 3)
    assert [str(hit.id) for hit in found.hits] == ids


async def test_what_the_index_still_has_and_nobody_may_see_is_not_shown(standin: Standin) -> None:
    """The index never decides who sees what: cars are read again through the reader's own eyes."""
    await service.refill()
    hidden, shown, *_ = await _on_the_market()
    await _change(hidden, visibility="private")
    standin.answers = lambda _query: {
        "hits": [{"id": hidden}, {"id": shown}], "facetDistribution": {"seller": {"dealer": 2}},
    }  # fmt: skip
    async with database.unit(Scope(), read=True) as db:
        found = await queries.search(db, ListingSearchForm())

    assert [str(hit.id) for hit in found.hits] == [shown]


async def test_when_it_is_down_postgresql_answers_and_says_so(settings: Settings, standin: Standin) -> None:
    standin.down = httpx2.ConnectError("refused")
    index = queries.outside()
    async with serving(settings) as caller:
        queries.install(index)  # serving starts as a desk without one
        answers = [(await caller.http.get("/api/v1/listings?q=corolla")).json() for _ in range(7)]
        page = await caller.http.get("/cars?make=toyota&model=corolla")

    assert {(one["engine"], one["fallback"]) for one in answers} == {("postgres", True)}
    assert answers[0]["total"] > 0
    assert page.status_code == 200


def test_without_such_an_engine_nothing_is_promised() -> None:
    """A job for every change of a car is only made where somebody needs it."""
    kinds = {one.kind for wire in wiring.wires(outside=False).values() for one in wire.do}
    outside = {one.kind for wire in wiring.wires(outside=True).values() for one in wire.do}

    assert outside - kinds == {one.kind for one in wiring.OUTSIDE}
    assert {"search.reactions.follow_listing", "search.reactions.follow_org"} < outside


async def test_a_change_is_followed_by_a_job_of_the_indexing_queue(standin: Standin) -> None:
    await service.refill()
    events.install(wiring.wires(outside=True))
    try:
        async with database.system() as db:
            listing = await db.scalar(select(Listing).where(Listing.status == "live").limit(1))
            assert listing
            fact = next(kind for kind in wiring.TABLE if kind.__name__ == "ListingPriceChanged")
            events.record(db, fact(org_id=listing.org_id, id=listing.id))
        async with database.system() as db:
            jobs = (await db.execute(text("select queue, kind from job where kind like 'search.%'"))).all()
    finally:
        wiring.install()

    assert [tuple(job) for job in jobs] == [("indexing", "search.reactions.follow_listing")]


async def test_a_difference_is_found_at_night(standin: Standin) -> None:
    await service.refill()
    async with database.system() as db:
        await housekeeping.check_outside(db, clock.now())
    same = housekeeping.SEARCH_OUTSIDE._value.get()
    del standin.indexes["listings"][next(iter(standin.indexes["listings"]))]
    async with database.system() as db:
        await housekeeping.check_outside(db, clock.now())

    assert (same, housekeeping.SEARCH_OUTSIDE._value.get()) == (0, 1)
