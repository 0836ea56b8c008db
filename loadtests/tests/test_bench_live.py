"""The live bench in small: both load clients tell the truth, and a run ends in one line of figures."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import websockets
from websockets.asyncio.server import ServerConnection, serve

from loadtests.live import goals, task
from loadtests.live.client import Client, compiled

ROOT = Path(__file__).parents[2]
PYTHON = [sys.executable, "-m", "loadtests.live.slow_client"]


@pytest.fixture(params=["c", "python"])
def command(request: pytest.FixtureRequest) -> list[str]:
    found = compiled() if request.param == "c" else PYTHON
    if found is None:
        pytest.skip("no C compiler")
    return found


class Speaker:
    """A server that says what the test wants to all who listen."""

    def __init__(self) -> None:
        self.sockets: list[ServerConnection] = []
        self.headers: list[str] = []

    async def hold(self, socket: ServerConnection) -> None:
        self.headers.append(socket.request.headers["X-Who"])
        await socket.send('{"op":"welcome"}')
        await socket.send('{"op":"patch","n":3}')
        self.sockets.append(socket)
        await socket.wait_closed()

    def say(self, text: str) -> None:
        websockets.broadcast(self.sockets, text)


@pytest.fixture
async def speaker() -> AsyncIterator[tuple[Speaker, int]]:
    found = Speaker()
    async with serve(found.hold, "127.0.0.1", 0) as server:
        yield found, server.sockets[0].getsockname()[1]


async def test_the_client_notes_when_each_message_was_at_the_last_socket(command, speaker, tmp_path):
    told, port = speaker
    (tmp_path / "headers").write_text("X-Who: ana\nX-Who: kim")
    client = Client(
        command, "--port", str(port), "--path", "/live?x=1", "--sockets", "5", "--wait-for-first", "--mark", "<li",
        "--bad", "reset", "--headers", str(tmp_path / "headers"),
    )  # fmt: skip
    try:
        opened, _ = await client.open()
        await until(lambda: len(told.sockets) == 5)
        told.say('{"op":"patch","n":4,"content":"<li><li>"}')
        told.say('{"op":"patch","n":7,"content":"%s"}' % ("x" * 70_000))
        told.say('{"op":"hb","now":12.5}')
        await until(lambda: 7 in client.done)
        await told.sockets[0].send('{"op":"reset","n":6}')
        await told.sockets[1].close()
        await until(lambda: client.gone == 1)
        grown, _ = await client.grow(7)
        table = await client.table()
    finally:
        await client.close()

    assert (opened, grown) == (5, 6)
    assert sorted(told.headers) == ["ana"] * 4 + ["kim"] * 3
    assert [(row.number, row.count, row.marks) for row in table.rows] == [(4, 5, 2), (6, 1, 0), (7, 5, 0)]
    assert all(row.first <= row.last == client.done.get(row.number, row.last) for row in table.rows)
    assert (table.messages, table.disorder, table.bad, table.gone) == (11, 1, 1, 1)


async def until(true, within_s: float = 10) -> None:
    async with asyncio.timeout(within_s):
        while not true():  # noqa: ASYNC110 - what it waits for is another process
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("publish", [task.plain, task.for_django, task.for_socketio])
def test_every_kind_of_server_gets_the_same_message(publish):
    _, message = publish(12_345)

    assert b"12345" in message or b"\xcd09" in message
    assert len(task.text(12_345)) == task.BYTES


def test_a_goal_that_was_not_measured_is_not_judged():
    told = {"whole": {"p99_ms": 61.0, "lost": 0, "refused": 0, "disorder": 0}}

    found = goals.judge(told)

    assert {name: goal["met"] for name, goal in found.items()} == {
        "whole_p99_ms": False,
        "whole_lost": True,
        "whole_disorder": True,
    }
    assert goals.whole({"goals": found})


@pytest.mark.slow
def test_a_small_run_ends_in_one_line_of_figures():
    done = subprocess.run(
        [
            sys.executable, "-m", "loadtests.bench_live", "--quick", "--only", "whole,fanout", "--kinds",
            "raw,portable,bare_uvloop", "--seed", "7",
        ],
        cwd=ROOT, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    figures = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}

    assert figures, done.stderr[-2000:]
    assert len(done.stdout.splitlines()) == 1
    assert figures["seed"] == 7
    assert figures["whole"]["lost"] == figures["whole"]["refused"] == figures["whole"]["disorder"] == 0
    assert set(figures["fanout"]["kinds"]) == {"raw", "portable", "bare_uvloop"}
    assert figures["goals"]["fanout_lost"]["met"]
