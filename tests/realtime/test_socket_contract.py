"""What `realtime.socket` takes for granted of uvicorn; a bump of uvicorn passes here first."""

import asyncio
import socket
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


@pytest.fixture
async def served():
    handler = Handler()
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
