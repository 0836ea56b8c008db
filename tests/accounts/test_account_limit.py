"""Many addresses at one account: slowed together, not told whether it exists, no harm to its owner."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import httpx
import msgspec
import pytest

from app.core.edge.limits import LIMITS
from app.core.settings import Settings
from tests.support.api import PASSWORD, Caller, cheap_passwords, serving

TIMES = LIMITS["account"].times
WRONG = "not-the-password"
ROADS = ("/api/v1/auth/login", "/sign-in")


@pytest.fixture
async def api(settings: Settings) -> AsyncIterator[Caller]:
    """With the limits of production."""
    cheap_passwords()
    async with serving(msgspec.structs.replace(settings, desk_demo=False)) as caller:
        yield caller


async def attempt(api: Caller, road: str, email: str, password: str = WRONG, **headers: str) -> httpx.Response:
    """From an address of its own, as each machine of a botnet has."""
    caller, given = api.stranger(), {"email": email, "password": password}
    if road == "/sign-in":
        headers = {"accept": "text/html", "origin": api.base_url, **headers}
        return await caller.http.post(road, data=given, headers=headers)
    return await caller.http.post(road, json=given, headers=headers)


async def statuses(api: Caller, road: str, email: str, times: int, **headers: str) -> list[int]:
    return [(await attempt(api, road, email, **headers)).status_code for _ in range(times)]


@pytest.mark.parametrize("road", ROADS)
async def test_many_addresses_at_one_account_are_slowed(api: Caller, road: str) -> None:
    await api.register("ana@example.pk")
    status = await statuses(api, road, "ana@example.pk", TIMES + 2)
    right = await attempt(api, road, "ana@example.pk", PASSWORD)
    other = await attempt(api, road, "kim@example.pk")

    assert status == [401] * TIMES + [429] * 2
    assert right.status_code == 429
    assert 1 <= int(right.headers["retry-after"]) <= LIMITS["account"].per_s
    assert other.status_code == 401


async def test_both_roads_and_every_spelling_count_as_one(api: Caller) -> None:
    spellings = ("ana@example.pk", "Ana@Example.pk", " ANA@example.pk")
    answers = [await attempt(api, ROADS[n % 2], spellings[n % 3]) for n in range(TIMES)]
    last = [(await attempt(api, road, "ana@example.pk")).status_code for road in ROADS]

    assert {answer.status_code for answer in answers} == {401}
    assert last == [429, 429]


async def test_tries_at_once_pass_no_more_than_the_limit(api: Caller) -> None:
    answers = await asyncio.gather(*(attempt(api, ROADS[n % 2], "ana@example.pk") for n in range(3 * TIMES)))

    assert sorted(answer.status_code for answer in answers) == [401] * TIMES + [429] * 2 * TIMES


@pytest.mark.parametrize("road", ROADS)
async def test_the_refusal_does_not_tell_who_has_an_account(api: Caller, road: str) -> None:
    await api.register("ana@example.pk")
    said = []
    for email in ("ana@example.pk", "eve@example.pk"):
        await statuses(api, road, email, TIMES)
        said.append(await attempt(api, road, email))

    known, unknown = said
    assert known.status_code == unknown.status_code == 429
    assert bare(known, "ana@example.pk") == bare(unknown, "eve@example.pk")
    assert set(known.headers) == set(unknown.headers)
    assert abs(int(known.headers["retry-after"]) - int(unknown.headers["retry-after"])) <= 2


def bare(answer: httpx.Response, email: str) -> object:
    if "json" not in answer.headers["content-type"]:
        return answer.text.replace(email, "")
    body: Mapping[str, object] = answer.json()
    return {name: value for name, value in body.items() if name not in ("request_id", "retry_after")}


async def test_the_page_keeps_what_was_typed_and_the_api_answers_a_problem(api: Caller) -> None:
    await statuses(api, ROADS[0], "ana@example.pk", TIMES)
    page, problem = [await attempt(api, road, "ana@example.pk") for road in reversed(ROADS)]

    assert 'value="ana@example.pk"' in page.text
    assert "Too many requests" in page.text
    assert problem.headers["content-type"] == "application/problem+json"
    assert (problem.json()["code"], problem.json()["status"]) == ("too_many", 429)


@pytest.mark.parametrize("road", ROADS)
async def test_signing_in_is_not_counted(api: Caller, road: str) -> None:
    await api.register("ana@example.pk")
    right = [(await attempt(api, road, "ana@example.pk", PASSWORD)).status_code for _ in range(TIMES + 5)]
    wrong = await statuses(api, road, "ana@example.pk", TIMES + 1)

    assert set(right) == ({200} if road == ROADS[0] else {303})
    assert wrong == [401] * TIMES + [429]


async def test_strangers_who_guess_do_not_shut_out_the_browser_that_signed_in_before(api: Caller) -> None:
    await api.register("ana@example.pk")
    first = await attempt(api, "/sign-in", "ana@example.pk", PASSWORD)
    did = first.cookies["did"]
    await statuses(api, "/sign-in", "ana@example.pk", TIMES)
    known = await attempt(api, "/sign-in", "ana@example.pk", PASSWORD, cookie=f"did={did}")
    unknown = await attempt(api, "/sign-in", "ana@example.pk", PASSWORD, cookie="did=0123456789012345678901")

    assert (known.status_code, unknown.status_code) == (303, 429)
    assert known.cookies["did"] == did
    assert all(word in first.headers.get_list("set-cookie")[1] for word in ("HttpOnly", "SameSite=lax"))


async def test_a_device_that_signed_in_before_has_its_own_limit_and_only_there(api: Caller) -> None:
    await api.register("ana@example.pk")
    await api.register("kim@example.pk")
    device = {"x-device-id": "0199b2c4-7d1e-7c3a-9f00-3a1b2c3d4e5f"}
    first = await attempt(api, ROADS[0], "ana@example.pk", PASSWORD, **device)
    here = await statuses(api, ROADS[0], "ana@example.pk", TIMES + 1, **device)
    elsewhere = await statuses(api, ROADS[0], "ana@example.pk", 1)
    await statuses(api, ROADS[0], "kim@example.pk", TIMES)
    foreign = await statuses(api, ROADS[0], "kim@example.pk", 1, **device)

    assert first.status_code == 200
    assert here == [401] * TIMES + [429]
    assert elsewhere == [401]
    assert foreign == [429]


async def test_an_id_that_others_may_have_too_is_no_device(api: Caller) -> None:
    await api.register("ana@example.pk")
    await attempt(api, ROADS[0], "ana@example.pk", PASSWORD, **{"x-device-id": "phone"})
    await statuses(api, ROADS[0], "ana@example.pk", TIMES)

    assert await statuses(api, ROADS[0], "ana@example.pk", 1, **{"x-device-id": "phone"}) == [429]


async def test_no_address_is_kept_to_count_by(api: Caller, redis_url: str) -> None:
    from redis import Redis

    await attempt(api, ROADS[0], "ana@example.pk")
    with Redis.from_url(redis_url) as redis:
        keys = [key.decode() for key in redis.keys("limit:*")]

    assert any(":account:" in key for key in keys)
    assert not any("ana" in key for key in keys)


async def test_demo_lets_twenty_sign_ins_through_at_once_from_one_address(settings: Settings) -> None:
    cheap_passwords()
    async with serving(settings) as api:
        await api.register("ana@example.pk")
        given = {"email": "ana@example.pk", "password": PASSWORD}
        answers = await asyncio.gather(*(api.http.post(ROADS[0], json=given) for _ in range(20)))

    assert [answer.status_code for answer in answers] == [200] * 20
