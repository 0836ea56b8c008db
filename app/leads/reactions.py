"""Later work for leads: replies go out, colleagues get word of a new lead."""

from collections.abc import Collection
from typing import Any

from app.adapters import mail, messages
from app.core import i18n, render, settings
from app.core.base import Db
from app.core.ids import Id
from app.core.jobs_ledger import Work
from app.leads import queries, service
from app.leads.facts import LeadOpened, LeadReplied
from app.leads.schemas import Entry, LeadRow
from app.orgs import queries as orgs
from app.orgs.facts import MemberDisabled, MemberRemoved, MemberRoleChanged
from app.sla.facts import HoursChanged

_PATIENCE = 3
_REPLY_SUBJECT = "About %(car)s"
_NEW_SUBJECT = "New lead: %(car)s"


async def send_reply(work: Work, fact: LeadReplied) -> None:
    """By the entry's channel. After three failures the entry says so, while the tries go on."""
    if fact.entry_id is None:
        return
    async with work.step() as db:
        entry = await queries.entry(db, fact.entry_id)
        lead = await queries.lead_row(db, fact.id)
        org = await orgs.org_card(db, work.org_id)
        if entry.delivery == "sent":
            return
        if work.failures == _PATIENCE:
            await service.note_delivery(db, entry.id, "failed")
    try:
        await _send(work, lead, entry, org.name)
    except messages.NoGateway:
        await _note(work, entry, "failed")
        return
    await _note(work, entry, "sent")


async def _note(work: Work, entry: Entry, delivery: str) -> None:
    async with work.unit() as db:
        await service.note_delivery(db, entry.id, delivery)


async def _send(work: Work, lead: LeadRow, entry: Entry, org_name: str) -> None:
    ours = settings.current()
    if entry.channel in ("sms", "whatsapp"):
        assert lead.phone is not None  # noqa: S101 - the service refuses a channel that cannot reach the buyer
        await messages.installed(ours).send(
            messages.Message(key=work.key, channel=entry.channel, to=lead.phone, body=entry.body)  # type: ignore[arg-type]
        )
        return
    assert lead.email is not None  # noqa: S101 - as above
    lang = i18n.known(lead.lang)
    context: dict[str, Any] = {"body": entry.body, "agent": entry.actor_name, "org": org_name, "lead": lead}
    await mail.installed(ours).send(
        mail.Mail(
            key=work.key,
            to=lead.email,
            subject=i18n.translate(_REPLY_SUBJECT, lang, car=lead.car.title if lead.car else org_name),
            html=render.fragment("leads/mail/reply.html", lang=lang, **context),
            text=render.fragment("leads/mail/reply.txt", lang=lang, **context),
            lang=lang,
        )
    )


async def tell_team(work: Work, fact: LeadOpened, *, without: Collection[Id] = ()) -> None:
    """A mail to the sales staff of the branch, or to its heads where there is none. Spam disturbs nobody.

    `without` are those who do not want to know.
    """
    async with work.step() as db:
        lead = await queries.lead_row(db, fact.id)
        if lead.status == "spam" or lead.assignee_id is not None:
            return
        people = [person for person in await _told(db, lead) if person.id not in without]
    ours = settings.current()
    for person in people:
        lang = i18n.known(person.lang)
        context: dict[str, Any] = {"lead": lead, "link": f"{ours.base_url}/desk/inbox/{lead.id}", "name": person.name}
        await mail.installed(ours).send(
            mail.Mail(
                key=f"{work.key}-{person.id}",
                to=person.email,
                subject=i18n.translate(_NEW_SUBJECT, lang, car=lead.car.title if lead.car else lead.name),
                html=render.fragment("leads/mail/new_lead.html", lang=lang, **context),
                text=render.fragment("leads/mail/new_lead.txt", lang=lang, **context),
                lang=lang,
            )
        )


async def _told(db: Db, lead: LeadRow) -> list[queries.Reachable]:
    people = await queries.reachable(db, lead.branch_id)
    sales = [person for person in people if person.role == "sales"]
    return sales or people


async def leave(work: Work, fact: MemberRoleChanged | MemberDisabled | MemberRemoved) -> None:
    """Who is gone, or works elsewhere, gives back what they had."""
    async with work.unit() as db:
        await service.leave(db, fact.id)


async def follow_hours(work: Work, fact: HoursChanged) -> None:
    """Deadlines go by the new hours, a few hundred leads at a time."""
    last = None
    while True:
        async with work.step() as db:
            last = await service.follow_hours(db, fact.branch_id, after=last)
        if last is None:
            return
