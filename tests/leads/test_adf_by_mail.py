"""Lead mails over a real socket: taken only when kept, only for addresses there are, read in every wrapping."""

import asyncio
from collections.abc import AsyncIterator
from email.message import EmailMessage

import aiosmtplib
import msgspec
import pytest

from app.adapters import mail_in
from app.adapters.mail_in import Mailboxes
from app.core import db
from app.core.embedded.process import free_port
from app.core.settings import Settings, SettingsError, install, load
from app.leads.queries import addresses
from jobs.post import Post, mailboxes
from tests.jobs.test_worker_process import environment, worker_of
from tests.leads import adf_samples as samples
from tests.leads.conftest import Stage
from tests.leads.documents import kept, new_link
from tests.support.until import until

DOMAIN = "leads.example"


@pytest.fixture
async def server(stage: Stage, settings: Settings) -> AsyncIterator[int]:
    install(msgspec.structs.replace(settings, adf_mail_domain=DOMAIN))
    async with mail_in.listen(mailboxes(DOMAIN), "127.0.0.1", 0) as port:
        yield port


async def address_of(stage: Stage, branch: str | None = None) -> str:
    branch_id = stage.branches[branch] if branch else None
    await new_link(stage.callers["owner"], branch_id or "")
    async with db.unit(stage.scope(), read=True) as session:
        return next(one.mail for one in await addresses(session) if one.branch_id == branch_id and one.mail)


def letter(to: str, text: str = "", *, attached: tuple[str, str] | None = None, html: bool = False) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "leads@pakmotors.example", to, "New lead"
    message.set_content(text, **({"subtype": "html"} if html else {"cte": "quoted-printable"}))
    if attached is not None:
        kind, name = attached
        main, _, sub = kind.partition("/")
        content = samples.SPLIT_NAMES.encode()
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message


async def post(port: int, message: EmailMessage | bytes, to: list[str]) -> None:
    await aiosmtplib.send(
        message, sender="leads@pakmotors.example", recipients=to, hostname="127.0.0.1", port=port, start_tls=False
    )


async def leads_of(stage: Stage) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (await stage.callers["owner"].get("leads")).json()["items"]
    return found


@pytest.mark.parametrize("how", ["plain text", "prose around", "text/xml", "application/octet-stream"])
async def test_a_document_in_a_letter_is_a_lead(stage: Stage, server: int, how: str) -> None:
    to = await address_of(stage)
    if "/" in how:
        message = letter(to, "A new lead is attached.", attached=(how, "lead.xml"))
    else:
        message = letter(to, samples.SPLIT_NAMES if how == "plain text" else f"Hello!\n{samples.SPLIT_NAMES}\nBye <3")
    await post(server, message, [to])
    await post(server, message, [to.upper().replace(DOMAIN.upper(), DOMAIN)])
    (lead,) = await leads_of(stage)
    (row,) = await kept()

    assert (lead["name"], lead["source"], lead["branch"]) == ("Nadia Iqbal", "adf", "lahore")
    assert lead["enquiries"] == 1
    assert (row.via, str(row.lead_id), row.error) == ("mail", lead["id"], None)


async def test_a_letter_to_a_branch_is_its_lead(stage: Stage, server: int) -> None:
    to = await address_of(stage, "gujranwala")
    await post(server, letter(to, samples.FULL_NAME), [to])

    assert [lead["branch"] for lead in await leads_of(stage)] == ["gujranwala"]


async def test_plain_text_in_an_old_charset_that_declares_another(stage: Stage, server: int) -> None:
    to = await address_of(stage)
    document = f'<?xml version="1.0" encoding="UTF-8"?>{samples.plain(buyer="José")}'
    head = f"From: a@b.example\r\nTo: {to}\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
    await post(server, (f"{head}Content-Transfer-Encoding: 8bit\r\n\r\n{document}\r\n").encode("latin-1"), [to])

    assert [lead["name"] for lead in await leads_of(stage)] == ["José"]


@pytest.mark.parametrize(
    ("text", "html", "reason"),
    [
        ("Is the Corolla still there?", False, "no_document"),
        ("<p>Is it there?</p>", True, "no_document"),
        ("<adf><prospect><customer>", False, "not_xml"),
    ],
)
async def test_a_letter_that_is_no_lead_is_kept_with_its_reason(
    stage: Stage, server: int, text: str, html: bool, reason: str
) -> None:
    to = await address_of(stage)
    for _ in range(2):
        await post(server, letter(to, text, html=html), [to])
    rows = await kept()
    original = (await stage.callers["owner"].get(f"/desk/leads-in/{rows[0].id}")).text

    assert [(row.error, row.lead_id) for row in rows] == [(reason, None)]
    assert text in original
    assert await leads_of(stage) == []


async def test_an_address_there_is_not_or_is_no_more_is_refused(stage: Stage, server: int) -> None:
    old = await address_of(stage)
    new = await address_of(stage)
    for to in (old, f"nobody@{DOMAIN}", new.replace(DOMAIN, "elsewhere.example"), "nobody"):
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
            await post(server, letter(new, samples.FULL_NAME), [to])
        assert refused.value.recipients[0].code in (550, 553)
    await post(server, letter(new, samples.FULL_NAME), [new])

    assert len(await leads_of(stage)) == 1


async def test_too_large_a_letter_is_refused(stage: Stage, server: int) -> None:
    to = await address_of(stage)
    with pytest.raises(aiosmtplib.SMTPResponseException) as refused:
        await post(server, letter(to, "x" * (mail_in.MOST_BYTES + 1000)), [to])

    assert refused.value.code == 552
    assert await kept() == []


async def test_while_the_database_is_away_the_sender_is_told_to_come_again(stage: Stage) -> None:
    taken: list[bytes] = []
    away = True

    async def known(_local: str) -> bool:
        return True

    async def take(_local: str, content: bytes) -> None:
        if away:
            raise ConnectionError
        taken.append(content)

    async with mail_in.listen(Mailboxes(DOMAIN, known, take), "127.0.0.1", 0) as port:
        with pytest.raises(aiosmtplib.SMTPDataError) as refused:
            await post(port, letter("a", "b"), [f"a@{DOMAIN}"])
        away = False
        await post(port, letter("a", "b"), [f"a@{DOMAIN}"])

    assert refused.value.code == 451
    assert len(taken) == 1


async def test_twenty_letters_at_once_are_one_lead(stage: Stage, server: int) -> None:
    to = await address_of(stage)
    await asyncio.gather(*(post(server, letter(to, samples.SPLIT_NAMES), [to]) for _ in range(20)))

    assert [lead["enquiries"] for lead in await leads_of(stage)] == [1]
    assert len(await kept()) == 1


async def test_the_post_is_closed_where_no_port_is_set_and_needs_a_domain(settings: Settings) -> None:
    closed = Post(settings)
    closed.start()
    await closed.stop()

    with pytest.raises(SettingsError, match="ADF_MAIL_DOMAIN"):
        load({"ADF_SMTP_PORT": "2525"})


@pytest.mark.slow
async def test_the_worker_takes_letters_in(stage: Stage, server: int, settings: Settings) -> None:
    to, port = await address_of(stage), free_port()
    environ = environment(settings, ADF_SMTP_PORT=str(port), ADF_MAIL_DOMAIN=DOMAIN, DESK_DEMO="1")
    async with worker_of(environ):

        async def posted() -> bool:
            try:
                await post(port, letter(to, samples.SPLIT_NAMES), [to])
            except aiosmtplib.SMTPConnectError:
                return False
            return True

        await until(posted, 60)

    assert [lead["name"] for lead in await leads_of(stage)] == ["Nadia Iqbal"]
