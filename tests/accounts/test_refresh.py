"""Refresh families: each token once, the same child to whoever lost the answer, the end of all on a second use."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from app.core import clock, db
from tests.support.api import PASSWORD, Caller

ROUNDS = 10


async def tokens(api: Caller, email: str = "ana@example.pk") -> dict[str, str]:
    answer = await api.post("auth/login", {"email": email, "password": PASSWORD})
    pair: dict[str, str] = answer.json()
    return pair


async def test_each_refresh_gives_a_new_pair(api: Caller) -> None:
    await api.register("ana@example.pk")
    first = await tokens(api)
    second = await api.post("auth/refresh", {"refresh_token": first["refresh_token"]})
    me = await api.bearing(second.json()["access_token"]).get("me")

    assert first["token_type"] == "Bearer"
    assert first["expires_in"] == 900
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert me.json()["email"] == "ana@example.pk"


async def test_eight_at_once_get_one_and_the_same_child(api: Caller) -> None:
    await api.register("ana@example.pk")
    children = 0
    for _ in range(ROUNDS):
        pair = await tokens(api)
        answers = await asyncio.gather(
            *(api.post("auth/refresh", {"refresh_token": pair["refresh_token"]}) for _ in range(8))
        )
        assert {answer.status_code for answer in answers} == {200}
        children += len({answer.json()["refresh_token"] for answer in answers})
    async with db.system() as session:
        stored = (
            await session.execute(text("select count(*) from refresh_token where parent_id is not null"))
        ).scalar_one()
    print(f"S3 rounds={ROUNDS} parallel=8 children={children} stored={stored}")  # noqa: T201

    assert children == stored == ROUNDS


async def test_a_second_use_after_the_grace_ends_the_family_and_its_session(api: Caller) -> None:
    await api.register("ana@example.pk")
    pair = await tokens(api)
    child = (await api.post("auth/refresh", {"refresh_token": pair["refresh_token"]})).json()
    now = datetime.now(UTC)
    clock.use(lambda: now + timedelta(seconds=11))
    try:
        again = await api.post("auth/refresh", {"refresh_token": pair["refresh_token"]})
        honest = await api.post("auth/refresh", {"refresh_token": child["refresh_token"]})
        me = await api.bearing(child["access_token"]).get("me")
    finally:
        clock.use(None)

    assert (again.status_code, again.json()["code"]) == (401, "family_revoked")
    assert (honest.status_code, honest.json()["code"]) == (401, "invalid_token")
    assert me.status_code == 401


async def test_another_device_gets_no_grace(api: Caller) -> None:
    await api.register("ana@example.pk")
    pair = await tokens(api)
    await api.post("auth/refresh", {"refresh_token": pair["refresh_token"]})
    stolen = await api.post(
        "auth/refresh", {"refresh_token": pair["refresh_token"]}, headers={"x-device-id": "somebody-else"}
    )

    assert (stolen.status_code, stolen.json()["code"]) == (401, "family_revoked")


async def test_an_access_token_refreshes_nothing_and_a_refresh_token_opens_nothing(api: Caller) -> None:
    await api.register("ana@example.pk")
    pair = await tokens(api)

    assert (await api.post("auth/refresh", {"refresh_token": pair["access_token"]})).status_code == 401
    assert (await api.bearing(pair["refresh_token"]).get("me")).status_code == 401


async def test_logout_ends_access_and_refresh_at_once(api: Caller) -> None:
    await api.register("ana@example.pk")
    pair = await tokens(api)
    ana = api.bearing(pair["access_token"])
    out = await ana.post("auth/logout")

    assert out.status_code == 204
    assert (await ana.get("me")).status_code == 401
    assert (await api.post("auth/refresh", {"refresh_token": pair["refresh_token"]})).status_code == 401
