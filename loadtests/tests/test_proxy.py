"""The links of the fault run do to bytes what they say: otherwise the run proves less than it claims."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from app.core.embedded.process import free_port
from loadtests.faults.proxy import Link, Proxy


@pytest.fixture
async def link() -> AsyncIterator[Proxy]:
    """A link to a server that says everything back."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(1000):
                writer.write(data)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    proxy = Proxy(Link("echo", free_port(), server.sockets[0].getsockname()[1]))
    await proxy.start()
    yield proxy
    await proxy.stop()
    server.close()


async def test_what_goes_in_comes_out(link: Proxy):
    reader, writer = await asyncio.open_connection("127.0.0.1", link.port)

    assert await said_back(reader, writer, b"one") == b"one"
    writer.close()


async def test_a_blackhole_holds_bytes_and_newcomers_and_then_gives_them(link: Proxy):
    reader, writer = await asyncio.open_connection("127.0.0.1", link.port)
    await said_back(reader, writer, b"one")
    await link.turn("blackhole")
    new_reader, new_writer = await asyncio.open_connection("127.0.0.1", link.port)
    both = asyncio.gather(said_back(reader, writer, b"two"), said_back(new_reader, new_writer, b"new"))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(both), 0.2)
    await link.turn("ok")

    assert await asyncio.wait_for(both, 2) == [b"two", b"new"]
    writer.close()
    new_writer.close()


async def test_a_cut_ends_what_is_open_and_nothing_else(link: Proxy):
    reader, writer = await asyncio.open_connection("127.0.0.1", link.port)
    await said_back(reader, writer, b"one")
    await link.turn("cut")
    with pytest.raises(ConnectionResetError):
        await asyncio.wait_for(reader.read(10), 2)
    again_reader, again_writer = await asyncio.open_connection("127.0.0.1", link.port)

    assert await said_back(again_reader, again_writer, b"again") == b"again"
    writer.close()
    again_writer.close()


async def test_a_swallowed_line_stays_silent_while_newcomers_are_heard(link: Proxy):
    reader, writer = await asyncio.open_connection("127.0.0.1", link.port)
    await said_back(reader, writer, b"one")
    await link.turn("swallow")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(said_back(reader, writer, b"two"), 0.2)
    new_reader, new_writer = await asyncio.open_connection("127.0.0.1", link.port)

    assert await said_back(new_reader, new_writer, b"new") == b"new"
    writer.close()
    new_writer.close()


async def test_a_refusing_link_has_nobody_listening_until_it_is_mended(link: Proxy):
    await link.turn("refuse")
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", link.port)
    await link.turn("ok")
    reader, writer = await asyncio.open_connection("127.0.0.1", link.port)

    assert await said_back(reader, writer, b"back") == b"back"
    writer.close()


async def said_back(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, words: bytes) -> bytes:
    writer.write(words)
    return await reader.read(100)
