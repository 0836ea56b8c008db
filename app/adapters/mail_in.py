"""Incoming mail: a small SMTP server that answers "taken" only for what is kept, and what a letter carries."""

import asyncio
import codecs
import email
import email.policy
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from email.message import Message
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from msgspec import Struct

log = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024
_MOST_PARTS = 50
_MOST_RECIPIENTS = 20
_MOST_COMMANDS = 100
_IDLE_S = 60.0
_NOBODY = "550 5.1.1 There is no such mailbox here"
_LATER = "451 4.3.0 Not now, please try again"


class Mailboxes(Struct, frozen=True):
    """Whose letters are taken. `take` returns when the letter is kept; what either raises is "try again"."""

    domain: str
    known: Callable[[str], Awaitable[bool]]
    take: Callable[[str, bytes], Awaitable[None]]


@asynccontextmanager
async def listen(mailboxes: Mailboxes, host: str, port: int) -> AsyncIterator[int]:
    """Take letters in while the block runs, and give the port; port 0 takes a free one. Raises OSError."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # it would write down who writes to whom
    loop = asyncio.get_running_loop()
    open_ones: set[_Connection] = set()

    def connection() -> _Connection:
        return _Connection(mailboxes, open_ones, loop)

    server = await loop.create_server(connection, host, port, reuse_port=hasattr(socket, "SO_REUSEPORT") and port > 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for one in list(open_ones):
            one.hang_up()
        await server.wait_closed()


class _Connection(SMTP):
    def __init__(self, mailboxes: Mailboxes, open_ones: "set[_Connection]", loop: asyncio.AbstractEventLoop) -> None:
        self._open_ones = open_ones
        super().__init__(
            _Answers(mailboxes),
            data_size_limit=MOST_BYTES,
            enable_SMTPUTF8=True,
            hostname=mailboxes.domain,
            ident="ESMTP",
            timeout=_IDLE_S,
            command_call_limit={"RCPT": _MOST_RECIPIENTS, "*": _MOST_COMMANDS},
            loop=loop,
        )

    def connection_made(self, transport: Any) -> None:
        self._open_ones.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._open_ones.discard(self)
        super().connection_lost(error)

    def hang_up(self) -> None:
        if self.transport is not None:
            self.transport.close()


class _Answers:
    """The hooks of the server: their names and arguments are the library's."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._boxes = mailboxes

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        local, _, domain = address.rpartition("@")
        try:
            known = domain.lower() == self._boxes.domain and await self._boxes.known(local)
        except Exception:
            log.exception("mailbox_not_looked_up")
            return _LATER
        if not known:
            return _NOBODY
        envelope.rcpt_tos.append(local)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        try:
            for local in dict.fromkeys(envelope.rcpt_tos):
                await self._boxes.take(local, content)
        except Exception:
            log.exception("mail_not_taken")
            return _LATER
        return "250 2.0.0 Taken"

    async def handle_exception(self, error: Exception) -> str:
        log.warning("mail_session_failed", exc_info=error)
        return _LATER


def texts_in(letter: bytes) -> list[bytes]:
    """What a letter carries that may hold XML, unpacked: XML and files first, then plain text."""
    found = list(_parts(email.message_from_bytes(letter, policy=email.policy.compat32)))
    return [content for plain, content in sorted(found, key=lambda one: one[0]) if content]


def _parts(message: Message) -> Iterator[tuple[bool, bytes]]:
    for number, part in enumerate(message.walk()):
        kind = part.get_content_type()
        if number >= _MOST_PARTS:
            return
        if part.is_multipart() or not (kind in ("text/plain", "text/xml") or kind.startswith("application/")):
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield kind == "text/plain", _in_utf8(part, content) if kind == "text/plain" else content


def _in_utf8(part: Message, content: bytes) -> bytes:
    """Plain text says its charset outside itself; with the mark of UTF-8 a document in it cannot say another."""
    try:
        return codecs.BOM_UTF8 + content.decode(part.get_content_charset() or "utf-8").encode()
    except (LookupError, ValueError):
        return content
