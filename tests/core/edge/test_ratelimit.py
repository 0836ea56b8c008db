"""Limits: exact over processes, there without Redis, stricter for sign-in."""

import asyncio
import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.edge.limits import LIMITS, NEIGHBOURHOOD, Bucket, Limit
from app.core.edge.ratelimit import Limiter, LocalBuckets
from app.core.edge.refusals import TooMany
from tests.support.asgi import call
from tests.support.edge_app import make_app, settings_of
from tests.support.processes import Command

NOWHERE = "redis://127.0.0.1:1/0"
HOUR = {"login": Limit(10, 3600, closed=True), "page": Limit(10, 3600), "api": Limit(40, 3600)}

_HAMMER = """
import asyncio, sys
from app.core.edge.limits import Limit
from app.core.edge.ratelimit import Limiter
from app.core.edge.refusals import TooMany

async def main():
    limiter = Limiter(sys.argv[1], limits={"api": Limit(40, 3600)}, answer_within_s=10)
    async def one():
        try:
            await limiter.take("api", address="203.0.113.7")
        except TooMany:
            return 0
        return 1
    print(sum(await asyncio.gather(*(one() for _ in range(100)))))
    await limiter.close()

asyncio.run(main())
"""


async def taken(limiter, name, times, **who):
    passed = 0
    for _ in range(times):
        try:
            await limiter.take(name, **who)
        except TooMany:
            continue
        passed += 1
    return passed


def test_two_processes_at_once_let_exactly_the_limit_through(redis_url):
    assert passed_by_two(_HAMMER, redis_url) == 40


def passed_by_two(program, redis_url):
    running = [Command(redis_url, source=program) for _ in range(2)]
    ends = [process.said() for process in running]
    assert [end.returncode for end in ends] == [0, 0]
    return sum(int(end.stdout) for end in ends)


async def test_addresses_are_counted_apart_and_their_neighbourhood_together(redis_url):
    limiter = Limiter(redis_url, limits=HOUR)

    passed = [await taken(limiter, "page", 12, address=f"198.51.100.{host}") for host in range(NEIGHBOURHOOD + 2)]
    v6 = [await taken(limiter, "page", 12, address=f"2001:db8:0:{net}::{host}") for net in (1, 2) for host in (1, 2)]
    await limiter.close()

    assert passed == [10] * NEIGHBOURHOOD + [0, 0]
    assert v6 == [10, 0, 10, 0]


async def test_an_identity_is_counted_over_all_addresses(redis_url):
    limiter = Limiter(redis_url, limits=HOUR)

    passed = [await taken(limiter, "login", 1, address=f"198.51.{n}.1", identity="Kim@ravi.demo") for n in range(15)]
    await limiter.close()

    assert sum(passed) == 10


async def tried(limiter, times, *, well):
    passed = 0
    for _ in range(times):
        with contextlib.suppress(TooMany, LookupError):
            async with limiter.attempt("login", identity="kim@ravi.demo"):
                passed += 1
                if not well:
                    raise LookupError
    return passed


@pytest.mark.parametrize("there", [True, False])
async def test_a_try_that_succeeds_is_given_back(redis_url, there):
    limiter = Limiter(redis_url if there else None, limits=HOUR)

    counts = [await tried(limiter, 30, well=well) for well in (True, False, True)]
    await limiter.close()

    assert counts == ([30, 10, 0] if there else [30, 2, 0])


async def test_no_more_is_given_back_than_was_taken(redis_url):
    limiter = Limiter(redis_url, limits=HOUR)
    await tried(limiter, 3, well=False)
    await tried(limiter, 50, well=True)

    assert await tried(limiter, 30, well=False) == 7
    await limiter.close()


def test_two_processes_let_exactly_the_limit_of_tries_through(redis_url):
    program = _HAMMER.replace(
        'await limiter.take("api", address="203.0.113.7")',
        'async with limiter.attempt("api", identity="kim"): raise LookupError',
    ).replace("return 0\n", "return 0\n        except LookupError:\n            return 1\n")

    assert passed_by_two(program, redis_url) == 40


async def test_the_refusal_says_when_to_come_back(redis_url):
    limiter = Limiter(redis_url, limits={"page": Limit(1, 60)})
    await limiter.take("page", address="198.51.100.1")

    with pytest.raises(TooMany) as refused:
        await limiter.take("page", address="198.51.100.1")
    await limiter.close()

    assert refused.value.extra == {"retry_after": 60}


@pytest.mark.parametrize("url", [NOWHERE, None])
async def test_without_redis_reads_go_on_and_sign_in_gets_stricter(url):
    limiter = Limiter(url, limits=HOUR)

    pages = await taken(limiter, "page", 30, address="198.51.100.1")
    logins = await taken(limiter, "login", 30, address="198.51.100.1")
    await limiter.close()

    assert (pages, logins) == (10, 2)


async def test_redis_that_does_not_answer_costs_half_a_second_once():
    async def swallow(reader, writer):
        await reader.read(-1)
        writer.close()

    deaf = await asyncio.start_server(swallow, "127.0.0.1", 0)
    limiter = Limiter(f"redis://127.0.0.1:{deaf.sockets[0].getsockname()[1]}/0", limits=HOUR)
    started = time.monotonic()

    passed = await taken(limiter, "page", 10, address="198.51.100.1")
    took_s = time.monotonic() - started
    await limiter.close()
    deaf.close()
    await asyncio.sleep(0.05)

    assert passed == 10
    assert took_s < 1


async def test_a_connection_that_closes_as_it_is_written_to_counts_as_no_redis(monkeypatch):
    async def closed(*_args, **_more):
        raise RuntimeError("unable to perform operation on <TCPTransport closed=True>; the handler is closed")

    limiter = Limiter(NOWHERE, limits=HOUR)
    monkeypatch.setattr(limiter, "_gcra", closed)

    assert await taken(limiter, "page", 12, address="203.0.113.7") == 10
    await limiter.close()


async def test_redis_that_comes_back_counts_again(redis_url):
    limiter = Limiter(redis_url, limits=HOUR)
    limiter._away_until = time.monotonic() + 0.2

    before = await taken(limiter, "page", 10, address="198.51.100.1")
    await asyncio.sleep(0.25)
    after = await taken(limiter, "page", 12, address="198.51.100.1")
    await limiter.close()

    assert (before, after) == (10, 10)


def test_a_full_memory_keeps_strangers_from_signing_in_but_not_from_reading():
    local = LocalBuckets(keys=3)
    for host in range(3):
        assert local.wait([Bucket(f"page:{host}", Limit(10, 60))], now=0) == 0

    assert local.wait([Bucket("login:x", Limit(10, 60, closed=True))], now=0) > 0
    assert local.wait([Bucket("page:x", Limit(10, 60))], now=0) == 0
    assert local.wait([Bucket("login:x", Limit(10, 60, closed=True))], now=120) == 0


@given(
    times=st.integers(1, 20),
    per_s=st.integers(1, 100),
    gaps=st.lists(st.floats(0, 30, allow_nan=False, width=32), max_size=60),
)
def test_no_window_ever_holds_more_than_burst_and_refill(times, per_s, gaps):
    local, now, passed = LocalBuckets(), 1000.0, []
    for gap in gaps:
        now += gap
        if local.wait([Bucket("k", Limit(times, per_s))], now) == 0:
            passed.append(now)

    for i, start in enumerate(passed):
        for j, end in enumerate(passed[i:], 1):
            assert j <= times + (end - start) * times / per_s + 1e-6


async def test_a_limited_route_answers_429_with_retry_after():
    app = make_app(settings_of(RATE_FACTOR="0.2"))

    answers = [await call(app, "POST", "/sign-in", headers=[("accept", "application/json")]) for _ in range(3)]

    assert [answer.status for answer in answers] == [200, 429, 429]
    assert int(answers[1].headers["retry-after"]) >= 1
    assert answers[1].code == "too_many"


async def test_demo_lets_a_hundred_leads_and_twenty_sign_ins_through(redis_url):
    from app.core.edge.limits import DEMO_LIMITS

    limiter = Limiter(redis_url, limits=DEMO_LIMITS)

    leads = await taken(limiter, "lead", 100, address="127.0.0.1")
    logins = await taken(limiter, "login", 20, address="127.0.0.1")
    await limiter.close()

    assert (leads, logins) == (100, 20)
    assert LIMITS["login"].closed
    assert LIMITS["otp"].closed
