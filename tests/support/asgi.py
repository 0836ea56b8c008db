"""One request or socket straight into an ASGI application, byte for byte as we like."""

import asyncio
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

import msgspec
from msgspec import Struct

HOST = "127.0.0.1:8080"
ORIGIN = f"http://{HOST}"
Pair = tuple[str | bytes, str | bytes]


class Answer(Struct):
    status: int
    headers: dict[str, str]
    body: bytes
    error: BaseException | None = None

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    @property
    def code(self) -> str:
        return str(self.json["code"])


def _raw(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")


def _scope(kind: str, target: str | bytes, headers: Sequence[Pair], host: str | None, peer: str) -> dict[str, Any]:
    raw_path, _, query = _raw(target).partition(b"?")
    pairs = [(_raw(name).lower(), _raw(value)) for name, value in headers]
    if host is not None:
        pairs.insert(0, (b"host", host.encode("latin-1")))
    return {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "http" if kind == "http" else "ws",
        "server": ("127.0.0.1", 8080),
        "client": (peer, 40000),
        "root_path": "",
        "path": unquote(raw_path.decode("latin-1")),
        "raw_path": raw_path,
        "query_string": query,
        "headers": pairs,
        "state": {},
        "extensions": {},
    }


async def call(
    app: Any,
    method: str,
    target: str | bytes,
    *,
    headers: Sequence[Pair] = (),
    body: bytes | Sequence[bytes] = b"",
    host: str | None = HOST,
    peer: str = "127.0.0.1",
    hang_up: bool = False,
) -> Answer:
    """`hang_up`: the client disconnects after what it sent, before the body's end."""
    scope = {**_scope("http", target, headers, host, peer), "method": method}
    chunks = [body] if isinstance(body, bytes) else list(body)
    answer = Answer(0, {}, b"")

    async def receive() -> Any:
        if chunks:
            chunk = chunks.pop(0)
            return {"type": "http.request", "body": chunk, "more_body": bool(chunks) or hang_up}
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            for name, value in message.get("headers", []):
                answer.headers[name.decode().lower()] = value.decode("latin-1")
        elif message["type"] == "http.response.body":
            answer.body += message.get("body", b"")

    try:
        await app(scope, receive, send)
    except Exception as error:  # noqa: BLE001 - a test wants to see it
        answer.error = error
    return answer


async def socket(
    app: Any,
    target: str | bytes,
    *,
    headers: Sequence[Pair] = (),
    frames: Sequence[dict[str, Any]] = (),
    host: str | None = HOST,
    within_s: float = 5,
) -> list[dict[str, Any]]:
    """What the application sent; the client sends `frames` and goes away."""
    scope = {**_scope("websocket", target, headers, host, "127.0.0.1"), "subprotocols": []}
    waiting = [{"type": "websocket.connect"}, *frames]
    sent: list[dict[str, Any]] = []

    async def receive() -> Any:
        if waiting:
            return waiting.pop(0)
        return {"type": "websocket.disconnect", "code": 1005}

    async def send(message: Any) -> None:
        sent.append(message)

    async with asyncio.timeout(within_s):
        await app(scope, receive, send)
    return sent
