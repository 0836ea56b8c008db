"""Connections that say nothing any more: found out by one short ping, not by everybody's statements."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core import db, leases, pool
from app.core.base import Scope
from app.core.ids import new_id
from app.core.settings import Settings
from loadtests.faults.proxy import Proxy
from tests.support.links import database_behind


@pytest.fixture
async def link(settings: Settings) -> AsyncIterator[Proxy]:
    """The way of this process to PostgreSQL."""
    async with database_behind(settings, statement_s=60) as proxy:
        yield proxy


async def ask(sleep_s: float = 0) -> None:
    async with db.unit(Scope(org_id=new_id()), read=True) as session:
        await session.execute(text("select pg_sleep(:s)"), {"s": sleep_s})


async def test_connections_that_a_middlebox_forgot_cost_one_ping_and_not_one_each(link: Proxy, monkeypatch):
    monkeypatch.setattr(pool, "PING_S", 0.3)
    await asyncio.gather(*(ask(0.1) for _ in range(4)))
    await link.turn("swallow")
    began = time.monotonic()
    for _ in range(4):
        await ask()

    assert time.monotonic() - began < 1


async def test_connections_cut_while_they_waited_are_replaced_unnoticed(link: Proxy):
    await asyncio.gather(*(ask(0.1) for _ in range(4)))
    await link.turn("cut")

    await asyncio.gather(*(ask() for _ in range(4)))


async def test_a_ledger_that_does_not_answer_is_away_before_a_lease_is_over(link: Proxy, monkeypatch):
    """Where a statement of a job may take a minute, the ledger's may not."""
    monkeypatch.setattr(leases, "_ANSWER_S", 0.3)
    await leases.due(1)
    await link.turn("blackhole")
    began = time.monotonic()
    with pytest.raises(pool.Silent):
        await leases.due(1)

    assert time.monotonic() - began < 2


async def test_the_kernel_looks_after_lines_on_which_nothing_is_said(link: Proxy):
    async with db.installed().app.connect() as connection:
        raw = await connection.get_raw_connection()
        sock = raw.driver_connection._transport.get_extra_info("socket")

        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 10_000


async def test_a_cut_line_is_the_databases_fault_and_a_vendors_is_not(link: Proxy):
    asking = asyncio.create_task(ask(5))
    await asyncio.sleep(0.2)
    await link.turn("refuse")
    cut = (await asyncio.gather(asking, return_exceptions=True))[0]
    refused = (await asyncio.gather(ask(), return_exceptions=True))[0]
    vendor = (await asyncio.gather(asyncio.open_connection("127.0.0.1", link.port), return_exceptions=True))[0]

    assert [pool.is_away(error) for error in (cut, refused, vendor)] == [True, True, False]


async def test_a_refusal_of_the_database_is_no_absence(link: Proxy):
    async with db.installed().app.connect() as connection:
        with pytest.raises(DBAPIError) as refused:
            await connection.execute(text("select 1 / 0"))

    assert not pool.is_away(refused.value)


def test_a_driver_that_lost_its_thread_is_an_absence():
    lost = Exception("as SQLAlchemy wraps it")
    lost.__cause__ = asyncpg.InternalClientError("another operation is in progress")

    assert pool.is_away(DBAPIError("select 1", None, lost))
