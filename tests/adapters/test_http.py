"""The one outgoing client: no spelling of an inner address, no redirect, no drip and no flood gets past it."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from app.adapters import http
from app.adapters.http import Outgoing, TooLarge, Unreachable, UrlNotAllowed, public
from app.core.settings import SettingsError, load

Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Canary:
    """A server on this machine that counts who reached it."""

    def __init__(self) -> None:
        self.visits = 0
        self.port = 0

    @asynccontextmanager
    async def listening(self, answer: bytes | Answering = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"):
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.visits += 1
            try:
                await reader.readuntil(b"\r\n\r\n")
                if callable(answer):
                    await answer(reader, writer)
                else:
                    writer.write(answer)
                await writer.drain()
            except (OSError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        yield self
        server.close()


@pytest.fixture
def canary() -> Canary:
    return Canary()


async def as_libc(host: str, _port: int) -> list[str]:
    """What a resolver makes of odd spellings, without asking one."""
    if host.rstrip(".").lower() in ("localhost", "inner.example", "localtest.me", "spoofed.burpcollaborator.net"):
        return ["127.0.0.1"]
    try:
        return [socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))]
    except OSError:
        pass
    try:
        return [socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, host.partition("%")[0]))]
    except OSError:
        raise socket.gaierror(f"no such host {host}") from None


@pytest.fixture
async def client() -> AsyncIterator[Outgoing]:
    made = Outgoing(resolve=as_libc)
    yield made
    await made.close()


INNER = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "0",
    "0.0.0.0",  # noqa: S104
    "127.0.0.1.", "localhost", "localhost.", "LOCALHOST", "localtest.me", "１２７.0.0.1", "①②⑦.0.0.1", "127。0。0。1",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    "[fe80::1%25lo]", "[fec0::1]", "[fd00:ec2::254]", "[ff02::1]", "[2001:0:7f00:1::]", "[100::1]", "[2001:db8::1]",
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0xa9fea9fe", "2852039166", "100.100.100.200",
    "192.0.0.192", "168.63.129.16", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.88.99.1",
]  # fmt: skip


@pytest.mark.parametrize("host", INNER)
async def test_no_spelling_of_an_inner_address_is_dialled(client: Outgoing, host: str):
    for scheme in ("http", "https"):
        with pytest.raises((UrlNotAllowed, Unreachable)) as refused:
            await client.send("GET", f"{scheme}://{host}/")
        # Unreachable only where the name does not resolve at all.
        assert issubclass(refused.type, UrlNotAllowed) or "ConnectError" in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "", "/", "//host", "file:///etc/passwd", "gopher://x/", "ftp://x/", "javascript:1", "data:,x", "unix:///tmp/s",
        "http://", "http:///x", "http://user@example.com/", "http://user:pw@example.com/", "http://example.com:6379/",
        "http://example.com:22/", "http://example.com:0/", "http://example.com:99999/", "http://example.com:x/",
        "http://exa mple.com/", "http://[::1", "http://\x00/", "http://example.com/\r\nHost: x", "http://" + "a" * 3000,
        "http://example.com\\@127.0.0.1/", "http://\ud800/",
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused_before_anything_is_asked(url: str):
    with pytest.raises(UrlNotAllowed):
        Outgoing().check(url)


async def test_thousands_of_generated_urls_never_reach_the_canary(canary: Canary):
    chance = random.Random(6)
    async with canary.listening():
        client = Outgoing(resolve=as_libc, allow=f"elsewhere.example:{canary.port}")
        for _ in range(3_000):
            number = int.from_bytes(bytes((127, *chance.randbytes(3))))
            host = chance.choice(
                [
                    str(number),
                    hex(number),
                    oct(number).replace("o", ""),
                    f"127.{number & 0xFFFFFF}",
                    f"[::ffff:{number >> 16:x}:{number & 0xFFFF:x}]",
                ]
            )
            with pytest.raises((UrlNotAllowed, Unreachable)):
                await client.send("GET", f"http://{host}:{chance.choice((80, 443, canary.port))}/")
        await client.close()

    assert canary.visits == 0


async def test_name_with_one_inner_address_among_public_ones_is_refused(canary: Canary):
    async def mixed(_host: str, _port: int) -> list[str]:
        return ["93.184.215.14", "127.0.0.1"]

    client = Outgoing(resolve=mixed)
    with pytest.raises(UrlNotAllowed):
        await client.send("GET", "http://rebind.example/")
    await client.close()


async def test_name_that_changes_its_address_is_dialled_where_it_was_checked(canary: Canary):
    asked = []

    async def rebinding(_host: str, _port: int) -> list[str]:
        asked.append(1)
        return ["127.0.0.1"] if len(asked) > 1 else ["192.0.2.1"]

    client = Outgoing(resolve=rebinding)
    for _ in range(3):
        with pytest.raises(UrlNotAllowed):
            await client.send("GET", "http://rebind.example/")
    assert len(asked) == 3  # one look-up a connection: what is checked is what is dialled
    await client.close()


async def test_allowed_place_answers_and_its_redirect_is_not_followed(canary: Canary):
    async with canary.listening(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"):
        client = Outgoing(allow=f"127.0.0.1:{canary.port}")
        answer = await client.send("GET", f"http://127.0.0.1:{canary.port}/")
        await client.close()

    assert (answer.status, answer.ok, canary.visits) == (302, False, 1)
    assert answer.headers["location"] == "http://127.0.0.1/"


@pytest.mark.parametrize("spelling", ["{0}", "vendor.test:443, {0}", " {0} ,[fd00::1]:8443"])
async def test_the_setting_opens_the_named_places_and_no_others(canary: Canary, spelling: str):
    async with canary.listening():
        place = f"127.0.0.1:{canary.port}"
        client = http.outgoing_for(load({"OUTGOING_ALLOW": spelling.format(place)}))
        closed = http.outgoing_for(load({}))

        assert (await client.send("GET", f"http://{place}/")).body == b"ok"
        for refused, port in ((client, 80), (closed, canary.port)):
            with pytest.raises(UrlNotAllowed):
                await refused.send("GET", f"http://127.0.0.1:{port}/")
        await client.close()
        await closed.close()
    assert canary.visits == 1


@pytest.mark.parametrize("given", ["vendor", "vendor:", ":443", "vendor:https", "vendor:443;other:443", "a:1,,b:2"])
def test_a_malformed_setting_is_named(given: str):
    with pytest.raises(SettingsError, match="OUTGOING_ALLOW"):
        load({"OUTGOING_ALLOW": given})


async def test_proxy_of_the_environment_is_ignored(canary: Canary, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    async with canary.listening():
        client = Outgoing(allow=f"127.0.0.1:{canary.port}")
        answer = await client.send("POST", f"http://127.0.0.1:{canary.port}/", body=b"{}")
        await client.close()

    assert (answer.status, answer.body) == (200, b"ok")


async def flood(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def half(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")


async def test_flood_is_cut_at_the_cap(canary: Canary):
    async with canary.listening(flood):
        client = Outgoing(allow=f"127.0.0.1:{canary.port}")
        with pytest.raises(TooLarge):
            await client.send("GET", f"http://127.0.0.1:{canary.port}/", most_bytes=200_000)
        await client.close()


async def test_drip_ends_at_the_deadline(canary: Canary):
    async with canary.listening(drip):
        client = Outgoing(allow=f"127.0.0.1:{canary.port}")
        began = asyncio.get_running_loop().time()
        with pytest.raises(Unreachable):
            await client.send("GET", f"http://127.0.0.1:{canary.port}/", within_s=0.5)
        await client.close()

    assert asyncio.get_running_loop().time() - began < 2


@pytest.mark.parametrize("answer", [b"", b"junk\r\n\r\n", half, b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"])
async def test_broken_answers_are_unreachable_and_never_half_believed(canary: Canary, answer: bytes | Answering):
    async with canary.listening(answer):
        client = Outgoing(allow=f"127.0.0.1:{canary.port}")
        with pytest.raises(Unreachable):
            await client.send("GET", f"http://127.0.0.1:{canary.port}/")
        await client.close()


def test_public_addresses_are_public():
    assert all(map(public, ("93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "203.99.48.1")))
    assert not any(map(public, ("", "x", "127.0.0.1", "::ffff:1.1.1.1", "fe80::1%eth0", "::1")))


def test_deadlines_are_those_of_the_rules():
    assert (http.CONNECT_S, http.TOTAL_S) == (3.0, 15.0)
