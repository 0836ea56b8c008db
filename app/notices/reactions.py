"""Later work for notices: people are told of what happened, and what is due goes out."""

from typing import Any

from app.adapters import mail, messages
from app.core import i18n, render, settings
from app.core.i18n import Lang
from app.core.jobs_ledger import Work
from app.feeds.facts import RunHeld, SourceStopped
from app.leads import reactions as leads
from app.leads.facts import LeadAssigned, LeadMoved, LeadNoted, LeadOpened
from app.notices import queries, rules, service
from app.notices.facts import NoticeDue
from app.notices.schemas import Letter
from app.sla.facts import DayClosed, DeadlineFact

_PATIENCE = 3


async def tell_deadline(work: Work, fact: DeadlineFact) -> None:
    async with work.unit() as db:
        await service.tell_deadline(db, fact)


async def tell_assigned(work: Work, fact: LeadAssigned) -> None:
    async with work.unit() as db:
        await service.tell_assigned(db, fact)
        await service.tell_taken(db, fact)


async def tell_moved(work: Work, fact: LeadMoved) -> None:
    async with work.unit() as db:
        await service.tell_taken(db, fact)


async def tell_mentioned(work: Work, fact: LeadNoted) -> None:
    async with work.unit() as db:
        await service.tell_mentioned(db, fact)


async def tell_feed_stopped(work: Work, fact: SourceStopped) -> None:
    async with work.unit() as db:
        await service.tell_feed_stopped(db, fact)


async def tell_import_held(work: Work, fact: RunHeld) -> None:
    async with work.unit() as db:
        await service.tell_import_held(db, fact)


async def tell_day(work: Work, fact: DayClosed) -> None:
    async with work.unit() as db:
        await service.tell_day(db, fact)


async def tell_team(work: Work, fact: LeadOpened) -> None:
    """As leads tell it, but for those who do not want to know."""
    async with work.step() as db:
        off = await queries.turned_off(db, rules.NEW, rules.MAIL)
    await leads.tell_team(work, fact, without=off)


async def send(work: Work, fact: NoticeDue) -> None:
    """By the delivery's channel. After three failures the list says so, while the tries go on. A gateway for messages
    may send twice what was cut off in between: it knows the key, and need not heed it."""
    async with work.step() as db:
        letter = await queries.letter(db, fact.id)
        if letter is None or await service.called_off(db, fact.id):
            return
        if work.failures == _PATIENCE:
            await service.note_delivery(db, fact.id, "failed", "unreachable")
    status, reason = "sent", None
    try:
        await _send(work, letter)
    except messages.NoGateway:
        status, reason = "failed", "no_gateway"
    async with work.unit() as db:
        await service.note_delivery(db, fact.id, status, reason)


async def _send(work: Work, letter: Letter) -> None:
    ours, lang = settings.current(), i18n.known(letter.lang)
    link = f"{ours.base_url}/desk/notices/{letter.notice.id}"
    if letter.channel in ("sms", "whatsapp"):
        if letter.phone is None:
            raise messages.NoGateway
        body = f"{_headline(letter, lang)}\n{link}"
        message = messages.Message(key=work.key, channel=letter.channel, to=letter.phone, body=body)  # type: ignore[arg-type]
        await messages.installed(ours).send(message)
        return
    context: dict[str, Any] = {
        "notice": letter.notice, "name": letter.name, "link": link, "base": ours.base_url,
    }  # fmt: skip
    await mail.installed(ours).send(
        mail.Mail(
            key=work.key,
            to=letter.email,
            subject=_headline(letter, lang),
            html=render.fragment("notices/mail/notice.html", lang=lang, **context),
            text=render.fragment("notices/mail/notice.txt", lang=lang, **context),
            lang=lang,
        )
    )


def _headline(letter: Letter, lang: Lang) -> str:
    notice = letter.notice
    title = i18n.translate(notice.title, lang)
    if notice.kind == rules.TEST and notice.says:
        return f"{title}: {i18n.translate(notice.says, lang)}"
    about = " ".join(part for part in (notice.car or notice.about, f"#{notice.ref}" if notice.ref else None) if part)
    return f"{title}: {about}" if about else title
