"""Crashes under writes: no listener loses, doubles or reorders a fact, on either hub, with or without Redis."""

import asyncio
import contextlib
import random
import signal
import socket as sockets
import time
from collections.abc import Callable

import httpx
import pytest

from app.core import db, feeds
from app.core.base import Scope
from app.core.embedded.servers import Servers
from app.core.settings import Settings
from app.core.wakes import Wakes
from loadtests.listeners import Machine, Page
from tests.realtime.clients import frame, frame_of, opened, somewhere
from tests.realtime.conftest import Board, Guest
from tests.realtime.proof import facts
from tests.support.proofs import proof

KINDS = pytest.mark.parametrize("kind", ["raw", proof("portable")])


@contextlib.asynccontextmanager
async def crowd(boards: list[Board], org, *, machines: int, pages: int):
    """Listeners at work; at the end they are stopped."""
    async with db.unit(Scope(org_id=org), read=True) as session:
        at = str(await feeds.position(session))
    heard = [Machine(somewhere(boards, Guest(org))) for _ in range(machines)]
    shown = [Page(somewhere(boards, Guest(org)), "notes:org", at, await truth(org)) for _ in range(pages)]
    for machine in heard:
        machine.epoch, machine.at = at.split(":")[0], int(at.split(":")[1])
    tasks = [asyncio.create_task(client.run()) for client in (*heard, *shown)]
    try:
        yield heard, shown
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def truth(org) -> dict[str, str]:
    async with db.unit(Scope(org_id=org), read=True) as session:
        return {str(note["id"]): note["body"] for note in await facts.notes(session)}


async def head(org) -> int:
    async with db.unit(Scope(org_id=org), read=True) as session:
        return (await feeds.position(session)).seq


async def write_for(seconds: float, boards: list[Board], org) -> None:
    """Write through whichever board answers, and now and then straight to the database."""
    guest, notes, until = Guest(org), list(await truth(org)), time.monotonic() + seconds
    async with httpx.AsyncClient(headers=guest.as_bearer(), timeout=5) as http:
        while time.monotonic() < until:
            body = {"body": f"{random.random():.9f}"}
            if notes and random.random() < 0.6:
                body["id"] = random.choice(notes)
            try:
                answer = await http.post(random.choice(boards).url + "/notes", json=body)
                notes.append(answer.json()["id"])
            except httpx.TransportError:
                await facts.write_note(org, body["body"])
            if len(notes) > 30:
                doomed = notes.pop(0)
                notes = [note for note in notes if note != doomed]
                await facts.erase_note(org, facts.UUID(doomed))
            await asyncio.sleep(0.01)


async def check(org, heard: list[Machine], shown: list[Page], start: int) -> None:
    """Everybody has heard everything once and in order, and every page shows what is."""
    end, rows = await head(org), await truth(org)
    for _ in range(200):
        if all(machine.at == end for machine in heard) and all(page.rows == rows for page in shown):
            break
        await asyncio.sleep(0.05)
    assert [machine.wrong for machine in heard] == [[] for _ in heard]
    for machine in heard:
        assert machine.seqs == list(range(start + 1, end + 1))
    assert [page.rows == rows for page in shown] == [True] * len(shown)
    assert sum(page.resets for page in shown) == 0


@KINDS
async def test_killed_and_restarted_servers_cost_no_listener_a_fact(kind, boards, database, settings: Settings, org):
    for _ in range(2):
        boards.append(Board(settings, hub=kind))
        boards[-1].start()
    await facts.write_note(org, "first")
    start = await head(org)
    async with crowd(boards, org, machines=8, pages=8) as (heard, shown):
        writing = asyncio.create_task(write_for(6, boards, org))
        for i, how in enumerate((signal.SIGKILL, signal.SIGTERM, signal.SIGKILL, signal.SIGTERM)):
            await asyncio.sleep(0.7)
            await asyncio.to_thread(boards[i % 2].end, how)
            await asyncio.to_thread(boards[i % 2].start)
        await writing
        await check(org, heard, shown, start)

    assert sum(machine.reconnects for machine in heard) >= 8


async def test_what_one_process_commits_another_pushes_at_once(boards, database, settings: Settings, org):
    for _ in range(2):
        boards.append(Board(settings))
        boards[-1].start()
    await facts.write_note(org, "first")
    writer = Guest(org)
    async with opened(boards[1], Guest(org)) as socket, httpx.AsyncClient(headers=writer.as_bearer()) as http:
        await frame(socket)
        waits = []
        for i in range(20):
            await http.post(boards[0].url + "/notes", json={"body": f"note {i}"})
            began = time.monotonic()
            await frame(socket)
            waits.append(time.monotonic() - began)

    # By polling alone half of them would take more than a quarter of a second.
    assert sorted(waits)[10] < 0.1


async def test_without_redis_pushes_arrive_by_polling_and_with_it_again_at_once(
    boards, database, servers: Servers, settings: Settings, org
):
    boards.append(Board(settings))
    boards[0].start()
    await facts.write_note(org, "first")
    start = await head(org)
    valkey = servers.valkey
    assert valkey
    async with crowd(boards, org, machines=4, pages=4) as (heard, shown):
        await write_for(1, boards, org)
        await asyncio.to_thread(valkey.stop)
        for i in range(10):
            await facts.write_note(org, f"while Redis is gone {i}")
        began = time.monotonic()
        await check(org, heard, shown, start)
        assert time.monotonic() - began < 3
        valkey.start()  # here: a server ends with the thread that started it, and executors' threads end
        await write_for(1, boards, org)
        await check(org, heard, shown, start)


@KINDS
async def test_a_peer_that_does_not_read_is_cut_and_harms_nobody(kind, boards, database, settings: Settings, org):
    boards.append(Board(settings, hub=kind))
    boards[0].start()
    await facts.write_note(org, "first")
    async with crowd(boards, org, machines=3, pages=0) as (heard, _):
        stalled = [stalled_socket(boards[0], Guest(org)) for _ in range(5)]
        await asyncio.sleep(0.3)
        async with waking(settings):
            for _ in range(30):
                await flood(org, 5)
                end = await head(org)
                await until(lambda end=end: all(machine.at == end for machine in heard))
        for _ in range(100):
            if await boards[0].figure("desk_live_slow_cuts_total") >= 5:
                break
            await asyncio.sleep(0.1)

        assert await boards[0].figure("desk_live_slow_cuts_total") == 5
        assert [machine.wrong for machine in heard] == [[], [], []]
        assert [machine.seqs[-1] for machine in heard] == [end] * 3
        assert [machine.reconnects for machine in heard] == [0, 0, 0]
    for sock in stalled:
        sock.close()


@pytest.mark.proof
async def test_a_peer_that_reads_nothing_of_a_trickle_is_cut_in_time_though_the_kernel_holds_it_all(
    boards, database, settings: Settings, org
):
    """What comes in these seconds fills no buffer of ours."""
    boards.append(Board(settings))
    boards[0].start()
    await facts.write_note(org, "first")
    async with crowd(boards, org, machines=2, pages=0) as (heard, _):
        stalled = [stalled_socket(boards[0], Guest(org)) for _ in range(3)]
        began, cut_after = time.monotonic(), 0.0
        while not cut_after and time.monotonic() - began < 22:
            await flood(org, 1)
            await asyncio.sleep(1)
            if await boards[0].figure("desk_live_slow_cuts_total") == 3:
                cut_after = time.monotonic() - began

        assert 0 < cut_after < 22
        assert [machine.reconnects for machine in heard] == [0, 0]
    for sock in stalled:
        sock.close()


def stalled_socket(board: Board, guest: Guest) -> sockets.socket:
    """A JSON listener that shakes hands and never reads again, with the smallest buffer the kernel gives."""
    sock = sockets.socket()
    sock.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4_096)
    sock.connect(("127.0.0.1", board.port))
    sock.sendall(
        (
            f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{board.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            f"Authorization: Bearer {guest.token}\r\n\r\n"
        ).encode()
    )
    assert b"101" in sock.recv(64)
    return sock


@contextlib.asynccontextmanager
async def waking(settings: Settings):
    """Commits of this process are told to the boards: they would find them by polling, half a second later."""
    wakes = Wakes(settings.redis_url)
    await wakes.start()
    try:
        yield
    finally:
        await wakes.stop()


async def flood(org, n: int) -> None:
    """Facts of some 60 kB: the kernel alone hides megabytes of a stalled peer."""
    async with db.unit(Scope(org_id=org)) as session:
        for _ in range(n):
            facts.events.record(session, facts.LongTold(org_id=org, id=facts.new_id(), words="x" * 60_000))


async def until(holds: Callable[[], bool], within: float = 20) -> None:
    for _ in range(int(within / 0.02)):
        if holds():
            return
        await asyncio.sleep(0.02)


@KINDS
async def test_a_storm_of_reconnects_costs_few_queries_and_everybody_is_back(
    kind, boards, database, settings: Settings, org
):
    boards.append(Board(settings, hub=kind))
    boards[0].start()
    await facts.write_note(org, "first")
    start = await head(org)
    async with crowd(boards, org, machines=30, pages=90) as (heard, shown):
        for _ in range(100):
            if await boards[0].figure("desk_live_sockets{") == 120:
                break
            await asyncio.sleep(0.1)
        boards[0].end()
        for i in range(20):
            await facts.write_note(org, f"while it was down {i}")
        await asyncio.to_thread(boards[0].start)
        await check(org, heard, shown, start)
        turns = await boards[0].figure("desk_live_turns_total")

    assert turns < 60  # one read answers many: 120 sockets came back


async def test_sigterm_sends_everybody_elsewhere_in_slices(boards, database, settings: Settings, org):
    boards.append(Board(settings))
    boards[0].start()
    await facts.write_note(org, "first")
    async with contextlib.AsyncExitStack() as stack:
        listening = [await stack.enter_async_context(opened(boards[0], Guest(org))) for _ in range(120)]
        for socket in listening:
            await frame(socket)
        began = time.monotonic()
        ended = asyncio.to_thread(boards[0].end, signal.SIGTERM)
        closed_after = await asyncio.gather(ended, *(_closed_after(socket, began) for socket in listening))

    status, *moments = closed_after
    assert [code for code, _ in moments] == [1012] * 120
    assert max(after for _, after in moments) - min(after for _, after in moments) > 0.3  # three slices
    assert status in (0, -signal.SIGTERM)


async def _closed_after(socket, began: float) -> tuple[int, float]:
    await socket.wait_closed()
    return socket.close_code, time.monotonic() - began


async def test_a_heartbeat_tells_how_far_a_page_has_been_told(boards, database, settings: Settings, org):
    boards.append(Board(settings, beat_s=0.5))
    boards[0].start()
    await facts.write_note(org, "first")
    async with opened(boards[0], Guest(org)) as machine, opened(boards[0], Guest(org), "?topics=notes:org") as page:
        for _ in range(3):
            await facts.tell(facts.SecretTold(org_id=org, id=facts.new_id()))
        await asyncio.sleep(1.5)
        await frame_of(machine, "beat")
        beat = await frame_of(machine, "beat")
        await frame_of(page, "hb")
        heartbeat = await frame_of(page, "hb")

    assert beat["head"] == 4
    assert heartbeat["heads"] == {"notes:org": 4}
