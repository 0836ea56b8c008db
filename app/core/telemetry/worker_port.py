"""The worker's own small port: `/metrics`, `/healthz`, and nothing else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec

from app.core.settings import Settings
from app.core.telemetry import metrics
from app.core.telemetry.release import VERSION

_LIMIT = 8192
_JSON = "application/json"

Loops = Callable[[], dict[str, bool]]
_loops: Loops = dict


def tell_loops(loops: Loops) -> None:
    """Let /healthz say how each background loop is. It stays 200: a loop that waits for Redis needs no new process."""
    global _loops
    _loops = loops


@asynccontextmanager
async def serve_worker_metrics(settings: Settings) -> AsyncIterator[int]:
    """Listen on WORKER_METRICS_PORT while the block runs and give the port; 0 in the settings: listen nowhere."""
    if settings.worker_metrics_port == 0:
        yield 0
        return
    async with listen(settings.desk_host, settings.worker_metrics_port) as port:
        yield port


@asynccontextmanager
async def listen(host: str, port: int) -> AsyncIterator[int]:
    """The same on any address; port 0 takes a free one. Raises OSError when the port is taken."""
    server = await asyncio.start_server(_answer, host, port, limit=_LIMIT)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        async with asyncio.timeout(5):
            head = await reader.readuntil(b"\r\n\r\n")
            writer.write(await _response(head.split(b"\r\n", 1)[0].decode("latin-1")))
            await writer.drain()
    except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass  # a scraper that went away or spoke nonsense
    finally:
        writer.close()


async def _response(line: str) -> bytes:
    method, _, rest = line.partition(" ")
    path = rest.partition(" ")[0].partition("?")[0]
    if method != "GET":
        return _http("405 Method Not Allowed", _JSON, b'{"code":"method_not_allowed"}')
    if path == "/metrics":
        return _http("200 OK", metrics.CONTENT_TYPE_LATEST, await metrics.render())
    if path == "/healthz":
        loops = {name: "ok" if healthy else "stale" for name, healthy in sorted(_loops().items())}
        status = "degraded" if "stale" in loops.values() else "ok"
        said = {"status": status, "version": VERSION, "process": "worker", "loops": loops}
        return _http("200 OK", _JSON, msgspec.json.encode(said))
    return _http("404 Not Found", _JSON, b'{"code":"not_found"}')


def _http(status: str, media_type: str, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
