# ruff: noqa: E501 - tables of junk read best unbroken
"""Slow and oversized clients of the real server, with its deadlines shortened."""

import asyncio
import socket
import time
from contextlib import asynccontextmanager

import pytest
import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from app.core.server import DeadlineProtocol, web_config
from tests.support.edge_app import make_app, settings_of


class Hasty(DeadlineProtocol):
    header_s = 0.4
    body_idle_s = 0.4
    body_total_s = 1.0
    least_rate = 64 * 1024


@asynccontextmanager
async def served():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = settings_of(DESK_PORT=str(port), BASE_URL=f"http://127.0.0.1:{port}")
    config = web_config(make_app(settings), settings, websocket=WebSocketsSansIOProtocol, http=Hasty)
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    running = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        await running


async def talk(port, *sends, gap_s=0.0, until_s=5.0):
    """Everything the server said to these packets, and how long it took to hang up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    started = time.monotonic()

    async def speak():
        for packet in sends:
            writer.write(packet)
            await asyncio.sleep(gap_s)

    speaking = asyncio.create_task(speak())
    try:
        said = await asyncio.wait_for(reader.read(-1), until_s)
    finally:
        speaking.cancel()
        writer.close()
    return said, time.monotonic() - started


def get(port, path="/page", *headers):
    return f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n{''.join(h + chr(13) + chr(10) for h in headers)}\r\n".encode()


def post(port, length, *headers):
    head = (
        f"POST /slow-read HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: text/csv\r\ncontent-length: {length}\r\n"
    )
    return (head + "".join(f"{header}\r\n" for header in headers) + "\r\n").encode()


async def test_headers_that_drip_are_cut_off_with_408():
    async with served() as port:
        said, took_s = await talk(port, *[bytes([byte]) for byte in get(port)], gap_s=0.05)
        silent, silent_s = await talk(port)

    assert said.startswith(b"HTTP/1.1 408")
    assert silent.startswith(b"HTTP/1.1 408")
    assert 0.3 < took_s < 1.2
    assert 0.3 < silent_s < 1.2


async def test_a_second_request_on_the_same_connection_has_its_own_deadline():
    async with served() as port:
        said, took_s = await talk(port, get(port), b"GET /page HT", gap_s=0.3)

    assert said.startswith(b"HTTP/1.1 200")
    assert b"HTTP/1.1 408" in said
    assert took_s > 0.6


async def test_a_body_that_stalls_and_one_that_never_ends_are_cut_off_with_408():
    async with served() as port:
        stalled, stalled_s = await talk(port, post(port, 1000) + b"abc")
        endless, endless_s = await talk(port, post(port, 100_000), *[b"abc"] * 100, gap_s=0.1)

    assert stalled.startswith(b"HTTP/1.1 408")
    assert endless.startswith(b"HTTP/1.1 408")
    assert 0.3 < stalled_s < 1.2
    assert 0.8 < endless_s < 2.0


async def test_a_body_that_keeps_coming_fast_enough_may_take_its_time():
    packets = [b"x" * 16_384] * 15
    async with served() as port:
        said, took_s = await talk(port, post(port, 16_384 * 15, "connection: close"), *packets, gap_s=0.1)

    assert said.startswith(b"HTTP/1.1 200")
    assert took_s > 1.2


async def test_a_handler_may_take_longer_than_a_header():
    async with served() as port:
        said, _ = await talk(port, get(port, "/wait", "connection: close"))

    assert said.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("headers", "status"),
    [(["x: " + "a" * 17_000], b"431"), ([f"x{n}: {'a' * 90}" for n in range(200)], b"431")],
)
async def test_headers_beyond_16_kilobytes_are_refused(headers, status):
    async with served() as port:
        said, _ = await talk(port, get(port, "/page", *headers))
        endless, _ = await talk(port, b"GET /page HTTP/1.1\r\nx: ", *[b"a" * 4096] * 6, gap_s=0.01)

    assert said.startswith(b"HTTP/1.1 " + status)
    assert endless.startswith(b"HTTP/1.1 431")


@pytest.mark.parametrize(
    ("request_line", "headers", "statuses"),
    [
        (b"GET /page HTTP/1.1", [b"host: 127.0.0.1:PORT", b"host: 127.0.0.1:PORT"], (b"400",)),
        (b"GET /page HTTP/1.1", [], (b"400",)),
        (b"POST /slow-read HTTP/1.1", [b"host: 127.0.0.1:PORT", b"content-length: 3", b"transfer-encoding: chunked"], (b"400",)),
        (b"POST /slow-read HTTP/1.1", [b"host: 127.0.0.1:PORT", b"content-length: -1"], (b"400",)),
        (b"POST /slow-read HTTP/1.1", [b"host: 127.0.0.1:PORT", b"content-length: 3", b"content-length: 4"], (b"400",)),
        (b"BREW /page HTTP/1.1", [b"host: 127.0.0.1:PORT"], (b"400", b"405")),
        (b"GET /" + b"a" * 13_000 + b" HTTP/1.1", [b"host: 127.0.0.1:PORT"], (b"414",)),
        (b"\x00\xff\xfe", [], (b"400",)),
    ],
)  # fmt: skip
async def test_malformed_requests_get_a_4xx(request_line, headers, statuses):
    async with served() as port:
        lines = [line.replace(b"PORT", str(port).encode()) for line in (request_line, *headers, b"connection: close")]
        said, _ = await talk(port, b"\r\n".join(lines) + b"\r\n\r\n")

    assert said[9:12] in statuses


async def test_honest_requests_are_answered_while_hundreds_of_connections_dawdle():
    async with served() as port:
        dawdlers = [await asyncio.open_connection("127.0.0.1", port) for _ in range(300)]
        try:
            for _, writer in dawdlers:
                writer.write(b"GET / HT")
            answers = [(await talk(port, get(port, "/page", "connection: close")))[0] for _ in range(20)]
            await asyncio.sleep(0.6)
            said = [await asyncio.wait_for(last_words(reader), 10) for reader, _ in dawdlers]
        finally:
            for _, writer in dawdlers:
                writer.close()
            await asyncio.gather(*(writer.wait_closed() for _, writer in dawdlers), return_exceptions=True)

    assert all(answer.startswith(b"HTTP/1.1 200") for answer in answers)
    assert all(words.startswith(b"HTTP/1.1 408") or words == b"" for words in said)
    assert sum(words.startswith(b"HTTP/1.1 408") for words in said) > 250


async def last_words(reader: asyncio.StreamReader) -> bytes:
    """What was said before the line was cut; a busy machine may reset it before we read."""
    try:
        return await reader.read(-1)
    except ConnectionResetError:
        return b""
