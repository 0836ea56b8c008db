"""The breaker: opens after repeated failure, fails fast, lets one trial through after a pause."""

import asyncio

import pytest

from app.adapters.breaker import FAILURES, LONGEST_PAUSE_S, PAUSE_S, Breaker, BreakerOpen


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker("test", failures=(ConnectionError,), clock=clock)


async def fail(breaker: Breaker, times: int = 1, kind: type[Exception] = ConnectionError) -> None:
    for _ in range(times):
        with pytest.raises(kind):
            async with breaker:
                raise kind


async def succeed(breaker: Breaker) -> None:
    async with breaker:
        pass


async def test_opens_after_repeated_failure_and_then_fails_fast(breaker, clock):
    await fail(breaker, FAILURES - 1)
    assert breaker.state == "closed"
    await fail(breaker)

    assert breaker.state == "open"
    with pytest.raises(BreakerOpen) as refused:
        await succeed(breaker)
    assert refused.value.after_s == PAUSE_S


async def test_success_in_between_forgets_failures(breaker):
    await fail(breaker, FAILURES - 1)
    await succeed(breaker)
    await fail(breaker, FAILURES - 1)

    assert breaker.state == "closed"


async def test_after_the_pause_one_trial_goes_through_and_closes_it(breaker, clock):
    await fail(breaker, FAILURES)
    clock.now = PAUSE_S
    assert breaker.state == "half-open"
    entered, leave = asyncio.Event(), asyncio.Event()

    async def trial() -> None:
        async with breaker:
            entered.set()
            await leave.wait()

    running = asyncio.create_task(trial())
    await entered.wait()
    with pytest.raises(BreakerOpen):
        await succeed(breaker)
    leave.set()
    await running

    assert breaker.state == "closed"
    await succeed(breaker)


async def test_each_failed_trial_doubles_the_pause_up_to_a_minute(breaker, clock):
    await fail(breaker, FAILURES)
    pauses = []
    for _ in range(6):
        while breaker.state == "open":
            clock.now += 1
        began = clock.now
        await fail(breaker)
        while breaker.state == "open":
            clock.now += 1
        pauses.append(clock.now - began)

    assert pauses[:3] == [PAUSE_S * 2, PAUSE_S * 4, PAUSE_S * 8]
    assert pauses[-1] == LONGEST_PAUSE_S


async def test_answers_we_do_not_like_and_cancelled_calls_do_not_count(breaker, clock):
    await fail(breaker, 3 * FAILURES, kind=KeyError)
    assert breaker.state == "closed"

    await fail(breaker, FAILURES)
    clock.now = PAUSE_S
    with pytest.raises(asyncio.CancelledError):
        async with breaker:
            raise asyncio.CancelledError
    assert breaker.state == "half-open"
    await succeed(breaker)
    assert breaker.state == "closed"
