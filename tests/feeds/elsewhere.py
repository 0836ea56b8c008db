"""Somebody's server with a sheet on it: its answers come one after the other, the last of them again and again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from app.core import settings as process

Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Elsewhere:
    def __init__(self, *answers: bytes | Answering) -> None:
        self.answers = list(answers)
        self.requests: list[dict[str, str]] = []
        self.bodies: list[bytes] = []

    @property
    def visits(self) -> int:
        return len(self.requests)

    def then(self, *answers: bytes | Answering) -> None:
        self.answers[:] = answers

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        place = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        set_to(outgoing_allow=place)
        try:
            yield f"http://{place}/stock.csv"
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            lines = [line.partition(": ") for line in head.split("\r\n")[1:] if line]
            headers = {name.lower(): value for name, _, value in lines}
            self.requests.append(headers)
            self.bodies.append(await reader.readexactly(int(headers.get("content-length", 0))))
            if callable(answer):
                await answer(reader, writer)
            else:
                writer.write(answer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def said(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body


def set_to(**change: Any) -> None:
    """Other settings for this process."""
    process.install(msgspec.structs.replace(process.current(), **change))
