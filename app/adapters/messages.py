"""SMS and WhatsApp messages: into a directory that /dev/mail shows, or into memory for tests. A gateway comes later."""

import asyncio
import re
from pathlib import Path
from typing import Literal, Protocol

import msgspec
from msgspec import Struct

from app.core import clock
from app.core.settings import Settings

_KEPT = 200


class Message(Struct, frozen=True, kw_only=True):
    """`key` is the same each time one promise is tried again; `to` is E.164."""

    key: str
    channel: Literal["sms", "whatsapp"]
    to: str
    body: str
    at: float = 0


class NoGateway(Exception):
    """No gateway is configured: trying again will not help."""


class Messenger(Protocol):
    async def send(self, message: Message) -> None: ...


class OutboxMessenger:
    """The demo's gateway: one file per promise, the latest 200."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def send(self, message: Message) -> None:
        await asyncio.to_thread(self._write, msgspec.structs.replace(message, at=clock.now().timestamp()))

    def _write(self, message: Message) -> None:
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = re.sub(r"[^A-Za-z0-9-]", "_", message.key)[:80]
        part = self._directory / f".{name}.part"
        part.write_bytes(msgspec.json.encode(message))
        part.replace(self._directory / f"{name}.json")
        for old in self._files()[_KEPT:]:
            old.unlink(missing_ok=True)

    def sent(self) -> list[Message]:
        """The latest first."""
        found = [msgspec.json.decode(path.read_bytes(), type=Message) for path in self._files()]
        return sorted(found, key=lambda message: message.at, reverse=True)

    def _files(self) -> list[Path]:
        return sorted(self._directory.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)


class MemoryMessenger:
    """For tests: what would have been sent, each promise once."""

    def __init__(self) -> None:
        self._sent: dict[str, Message] = {}

    async def send(self, message: Message) -> None:
        self._sent[message.key] = message

    def sent(self) -> list[Message]:
        """The latest first."""
        return list(reversed(self._sent.values()))


class NoMessenger:
    """Where no gateway is configured."""

    async def send(self, _message: Message) -> None:
        raise NoGateway


_messenger: Messenger | None = None


def install(messenger: Messenger | None) -> None:
    """Make `messenger` the one of this process; None: decide again from the settings."""
    global _messenger
    _messenger = messenger


def installed(settings: Settings) -> Messenger:
    return _messenger or messenger_for(settings)


def messenger_for(settings: Settings) -> Messenger:
    return OutboxMessenger(settings.desk_data / "messages") if settings.desk_demo else NoMessenger()
