"""Wake-ups: told at once in the process, told through Redis to the others, and healed after Redis comes back."""

import asyncio

import pytest

from app.core import events
from app.core.events import Wake
from app.core.ids import Id, new_id
from app.core.wakes import CHANNEL, Wakes
from tests.support.until import until


class Ear:
    def __init__(self) -> None:
        self.heard: list[tuple[Id, int]] = []
        self.ready = 0

    def wake(self, org_id: Id, seq: int) -> None:
        self.heard.append((org_id, seq))

    def on_ready(self) -> None:
        self.ready += 1


async def test_without_redis_the_process_still_hears_its_own_commits() -> None:
    wakes, ear = Wakes(None), Ear()
    wakes.listen(ear.wake, ear.on_ready)
    await wakes.start()
    org = new_id()
    events.wake([Wake(org, 7)])
    await wakes.stop()
    events.wake([Wake(org, 8)])

    assert ear.heard == [(org, 7)]
    assert ear.ready == 1


async def test_another_process_hears_a_commit_once_and_so_does_its_own(redis_url: str) -> None:
    here, there, own, other = Wakes(redis_url), Wakes(redis_url), Ear(), Ear()
    here.listen(own.wake, own.on_ready)
    there.listen(other.wake, other.on_ready)
    await here.start()
    await there.start()
    await until(lambda: here.connected and there.connected)
    org = new_id()
    here._after_commit([Wake(org, 3)])
    await until(lambda: other.heard)
    await asyncio.sleep(0.05)

    assert own.heard == [(org, 3)]
    assert other.heard == [(org, 3)]
    await here.stop()
    await there.stop()


async def test_rubbish_on_the_channel_is_ignored(redis_url: str) -> None:
    from redis.asyncio import Redis

    wakes, ear = Wakes(redis_url), Ear()
    wakes.listen(ear.wake)
    await wakes.start()
    await until(lambda: wakes.connected)
    async with Redis.from_url(redis_url) as redis:
        for rubbish in (b"", b"\xff\x00", b"{}", b"x" * 10_000):
            await redis.publish(CHANNEL, rubbish)
    wakes_before = wakes._loops[1].restarts
    await asyncio.sleep(0.1)

    assert ear.heard == []
    assert wakes._loops[1].restarts == wakes_before == 0
    await wakes.stop()


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0"])
async def test_a_dead_redis_costs_nobody_anything(url: str) -> None:
    wakes, ear = Wakes(url), Ear()
    wakes.listen(ear.wake)
    await wakes.start()
    org = new_id()
    for seq in range(1, 1001):
        events.wake([Wake(org, seq)])
    await asyncio.sleep(0.3)

    assert len(ear.heard) == 1000
    assert not wakes.connected
    assert wakes._pending == {org: 1000}
    await wakes.stop()


async def test_after_a_cut_the_listener_is_told_that_it_may_have_missed_something(redis_url: str) -> None:
    from redis.asyncio import Redis

    wakes, ear = Wakes(redis_url), Ear()
    wakes.listen(ear.wake, ear.on_ready)
    await wakes.start()
    await until(lambda: wakes.connected)
    ready = ear.ready
    async with Redis.from_url(redis_url) as redis:
        await redis.client_kill_filter(_type="pubsub")
    await until(lambda: ear.ready > ready)

    assert wakes.connected
    await wakes.stop()
