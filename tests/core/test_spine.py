"""The unit of work: one transaction for the change, its audit record, its event and its jobs."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from app.core import base, db, events
from app.core.base import Scope
from app.core.feed_tables import AUDIT, AuditRecord, EventRow, Feed, Job
from app.core.ids import Id, new_id
from app.core.settings import Settings


class ThingMade(events.Fact, tag="thing.made"):
    pass


class ThingForgotten(events.Fact, tag="thing.forgotten"):
    pass


async def tell_somebody(_work: object, _fact: ThingMade) -> None:
    """Stands in the wiring; the ledger's tests run reactions."""


@pytest.fixture(autouse=True)
def wired() -> Iterator[None]:
    before = events.wires()
    events.install({ThingMade: events.Wire(do=(events.Reaction("default", tell_somebody),))})
    yield
    events.install(before)


async def make(org: Id, *, n: int = 1, fail: bool = False) -> None:
    async with db.unit(Scope(org_id=org, actor_id=org, request_id="r-1")) as session:
        for _ in range(n):
            events.record(session, ThingMade(org_id=org, id=new_id()), changed={"price": (1, 2)})
        if fail:
            raise RuntimeError("the handler broke")


async def rows(org: Id) -> list[EventRow]:
    async with db.unit(Scope(org_id=org), read=True) as session:
        return list((await session.execute(select(EventRow).order_by(EventRow.seq))).scalars())


async def test_change_writes_event_audit_record_and_job_together(database):
    org = new_id()

    await make(org)

    async with db.unit(Scope(org_id=org), read=True) as session:
        event = (await session.execute(select(EventRow))).scalar_one()
        audit = (await session.execute(select(AuditRecord))).scalar_one()
        job = (await session.execute(select(Job))).scalar_one()
    assert (event.seq, event.tag, event.actor_id, event.request_id) == (1, "thing.made", org, "r-1")
    assert (audit.seq, audit.entity, audit.diff) == (1, "thing", {"price": [1, 2]})
    assert (job.kind.rpartition(".")[2], job.event_seq, job.queue) == ("tell_somebody", 1, "default")


async def test_broken_handler_leaves_nothing_behind(database):
    org = new_id()

    with pytest.raises(RuntimeError):
        await make(org, fail=True)

    assert await rows(org) == []
    async with db.system() as session:
        assert (await session.execute(select(func.count()).select_from(Feed))).scalar_one() == 0


async def test_seq_is_gap_free_and_in_commit_order_over_parallel_writers(database):
    org = new_id()
    seen: list[int] = []
    stop = events.on_wake(lambda wakes: seen.extend(wake.seq for wake in wakes))

    outcomes = await asyncio.gather(
        *(make(org, n=1 + i % 3, fail=i % 7 == 6) for i in range(70)), return_exceptions=True
    )
    stop()

    written = await rows(org)
    assert [row.seq for row in written] == list(range(1, len(written) + 1))
    assert [row.at for row in written] == sorted(row.at for row in written)
    assert len(written) == sum(1 + i % 3 for i in range(70) if i % 7 != 6)
    assert len(seen) == sum(outcome is None for outcome in outcomes) == 60


async def test_unwired_fact_cannot_be_recorded(database):
    with pytest.raises(events.Unwired, match=r"thing\.forgotten"):
        async with db.unit(Scope(org_id=new_id())) as session:
            events.record(session, ThingForgotten(org_id=new_id(), id=new_id()))


async def test_one_transaction_may_announce_in_two_feeds(database):
    here, there = new_id(), new_id()

    async with db.unit(Scope(org_id=here)) as session:
        events.record(session, ThingMade(org_id=there, id=new_id()))
        events.record(session, ThingMade(org_id=here, id=new_id()))

    assert [row.org_id for row in await rows(here)] == [here]
    assert [row.org_id for row in await rows(there)] == [there]


async def test_audit_chain_names_the_record_that_was_changed(database, settings: Settings):
    org = new_id()
    await make(org, n=5)

    async def broken() -> list[int]:
        head, found = events.GENESIS, []
        async with db.unit(Scope(org_id=org), read=True) as session:
            for record in (await session.execute(select(AuditRecord).order_by(AuditRecord.seq))).scalars():
                expected = events.chain_hash(head, {column.name: getattr(record, column.name) for column in AUDIT.c})
                if expected != record.hash:
                    found.append(record.seq)
                head = record.hash
        return found

    assert await broken() == []
    engine = create_async_engine(db.async_url(settings.database_owner_url or ""))
    async with engine.begin() as connection:
        await connection.execute(text("alter table audit_record disable trigger all"))
        await connection.execute(text("update audit_record set diff = '{}' where seq = 3"))
    await engine.dispose()
    assert await broken() == [3]


@pytest.mark.parametrize(
    "statement", ["update audit_record set diff = '{}'", "delete from audit_record", "truncate audit_record"]
)
async def test_audit_records_refuse_change_even_by_the_owner(database, settings: Settings, statement: str):
    await make(new_id())
    engine = create_async_engine(db.async_url(settings.database_owner_url or ""))

    with pytest.raises(DBAPIError, match="append only"):
        async with engine.begin() as connection:
            await connection.execute(text(statement))
    await engine.dispose()


@pytest.mark.parametrize("guard", ["both", "scope only", "rls only"])
async def test_either_guard_alone_hides_another_org(database, settings: Settings, guard: str):
    ours, theirs = new_id(), new_id()
    await make(ours)
    await make(theirs)
    if guard == "scope only":
        engine = create_async_engine(db.async_url(settings.database_owner_url or ""))
        async with engine.begin() as connection:
            await connection.execute(text("alter table event disable row level security"))
        await engine.dispose()
    base.guard_off(guard == "rls only")

    try:
        found = await rows(ours)
    finally:
        base.guard_off(False)

    assert [row.org_id for row in found] == [ours]


async def test_row_of_another_org_cannot_be_added(database):
    with pytest.raises(db.OutOfScope):
        async with db.unit(Scope(org_id=new_id())) as session:
            session.add(Feed(org_id=new_id(), epoch=new_id(), seq=0, audit_hash=b""))


async def test_without_a_scope_nothing_of_any_org_is_seen(database):
    await make(new_id())

    async with db.unit(Scope(), read=True) as session:
        assert (await session.execute(select(EventRow))).all() == []
        assert (await session.execute(text("select count(*) from event"))).scalar_one() == 0


async def test_org_setting_never_leaks_to_the_next_checkout(database):
    orgs = [new_id() for _ in range(4)]
    for org in orgs:
        await make(org)

    few = asyncio.Semaphore(12)

    async def look(i: int) -> bool:
        org = orgs[i % 4]
        async with few, db.unit(Scope(org_id=org), read=i % 2 == 0) as session:
            if i % 5 == 0:
                await session.rollback()
                return True
            found = (await session.execute(text("select distinct org_id from event"))).scalars().all()
            if i % 11 == 0:
                raise asyncio.CancelledError
            return found == [org]

    results = await asyncio.gather(*(look(i) for i in range(400)), return_exceptions=True)

    assert all(result is True or isinstance(result, asyncio.CancelledError) for result in results)


# Ids, slugs and filter columns anybody may know; what they lead to is read again under row-level security.
OUTSIDE = {"storefront", "storefront_branch", "listing_search", "listing_text"}


async def test_every_table_with_an_org_has_forced_row_level_security(database):
    async with db.system() as session:
        unguarded = await session.execute(
            text(
                "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' "
                "where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace "
                "and not (c.relrowsecurity and c.relforcerowsecurity)"
            )
        )

    assert set(unguarded.scalars()) == OUTSIDE


async def test_acknowledged_means_durable(database):
    async with db.unit(Scope(), read=True) as app, db.system() as system:
        for session in (app, system):
            assert (await session.execute(text("show synchronous_commit"))).scalar_one() == "on"
