"""Mail leaves over SMTP, or lands where /dev/mail shows it."""

import asyncio
import email
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.policy import default
from pathlib import Path

import pytest

from app.adapters import outbox
from app.adapters.mail import Mail, MailNotSent, MemoryMailer, OutboxMailer, SmtpMailer, mailer_for
from app.core.settings import load

MAIL = Mail(
    key="job-1", to="ana@example.pk", subject="You are invited", html="<p>Salam</p>", text="Salam آنا", lang="ur"
)


class Post:
    """As much of a mail server as one mail needs."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.answer = b"250 ok"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                self.received.append((await reader.readuntil(b"\r\n.\r\n"))[:-5])
                writer.write(b"250 taken\r\n")
            elif verb == b"RCPT":
                writer.write(self.answer + b"\r\n")
            else:
                writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            await writer.drain()
            if verb == b"QUIT":
                break
        writer.close()


@asynccontextmanager
async def post() -> AsyncIterator[tuple[Post, str]]:
    office = Post()
    server = await asyncio.start_server(office.serve, "127.0.0.1", 0)
    async with server:
        yield office, f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_mail_arrives_whole() -> None:
    async with post() as (office, url):
        await SmtpMailer(url, "Autotrader.pk <desk@autotrader.pk>").send(MAIL)
    message = email.message_from_bytes(office.received[0], policy=default)

    assert (message["to"], message["subject"], message["content-language"]) == ("ana@example.pk", MAIL.subject, "ur")
    assert "job-1" in message["message-id"]
    parts = {part.get_content_type(): part.get_content().strip() for part in message.iter_parts()}
    assert parts == {"text/plain": "Salam آنا", "text/html": "<p>Salam</p>"}


async def test_a_refused_mail_and_a_server_that_is_away_are_told() -> None:
    async with post() as (office, url):
        office.answer = b"550 no such mailbox"
        with pytest.raises(MailNotSent):
            await SmtpMailer(url, "desk@autotrader.pk").send(MAIL)
    with pytest.raises(MailNotSent):
        await SmtpMailer(url, "desk@autotrader.pk").send(MAIL)


async def test_a_subject_cannot_bring_headers_of_its_own() -> None:
    async with post() as (office, url):
        evil = Mail(key="k", to="ana@example.pk", subject="Hello\nBcc: eve@example.pk", html="", text="")
        await SmtpMailer(url, "desk@autotrader.pk").send(evil)

    assert email.message_from_bytes(office.received[0], policy=default)["bcc"] is None


async def test_the_outbox_keeps_each_promise_once_the_latest_first(tmp_path: Path) -> None:
    outbox = OutboxMailer(tmp_path / "mail")
    for key in ("job-1", "job-2", "job-1"):
        await outbox.send(Mail(key=key, to=f"{key}@example.pk", subject="S", html="", text=""))

    assert [mail.key for mail in outbox.sent()] == ["job-1", "job-2"]
    assert len(outbox.sent()) == 2


async def test_outboxes_of_several_workers_over_one_directory_do_not_trip_each_other(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(outbox, "KEPT", 5)
    boxes = [OutboxMailer(tmp_path) for _ in range(4)]
    mails = [Mail(key=f"job-{n % 30}", to="a@example.pk", subject="S", html="", text="") for n in range(200)]
    await asyncio.gather(*(boxes[n % 4].send(mail) for n, mail in enumerate(mails)))

    assert 1 <= len(boxes[0].sent()) <= 5 + 4
    assert not await asyncio.to_thread(lambda: list(tmp_path.glob(".*")))


async def test_memory_keeps_each_promise_once() -> None:
    mailer = MemoryMailer()
    await mailer.send(MAIL)
    await mailer.send(MAIL)

    assert mailer.sent() == [MAIL]


def test_the_settings_decide() -> None:
    assert isinstance(mailer_for(load({})), OutboxMailer)
    assert isinstance(mailer_for(load({"EMAIL_SMTP_URL": "smtps://u:p@mail.example:465"})), SmtpMailer)
