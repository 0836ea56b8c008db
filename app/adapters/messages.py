"""SMS and WhatsApp messages: into a directory that /dev/mail shows, or into memory for tests. A gateway comes later."""

import asyncio
from pathlib import Path
from typing import Literal, Protocol

import msgspec
from msgspec import Struct

from app.adapters.outbox import Outbox
from app.core import clock
from app.core.settings import Settings


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
    """The demo's gateway."""

    def __init__(self, directory: Path) -> None:
        self._outbox = Outbox(directory)

    async def send(self, message: Message) -> None:
        kept = msgspec.json.encode(msgspec.structs.replace(message, at=clock.now().timestamp()))
        await asyncio.to_thread(self._outbox.keep, message.key, kept)

    def sent(self) -> list[Message]:
        """The latest first."""
        found = [msgspec.json.decode(kept, type=Message) for kept in self._outbox.kept()]
        return sorted(found, key=lambda message: message.at, reverse=True)


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
