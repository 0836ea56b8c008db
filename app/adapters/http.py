"""The one client for outgoing HTTP. It refuses addresses that are not public at the moment it dials them.

Names, spellings and earlier answers of the DNS do not matter: every address of the answer is checked, and one of the
checked ones is dialled. No redirect is followed, no proxy of the environment is used, and an answer has a size.
"""

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import httpcore
import httpx
from msgspec import Struct

from app.core.errors import Refused
from app.core.settings import Settings

CONNECT_S = 3.0
TOTAL_S = 15.0
MOST_BYTES = 2_000_000
_CHUNK = 262_144
_PORTS = (80, 443)
_LONGEST_URL = 2000
_HOST = re.compile(rb"[a-z0-9._:-]{1,253}")

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]

# `is_global` of the standard library lets some of these through; others are public and still nobody's business.
_REFUSED = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
        "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32",
        "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
]  # fmt: skip


class UrlNotAllowed(Refused, status=422, code="url_not_allowed", says="That address cannot be used."):
    """The sentence stands at the field as well."""

    def __init__(self) -> None:
        super().__init__(errors=[{"field": "url", "message": self.says}])


class NotSealed(UrlNotAllowed, says="It must begin with https://."):
    pass


class NotPublic(UrlNotAllowed, says="That address is inside a private network."):
    pass


class Unreachable(Exception):
    """No whole answer: refused, cut, too slow. Worth another try."""


class TooSlow(Unreachable):
    """It answers, and had not ended when its time was over."""


class TooLarge(Exception):
    """The answer is longer than it may be."""


class Answer(Struct, frozen=True):
    """What came back, redirects and errors included."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def public(address: str) -> bool:
    """Whether an IP address is one that anybody on the internet could reach."""
    try:
        found: IpAddress = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return found.is_global and not any(found in network for network in _REFUSED if network.version == found.version)


async def _look_up(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Guard(httpcore.AsyncNetworkBackend):
    """Dials checked addresses only; `allowed` places (host, port) are vendors of our own network, or tests."""

    def __init__(self, allowed: frozenset[tuple[str, int]], resolve: Resolve) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._dial = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolve(host, port)
        except (OSError, UnicodeError, TimeoutError) as error:
            raise httpcore.ConnectError(f"cannot look up the host: {type(error).__name__}") from error
        if (host, port) not in self._allowed and not (addresses and all(map(public, addresses))):
            raise NotPublic
        for address in addresses[:-1]:
            try:
                return await self._dial.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._dial.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise UrlNotAllowed

    async def sleep(self, seconds: float) -> None:
        await self._dial.sleep(seconds)


class _Transport(httpx.AsyncHTTPTransport):
    def __init__(self, guard: _Guard) -> None:
        super().__init__(trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=5,
            network_backend=guard,
        )


class Addresses:
    """Which addresses may be called. `allow` is `OUTGOING_ALLOW`: host:port, comma separated, exempt from the check."""

    def __init__(self, *, allow: str = "", resolve: Resolve | None = None) -> None:
        self._allowed = frozenset(_place(item) for item in allow.split(",") if item.strip())
        self._resolve = resolve or _look_up

    def check(self, url: str) -> httpx.URL:
        """What can be told from the text: http(s), ports 80 and 443, no user. Raises UrlNotAllowed."""
        try:
            found = httpx.URL(url if len(url) <= _LONGEST_URL else "")
            host = found.host
            port = {"http": 80, "https": 443}.get(found.scheme, 0) if found.port is None else found.port
        except (httpx.InvalidURL, UnicodeError, ValueError, TypeError):
            raise UrlNotAllowed from None
        usual = found.scheme in ("http", "https") and _HOST.fullmatch(found.raw_host) and not found.userinfo
        if not usual or (port not in _PORTS and (host, port) not in self._allowed):
            raise UrlNotAllowed
        return found

    def check_sealed(self, url: str) -> httpx.URL:
        """The same, and https but for places of `allow`: what goes there is nobody else's. Raises UrlNotAllowed."""
        target = self.check(url)
        if target.scheme != "https" and (target.host, target.port or 80) not in self._allowed:
            raise NotSealed
        return target

    async def vet(self, url: str) -> None:
        """Say no at once to what would be refused when dialled; a name that nobody knows now may be known by then.

        Raises UrlNotAllowed.
        """
        target = self.check(url)
        port = target.port or (443 if target.scheme == "https" else 80)
        try:
            async with asyncio.timeout(CONNECT_S):
                addresses = await self._resolve(target.host, port)
        except (OSError, UnicodeError, TimeoutError):
            return
        if (target.host, port) not in self._allowed and not all(map(public, addresses)):
            raise NotPublic


class Outgoing(Addresses):
    """Calls other people's servers."""

    def __init__(self, *, allow: str = "", resolve: Resolve | None = None) -> None:
        super().__init__(allow=allow, resolve=resolve)
        self._client = httpx.AsyncClient(
            transport=_Transport(_Guard(self._allowed, self._resolve)),
            timeout=httpx.Timeout(TOTAL_S, connect=CONNECT_S),
            follow_redirects=False,
            trust_env=False,
            headers={"user-agent": "Autotrader.pk", "accept-encoding": "identity"},
        )

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        most_bytes: int = MOST_BYTES,
        within_s: float = TOTAL_S,
    ) -> Answer:
        """One request, one answer. Raises UrlNotAllowed, Unreachable, TooLarge."""
        target = self.check(url)
        try:
            async with (
                asyncio.timeout(within_s),
                self._client.stream(method, target, headers=dict(headers or {}), content=body) as response,
            ):
                return Answer(response.status_code, dict(response.headers), await _read(response, most_bytes))
        except (httpx.HTTPError, httpx.StreamError, TimeoutError, OSError, ssl.SSLError) as error:
            raise Unreachable(type(error).__name__) from error

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes, within_s: float) -> Answer:
        """Tell somebody something; of the answer only the head is read. Raises UrlNotAllowed, Unreachable."""
        target = self.check(url)
        try:
            async with (
                asyncio.timeout(within_s),
                self._client.stream("POST", target, headers=dict(headers), content=body) as response,
            ):
                return Answer(response.status_code, dict(response.headers), b"")
        except (httpx.HTTPError, httpx.StreamError, TimeoutError, OSError, ssl.SSLError) as error:
            raise Unreachable(type(error).__name__) from error

    async def download(
        self, url: str, path: Path, *, headers: Mapping[str, str], most_bytes: int, within_s: float
    ) -> Answer:
        """A GET whose body goes to `path` as it comes, if it is one of 200; of other answers the body is not read.

        Raises UrlNotAllowed, Unreachable, TooLarge.
        """
        target = self.check(url)
        try:
            async with (
                asyncio.timeout(within_s),
                self._client.stream("GET", target, headers=dict(headers)) as response,
            ):
                if response.status_code == 200:
                    await _write(response, path, most_bytes)
                return Answer(response.status_code, dict(response.headers), b"")
        except TimeoutError as error:
            raise TooSlow from error
        except (httpx.HTTPError, httpx.StreamError, OSError, ssl.SSLError) as error:
            raise Unreachable(type(error).__name__) from error

    async def close(self) -> None:
        await self._client.aclose()


def outgoing_for(settings: Settings) -> Outgoing:
    """The client of a process; whoever made it closes it."""
    return Outgoing(allow=settings.outgoing_allow)


async def _read(response: httpx.Response, most_bytes: int) -> bytes:
    """The body as sent: with `identity` asked for, whoever compresses all the same gets no memory of ours."""
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > most_bytes:
            raise TooLarge
    return bytes(body)


async def _write(response: httpx.Response, path: Path, most_bytes: int) -> None:
    length = 0
    with await asyncio.to_thread(path.open, "wb") as file:
        async for chunk in response.aiter_raw(_CHUNK):
            length += len(chunk)
            if length > most_bytes:
                raise TooLarge
            await asyncio.to_thread(file.write, chunk)


def _place(item: str) -> tuple[str, int]:
    host, _, port = item.strip().rpartition(":")
    return host.strip("[]").lower(), int(port)
