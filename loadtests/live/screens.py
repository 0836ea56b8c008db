"""The parts of the bench that run on the whole product: leads over HTTP onto pages of a real desk."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from app.core.embedded.process import free_port
from loadtests.live.desk import Desk, Web
from loadtests.live.measure import Queues, cpu_s, family, rounded, rss_kb
from loadtests.live.options import Options
from loadtests.live.storm import Seen, Storm, milliseconds, seen

Say = Callable[[str], None]


async def whole(desk: Desk, command: list[str], options: Options, say: Say) -> dict[str, Any]:
    """One branch's pages, leads over the public API: from the answer to the last byte at the last page."""
    size = options.whole
    with desk.web() as web:
        return await _delivered(desk, command, web, web, size.sockets, size.rate, size.seconds, options.seed, say)


async def pair(desk: Desk, command: list[str], options: Options, say: Say) -> dict[str, Any]:
    """The same with two web processes, as more than one core wants: the leads are taken in by the other one."""
    size = options.whole
    with desk.web() as shows, desk.web() as takes:
        return await _delivered(desk, command, shows, takes, size.sockets, size.rate, size.seconds, options.seed, say)


async def redis_absent(desk: Desk, command: list[str], options: Options, say: Say) -> dict[str, Any]:
    """The same without Redis, the leads taken in by another process than the pages are on: only polling tells it."""
    nowhere, size = f"redis://127.0.0.1:{free_port()}/0", options.absent
    with desk.web(REDIS_URL=nowhere) as shows, desk.web(REDIS_URL=nowhere) as takes:
        return await _delivered(desk, command, shows, takes, size.sockets, size.rate, size.seconds, options.seed, say)


async def stuck(desk: Desk, command: list[str], options: Options, say: Say) -> dict[str, Any]:
    """Some pages never read. The others must not notice, the stuck ones are closed, memory stays."""
    size = options.stuck
    with desk.web() as web:
        client = await desk.audience(command, web, size.sockets, "--stuck", str(size.stuck))
        try:
            await client.open()
            say("stuck: warming up")
            await _warm(desk, web, options.seed)
            queues, before, most = Queues(web.port, least=20_000), rss_kb(web.pid), 0.0
            storm = _storm(desk, web, options.seed)
            running = asyncio.create_task(storm.run(size.rate, size.seconds))
            while not running.done():
                queues.look()
                most = max(most, rss_kb(web.pid))
                say(f"stuck: {len(queues.closed_after_s)} of {size.stuck} closed")
                await asyncio.sleep(0.1)
            await running
            for _ in range(100):
                if len(queues.closed_after_s) >= size.stuck:
                    break
                queues.look()
                await asyncio.sleep(0.1)
            found = await seen(desk.owner_url, storm, client, size.sockets - size.stuck)
            closed = queues.closed_after_s.values()
            return {
                "sockets": size.sockets, "stuck": size.stuck, **_told(storm, found),
                "closed": len(closed), "slowest_close_s": rounded(max(closed, default=None)),
                "slow_cuts": int(web.figure("desk_live_slow_cuts_total")),
                "memory_growth_mb": rounded((most - before) / 1024, 1),
            }  # fmt: skip
        finally:
            await client.close()


async def memory(desk: Desk, command: list[str], options: Options, say: Say) -> dict[str, Any]:
    """What one idle page costs the process, and how fast a crowd comes back after a restart."""
    warm, *sizes = options.memory
    told: dict[str, Any] = {}
    with desk.web() as web:
        client = await desk.audience(command, web, warm)
        try:
            before, _ = await client.open()
            await asyncio.sleep(1)
            base, cpu = rss_kb(web.pid), cpu_s([web.pid])
            for size in sizes:
                say(f"memory: {size} sockets")
                opened, seconds = await client.grow(size)
                spent = cpu_s([web.pid]) - cpu
                await asyncio.sleep(3)
                told[str(size)] = {
                    "open": opened, "kb_per_socket": rounded((rss_kb(web.pid) - base) / (opened - warm)),
                    "rss_mb": rounded(rss_kb(web.pid) / 1024, 1), "connect_s": rounded(seconds),
                    "handshake_cpu_us": rounded(1e6 * spent / (opened - before), 0),
                }  # fmt: skip
                before, cpu = opened, cpu_s([web.pid])
            await asyncio.sleep(options.idle_s)
            told["idle_core_percent"] = rounded(100 * (cpu_s([web.pid]) - cpu) / options.idle_s, 1)
        finally:
            await client.close()
    return told


async def _delivered(
    desk: Desk, command: list[str], shows: Web, takes: Web, sockets: int, rate: float, seconds: float, seed: int,
    say: Say,
) -> dict[str, Any]:  # fmt: skip
    await _warm(desk, takes, seed)
    client = await desk.audience(command, shows, sockets)
    try:
        opened, connecting_s = await client.open()
        pids = {"web": family(shows.pid), "client": [client.pid]}
        pids |= {"web_taking": family(takes.pid)} if takes is not shows else {}
        pids |= {name: family(pid) for name, pid in desk.server_pids.items()}
        before = {name: cpu_s(found) for name, found in pids.items()}
        storm = _storm(desk, takes, seed)
        progress = asyncio.create_task(_progress(storm, rate * seconds, say))
        await storm.run(rate, seconds)
        progress.cancel()
        found = await seen(desk.owner_url, storm, client, sockets)
        spent = {name: cpu_s(them) - before[name] for name, them in pids.items()}
        deliveries = max(1, len(storm.acknowledged) * sockets)
        return {
            "sockets": opened, "rate": rate, "seconds": seconds, "connect_s": rounded(connecting_s),
            **_told(storm, found), "cpu_us_per_delivery": rounded(1e6 * spent["web"] / deliveries),
            "core_percent": {name: rounded(100 * used / seconds, 1) for name, used in spent.items()},
            "gone": found.table.gone, "messages": found.table.messages,
        }  # fmt: skip
    finally:
        await client.close()


def _told(storm: Storm, found: Seen) -> dict[str, Any]:
    return {
        "acknowledged": len(storm.acknowledged), "refused": len(storm.refused), "first_refusal": storm.refused[:1],
        "lost": found.lost, "disorder": found.table.disorder, "resets": found.table.bad,
        "p50_ms": milliseconds(found.late_s, 0.5), "p99_ms": milliseconds(found.late_s, 0.99),
        "max_ms": milliseconds(found.late_s, 1), "from_request_p50_ms": milliseconds(found.whole_s, 0.5),
        "from_request_p99_ms": milliseconds(found.whole_s, 0.99), "answer_p50_ms": milliseconds(found.answer_s, 0.5),
        "answer_p99_ms": milliseconds(found.answer_s, 0.99),
    }  # fmt: skip


def _storm(desk: Desk, web: Web, seed: int) -> Storm:
    assert desk.crowd is not None
    desk.storms += 1  # each its own buyers: one who asks again about the same car opens no lead
    return Storm(web.url, desk.crowd.listings, seed=f"{seed} {desk.storms}")


async def _warm(desk: Desk, web: Web, seed: int) -> None:
    """Connections, compiled statements and templates: a process in its first second is not what is measured."""
    await _storm(desk, web, seed).run(20, 2)


async def _progress(storm: Storm, total: float, say: Say) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            say(f"{len(storm.acknowledged)} of {total:.0f} leads acknowledged")
            await asyncio.sleep(0.5)
