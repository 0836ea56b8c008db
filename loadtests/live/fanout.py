"""The fan-out task at saturation: our hub, the bare writer and others in turn, each with one core and the same load."""

import asyncio
import os
import random
import socket
import statistics
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct
from redis.asyncio import Redis

from app.core.embedded.children import Child
from app.core.embedded.process import free_port, tail
from loadtests.live import peers
from loadtests.live.client import Client
from loadtests.live.measure import cpu_s, family, pin, quantile, rounded
from loadtests.live.options import Fanout, Options
from loadtests.live.peers import Kind, Skipped

Say = Callable[[str], None]
_SERVER_CORE, _LOAD_CORE = 0, 1
_PATIENCE_S = 30


class Place(Struct, frozen=True):
    """Where the servers of the task find Redis and leave their logs; `redis_pid` shares the load's core."""

    redis_url: str
    redis_pid: int
    path: Path


class Round(Struct, frozen=True):
    deliveries_per_s: float
    cpu_us_per_delivery: float
    messages: int
    lost: int
    disorder: int


async def fanout(place: Place, command: list[str], options: Options, say: Say) -> dict[str, Any]:
    """Rounds of every kind, interleaved in a new order each time: a disturbance hits them all alike."""
    kinds, skipped = _kinds(options.kinds or peers.NAMES)
    rounds: dict[str, list[Round]] = {name: [] for name in kinds}
    chance = random.Random(options.seed)
    for number in range(1, options.fanout.rounds + 1):
        for name in chance.sample(list(kinds), len(kinds)):
            say(f"fan-out: round {number} of {options.fanout.rounds}, {name}")
            try:
                rounds[name].append(await _round(place, command, kinds[name], options.fanout))
            except (RuntimeError, TimeoutError, OSError) as error:
                skipped[name] = f"round {number}: {type(error).__name__} {error}"
    told = {name: _sum(done) for name, done in rounds.items() if done}
    return {"sockets": options.fanout.sockets, "kinds": told, "ratios": _ratios(told), "skipped": skipped}


async def crowded(place: Place, command: list[str], options: Options, say: Say) -> dict[str, Any]:
    """How long a request waits in a process whose hub never stops writing to a crowd."""
    size = options.crowded
    say(f"http: while a fan-out to {size.sockets} runs")
    async with _served(place, command, peers.kind("raw"), size.sockets) as (child, client, port):
        waits: list[float] = []
        asking = asyncio.create_task(_ask(port, waits))
        done = await _publish(place, client, peers.kind("raw"), size, family(child))
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        return {
            "sockets": size.sockets, "requests": len(waits), "p50_ms": _ms(waits, 0.5), "p99_ms": _ms(waits, 0.99),
            "max_ms": _ms(waits, 1), "deliveries_per_s": round(done.deliveries_per_s),
            "cpu_us_per_delivery": rounded(done.cpu_us_per_delivery), "lost": done.lost,
        }  # fmt: skip


def _kinds(names: Sequence[str]) -> tuple[dict[str, Kind], dict[str, str]]:
    kinds, skipped = {}, {}
    for name in names:
        try:
            kinds[name] = peers.kind(name)
        except Skipped as reason:
            skipped[name] = str(reason)
    return kinds, skipped


async def _round(place: Place, command: list[str], kind: Kind, size: Fanout) -> Round:
    async with _served(place, command, kind, size.sockets) as (child, client, _):
        return await _publish(place, client, kind, size, family(child))


@asynccontextmanager
async def _served(place: Place, command: list[str], kind: Kind, sockets: int) -> AsyncIterator[tuple[int, Client, int]]:
    """A server of this kind on its core with all sockets open: its pid, the client, its port."""
    port = free_port()
    log = place.path / f"{kind.name}.log"
    environ = {**os.environ, "PYTHONPATH": str(peers.ROOT), **dict(kind.environ)}
    child = Child(kind.name, (), log, environ)
    child.command = [*kind.command, str(port), place.redis_url]
    child.start()
    client = Client(
        command, "--port", str(port), "--path", kind.path, "--sockets", str(sockets), *kind.options
    )  # fmt: skip
    try:
        assert child.process is not None
        await _listening(child, port, log)
        pin(family(child.process.pid), _SERVER_CORE)
        pin((os.getpid(), place.redis_pid), _LOAD_CORE)
        opened, _ = await client.open()
        if opened < sockets:
            raise RuntimeError(f"only {opened} of {sockets} sockets opened")
        yield child.process.pid, client, port
    finally:
        await client.close()
        pin((os.getpid(), place.redis_pid), None)
        child.ask_to_stop()
        child.insist(time.monotonic() + 3)


async def _listening(child: Child, port: int, log: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and child.exit_code() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        await asyncio.sleep(0.05)
    raise RuntimeError(f"it did not start: {' '.join(tail(log))[-300:]}")


async def _publish(place: Place, client: Client, kind: Kind, size: Fanout, pids: Sequence[int]) -> Round:
    """As many messages as the server can take, `in_flight` of them on the way at any time."""
    async with Redis.from_url(place.redis_url) as redis:
        number = await _warm(redis, client, kind)
        first, cpu, began = number + 1, cpu_s(pids), time.monotonic()
        while time.monotonic() < began + size.seconds:
            while number - _complete(client, first) < size.in_flight:
                number += 1
                await redis.publish(*kind.publish(number))
            if not await client.more(_PATIENCE_S):
                raise RuntimeError(f"nothing more came after {_complete(client, first)} messages")
        while _complete(client, first) < number and await client.more(_PATIENCE_S):
            pass
        spent = cpu_s(pids) - cpu
    took = max(client.done[last] for last in client.done if last >= first) - began
    table = await client.table()
    mine = [row for row in table.rows if first <= row.number]
    deliveries = sum(row.count for row in mine)
    messages = number - first + 1
    lost = messages * size.sockets - deliveries
    return Round(deliveries / took, 1e6 * spent / deliveries, messages, lost, table.disorder)


async def _warm(redis: Redis, client: Client, kind: Kind) -> int:
    """Some kinds let a socket in a moment after its handshake: publish until a message is at all of them."""
    until, number = time.monotonic() + _PATIENCE_S, 0
    while time.monotonic() < until:
        number += 1
        await redis.publish(*kind.publish(number))
        if await client.more(1.0) and number in client.done and number >= 3:
            return number
    raise RuntimeError("no message came to all sockets")


def _complete(client: Client, first: int) -> int:
    """Up to which message all are complete; they come in order, so that the latest tells."""
    return max(max(client.done, default=0), first - 1)


async def _ask(port: int, waits: list[float]) -> None:
    """One request after the other over one connection, and how long each took."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while True:
            began = time.perf_counter()
            writer.write(b"GET /health HTTP/1.1\r\nHost: bench\r\n\r\n")
            await reader.readuntil(b"\r\n\r\nok")
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(0.005)
    finally:
        writer.close()


def _sum(rounds: Sequence[Round]) -> dict[str, Any]:
    """The middle of all rounds, and the best: what else ran on the machine only ever makes it worse."""
    spent = [done.cpu_us_per_delivery for done in rounds]
    return {
        "cpu_us_per_delivery": rounded(statistics.median(spent)), "best_cpu_us_per_delivery": rounded(min(spent)),
        "deliveries_per_s": round(statistics.median(done.deliveries_per_s for done in rounds)),
        "best_deliveries_per_s": round(max(done.deliveries_per_s for done in rounds)),
        "messages": sum(done.messages for done in rounds), "lost": sum(done.lost for done in rounds),
        "disorder": sum(done.disorder for done in rounds),
    }  # fmt: skip


def _ratios(told: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Processor time per delivery of each kind over that of our raw hub: above 1 we are cheaper."""
    if "raw" not in told:
        return {}
    ours = told["raw"]["cpu_us_per_delivery"]
    return {name: round(one["cpu_us_per_delivery"] / ours, 2) for name, one in told.items() if name != "raw"}


def _ms(values: Sequence[float], part: float) -> float | None:
    found = quantile(values, part)
    return None if found is None else round(found * 1000, 2)
