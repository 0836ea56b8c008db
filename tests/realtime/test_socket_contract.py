"""What `realtime.socket` takes for granted of uvicorn; a bump of uvicorn passes here first."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from realtime.outlet import HIGH_WATER, text_frame
from realtime.socket import DOOR, LiveProtocol


class Handler:
    """Accepts, keeps the protocol it finds behind the door, and waits for the end."""

    def __init__(self) -> None:
        self.protocols: list[LiveProtocol] = []
        self.gone = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        self.protocols.append(scope["extensions"][DOOR]["protocol"])
        await receive()
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            pass
        self.gone += 1


async def serve(handler: Handler):
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        handler,
        lifespan="off",
        log_config=None,
        ws=LiveProtocol,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    for _ in range(500):
        if server.started:
            break
        await asyncio.sleep(0.01)
    yield handler, f"ws://127.0.0.1:{listener.getsockname()[1]}/", server
    server.should_exit = True
    await running
    listener.close()


@pytest.fixture
async def served():
    async for found in serve(Handler()):
        yield found


@pytest.mark.parametrize("size", [0, 5, 125, 126, 65_535, 65_536, 200_000])
async def test_frame_written_raw_arrives_as_one_text_message(served, size: int):
    handler, url, _ = served
    async with connect(url, max_size=None) as client:
        handler.protocols[0].transport.write(text_frame(b"x" * size))

        assert await asyncio.wait_for(client.recv(), 5) == "x" * size


async def test_raw_frames_and_closing_keep_their_order(served):
    handler, url, _ = served
    async with connect(url) as client:
        for number in range(500):
            handler.protocols[0].transport.write(text_frame(str(number).encode()))
        heard = [await asyncio.wait_for(client.recv(), 5) for _ in range(500)]

    assert heard == [str(number) for number in range(500)]


async def test_full_buffer_is_told_from_inside_the_write(served):
    handler, url, _ = served
    client = await connect(url, max_size=None, max_queue=1)
    protocol = handler.protocols[0]
    told: list[int] = []
    protocol.on_full = lambda: told.append(protocol.transport.get_write_buffer_size())
    for _ in range(400):
        protocol.transport.write(text_frame(b"x" * 65_536))
        if told:
            break

    assert told
    assert told[0] >= HIGH_WATER
    assert not protocol.writable.is_set()
    client.transport.abort()  # a client that does not read would not hear the goodbye either


async def test_no_compression_is_agreed(served):
    _, url, _ = served
    async with connect(url) as client:
        assert client.protocol.extensions == []


async def test_shutdown_closes_with_service_restart(served):
    _, url, server = served
    async with connect(url) as client:
        server.should_exit = True
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(client.recv(), 10)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012


class Leaver(Handler):
    """Accepts, takes the connection over and is gone."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[dict[str, Any]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        protocol = scope["extensions"][DOOR]["protocol"]
        await receive()
        await send({"type": "websocket.accept"})
        protocol.take_over(self.heard.append)
        self.protocols.append(protocol)


@pytest.fixture
async def left():
    """As `served`, by a handler that leaves its sockets to themselves."""
    async for found in serve(Leaver()):
        yield found


async def test_a_socket_lives_on_without_its_task(left):
    handler, url, server = left
    async with connect(url) as client:
        await client.send("one")
        await client.send(b"two")
        handler.protocols[0].transport.write(text_frame(b"three"))

        assert await asyncio.wait_for(client.recv(), 5) == "three"
        assert await (await client.ping()) >= 0
        assert [event.get("text") or event.get("bytes") for event in handler.heard] == ["one", b"two"]
        assert not server.server_state.tasks
        assert handler.protocols[0].scope is None
    await until(lambda: len(handler.heard) == 3)

    assert handler.heard[2]["type"] == "websocket.disconnect"
    assert handler.heard[2]["code"] == 1000


async def test_what_came_before_it_was_taken_over_is_heard_too(left):
    handler, url, _ = left
    async with connect(url) as client:
        for number in range(200):
            await client.send(str(number))
        await until(lambda: len(handler.heard) == 200)

        assert [event["text"] for event in handler.heard] == [str(number) for number in range(200)]


async def test_a_goodbye_is_said_with_its_code_and_its_answer_awaited(left):
    handler, url, _ = left
    async with connect(url) as client:
        await until(lambda: handler.protocols)
        await handler.protocols[0].say_goodbye(4401)
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(client.recv(), 5)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401
    await until(lambda: handler.protocols[0].transport.is_closing())
    assert [event["type"] for event in handler.heard] == ["websocket.disconnect"]


async def test_shutdown_ends_sockets_without_tasks_too(left):
    handler, url, server = left
    async with connect(url) as client:
        await until(lambda: handler.protocols)
        server.should_exit = True
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(client.recv(), 10)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
    assert [event["type"] for event in handler.heard] == ["websocket.disconnect"]


async def until(true: Callable[[], Any], within_s: float = 5) -> None:
    async with asyncio.timeout(within_s):
        while not true():  # noqa: ASYNC110 - what it waits for happens in the protocol
            await asyncio.sleep(0.005)
