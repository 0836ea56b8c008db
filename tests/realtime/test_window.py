"""The shop window: what strangers hear of an open car, and that they hear nothing else."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
import websockets

from app.core.embedded.servers import Servers
from app.core.ids import new_id
from app.core.settings import Settings, load
from realtime.passers import MOST_PER_ADDRESS
from tests.realtime.clients import frame_of
from tests.support.clones import URLS, Clones, named
from tests.support.proofs import proof
from tests.support.web import Web

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def settings(
    servers: Servers, template: Clones, in_business: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    name = template.make(in_business)
    addresses = {variable: named(url, name) for variable, url in servers.environment().items() if variable in URLS}
    data = str(tmp_path_factory.mktemp("desk"))
    yield load({**servers.environment(), **addresses, "DESK_DEMO": "1", "DESK_DATA": data})
    template.drop(name)


@pytest.fixture(scope="module", params=["raw", proof("portable")])
def desk(settings: Settings, request: pytest.FixtureRequest) -> Iterator[Web]:
    web = Web(settings, request.param)
    web.start()
    yield web
    web.end()


@pytest.fixture
async def owner(desk: Web) -> AsyncIterator[httpx.AsyncClient]:
    async with desk.signed_in("owner@ravi.demo") as client:
        yield client


@pytest.fixture
async def cars(owner: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Public ones of ravi, those with a price first."""
    hits: list[dict[str, Any]] = (await owner.get("/listings?org=ravi&sort=price_desc")).json()["hits"]
    return hits


def passing(desk: Web, query: str, **more: Any) -> Any:
    return websockets.connect(f"{desk.url.replace('http', 'ws')}/live?{query}", origin=desk.url, **more)


async def patch(socket: Any) -> dict[str, Any]:
    return await frame_of(socket, "patch")


async def test_a_stranger_sees_price_and_sale_numbered_by_the_cars_own_changes(
    desk: Web, owner: httpx.AsyncClient, cars: list[dict[str, Any]]
) -> None:
    """What is not public moves nothing: another car, a cost, a stock number."""
    car, other = cars[0], cars[1]
    async with passing(desk, f"topics=listing:{car['id']}") as socket:
        first = await patch(socket)
        version = (await owner.get(f"/listings/{car['id']}")).json()["version"]
        costs = await owner.put(f"/listings/{car['id']}/costs", json={"items": []})
        hidden = await owner.patch(f"/listings/{car['id']}", json={"stock_number": f"W-{version}"})
        away = await owner.patch(f"/listings/{other['id']}", json={"asking_price": other["asking_price"] - 10_000})
        shown = await owner.patch(f"/listings/{car['id']}", json={"asking_price": 11_100_000 + version})
        told = await patch(socket)
        await owner.patch(f"/listings/{car['id']}/status", json={"status": "reserved"})
        reserved = await patch(socket)
        await owner.patch(f"/listings/{car['id']}/status", json={"status": "live"})
        again = await patch(socket)

    assert {costs.status_code, hidden.status_code, away.status_code, shown.status_code} <= {200, 404, 405, 422}
    assert (hidden.status_code, away.status_code, shown.status_code) == (200, 200, 200)
    assert (first["n"], first["p"]) == (version, 0)
    assert told["n"] == shown.json()["version"]
    assert "1.11 crore" in told["content"]
    assert "reserved" in reserved["content"].lower()
    assert told["n"] < reserved["n"] < again["n"]
    assert {one["epoch"] for one in (first, told, reserved, again)} == {first["epoch"]}


async def test_frames_carry_no_position_of_the_dealers_feed(
    desk: Web, owner: httpx.AsyncClient, cars: list[dict[str, Any]]
) -> None:
    position = (await owner.get("/leads?limit=1")).json()["position"]
    car = cars[2]
    async with passing(desk, f"topics=listing:{car['id']}") as socket:
        welcome, first = json.loads(await socket.recv()), await patch(socket)

    assert welcome["op"] == "welcome"
    assert welcome["epoch"] == ""
    assert first["epoch"] != position.partition(":")[0]
    assert position.partition(":")[0] not in json.dumps(first)


async def test_the_page_says_in_which_language(desk: Web, cars: list[dict[str, Any]]) -> None:
    async with passing(desk, f"topics=listing:{cars[0]['id']}&lang=ur") as socket:
        told = await patch(socket)

    assert "مطلوبہ قیمت" in told["content"]


async def test_what_leaves_the_market_is_gone_and_silent(
    desk: Web, owner: httpx.AsyncClient, cars: list[dict[str, Any]]
) -> None:
    """A car that went to dealers only tells strangers nothing any more; back on the market it does."""
    car = cars[3]
    path = f"/listings/{car['id']}"
    async with passing(desk, f"topics=listing:{car['id']}") as socket:
        await patch(socket)
        await owner.patch(path, json={"visibility": "wholesale_public", "channel": "autotrader"})
        gone = await patch(socket)
        await owner.patch(path, json={"asking_price": 3_333_000})
        await owner.patch(path, json={"visibility": "public", "channel": "automart"})
        back = await patch(socket)

    assert "no longer here" in gone["content"]
    assert "PKR" not in gone["content"]
    assert "33.33 lakh" in back["content"]
    assert back["n"] > gone["n"]


async def test_only_what_anybody_may_see_has_a_window(desk: Web, owner: httpx.AsyncClient) -> None:
    """A dealers' car, a draft and one that never was are refused alike; nothing else opens without a session."""
    own = (await owner.get("/listings?scope=org&limit=100")).json()["items"]
    hidden = [one["id"] for one in own if one["visibility"] != "public" or one["status"] == "draft"]
    assert len({one["visibility"] for one in own}) == 3
    for listing in (*hidden[:6], str(new_id()), "nonsense"):
        async with passing(desk, f"topics=listing:{listing}") as socket:
            with pytest.raises(websockets.ConnectionClosed) as ended:
                await patch(socket)
            assert ended.value.rcvd is not None
            assert ended.value.rcvd.code == 4403
    live = next(one["id"] for one in own if one["status"] == "live" and one["visibility"] == "public")
    refused = (
        "topics=inbox:lahore", "topics=board:lahore", "topics=stock:org", f"topics=listing:{live},inbox:lahore",
        f"topics=listing:{live}&format=json", "after=-:0",
        "topics=" + ",".join(f"listing:{new_id()}" for _ in range(5)),
    )  # fmt: skip
    for query in refused:
        with pytest.raises(websockets.InvalidStatus):
            async with passing(desk, query):
                pass


async def test_a_wall_in_a_storm_is_shown_once_a_second_and_ends_as_it_is(desk: Web, owner: httpx.AsyncClient) -> None:
    token = (await owner.post("/board/screens", json={"name": "Hall"})).json()["url"].rpartition("/")[2]
    branch_id = (await owner.get("/branches")).json()["items"][0]["id"]
    came: list[str] = []
    async with passing(desk, f"topics=wall:{token}") as socket:
        first, began = await patch(socket), time.monotonic()
        for number in range(24):
            lead = {"name": "Ahsan Raza", "phone": f"+9230155522{number:02}", "branch_id": branch_id}
            answer = await owner.post("/leads", json=lead, headers={"Idempotency-Key": str(new_id())})
            assert answer.status_code == 201, answer.text
            await asyncio.sleep(0.1)
        while not came or _arrived(came[-1]) < _arrived(first["content"]) + 24:
            came.append((await patch(socket))["content"])
        took_s = time.monotonic() - began

    assert _arrived(came[-1]) == _arrived(first["content"]) + 24
    assert 2 <= len(came) <= took_s + 2


def _arrived(content: str) -> int:
    found = re.search(r"Arrived today</dt><dd><bdi>(\d+)", content)
    assert found, content
    return int(found[1])


async def test_a_stranger_who_says_anything_else_is_put_out(desk: Web, cars: list[dict[str, Any]]) -> None:
    said = (
        (json.dumps({"op": "sub", "topics": {"inbox:lahore": ""}}), 4403),
        (json.dumps({"op": "here", "leads": {}}), 4403),
        ("what is this?", 4400),
    )
    for text, code in said:
        async with passing(desk, f"topics=listing:{cars[0]['id']}") as socket:
            await patch(socket)
            await socket.send(text)
            await socket.wait_closed()
            assert socket.close_code == code


async def test_an_address_has_only_so_many(desk: Web, cars: list[dict[str, Any]]) -> None:
    topic = f"topics=listing:{cars[0]['id']}"
    async with AsyncExitStack() as stack:
        for _ in range(MOST_PER_ADDRESS):
            await stack.enter_async_context(passing(desk, topic))
        async with passing(desk, topic) as socket:
            with pytest.raises(websockets.ConnectionClosed) as ended:
                await socket.recv()
        assert ended.value.rcvd is not None
        assert ended.value.rcvd.code == 4429
    for _try in range(200):  # those who left make room
        async with passing(desk, topic) as socket:
            try:
                await patch(socket)
                break
            except websockets.ConnectionClosed:
                await asyncio.sleep(0.05)
    else:
        pytest.fail("nobody gets in any more")


async def test_without_sockets_the_same_fragment_comes_by_http(desk: Web, cars: list[dict[str, Any]]) -> None:
    async with desk.http() as client, passing(desk, f"topics=listing:{cars[4]['id']}") as socket:
        told = await patch(socket)
        answer = await client.get(f"/l/{cars[4]['number']}/now")
        same = await client.get(f"/l/{cars[4]['number']}/now", headers={"if-none-match": answer.headers["etag"]})

    assert answer.text.strip() in told["content"]
    assert (same.status_code, same.content) == (304, b"")
