"""Mail: over SMTP, into a directory that /dev/mail shows, or into memory for tests."""

import asyncio
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
import msgspec
from msgspec import Struct

from app.adapters.outbox import Outbox
from app.core import clock
from app.core.settings import Settings

_TIMEOUT_S = 15


class Mail(Struct, frozen=True, kw_only=True):
    """`key` is the same each time one promise is tried again, so that a mail server may know it."""

    key: str
    to: str
    subject: str
    html: str
    text: str
    lang: str = "en"
    at: float = 0


class Mailer(Protocol):
    async def send(self, mail: Mail) -> None: ...


class MailNotSent(Exception):
    """The server did not take it; the job tries again later."""


class SmtpMailer:
    """One connection a mail, TLS where the URL says smtps or the server offers STARTTLS."""

    def __init__(self, url: str, sender: str) -> None:
        self._url = urlsplit(url)
        self._sender = sender

    async def send(self, mail: Mail) -> None:
        """Raises MailNotSent."""
        url = self._url
        try:
            await aiosmtplib.send(
                _message(mail, self._sender),
                hostname=url.hostname,
                port=url.port or (465 if url.scheme == "smtps" else 25),
                username=unquote(url.username) if url.username else None,
                password=unquote(url.password) if url.password else None,
                use_tls=url.scheme == "smtps",
                timeout=_TIMEOUT_S,
            )
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise MailNotSent(type(error).__name__) from error


class OutboxMailer:
    """The demo's mailer: the worker writes, the web process shows."""

    def __init__(self, directory: Path) -> None:
        self._outbox = Outbox(directory)

    async def send(self, mail: Mail) -> None:
        kept = msgspec.json.encode(msgspec.structs.replace(mail, at=clock.now().timestamp()))
        await asyncio.to_thread(self._outbox.keep, mail.key, kept)

    def sent(self) -> list[Mail]:
        """The latest first."""
        found = [msgspec.json.decode(kept, type=Mail) for kept in self._outbox.kept()]
        return sorted(found, key=lambda mail: mail.at, reverse=True)


class MemoryMailer:
    """For tests: what would have been sent, each promise once."""

    def __init__(self) -> None:
        self._sent: dict[str, Mail] = {}

    async def send(self, mail: Mail) -> None:
        self._sent[mail.key] = mail

    def sent(self) -> list[Mail]:
        """The latest first."""
        return list(reversed(self._sent.values()))


_mailer: Mailer | None = None


def install(mailer: Mailer | None) -> None:
    """Make `mailer` the one of this process; None: decide again from the settings."""
    global _mailer
    _mailer = mailer


def installed(settings: Settings) -> Mailer:
    return _mailer or mailer_for(settings)


def mailer_for(settings: Settings) -> Mailer:
    if settings.email_smtp_url:
        return SmtpMailer(settings.email_smtp_url, settings.mail_from)
    return OutboxMailer(settings.desk_data / "mail")


def _message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject.replace("\n", " ")
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(idstring=mail.key, domain="desk.autotrader.pk")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    message["Content-Language"] = mail.lang
    return message
