"""The leads and canned replies a demo starts with. Running it again changes nothing; nothing opens leads by itself."""

import json
import random
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from app.accounts import queries as accounts
from app.core import blind, clock
from app.core import db as database
from app.core.base import Db, Scope
from app.core.ids import Id, new_id
from app.core.phone import parse_phone
from app.core.security import Principal
from app.core.settings import Settings
from app.leads import queries, rules
from app.leads.models import Lead
from app.leads.schemas import NoteForm, ReplyForm, SnoozeForm, StatusForm, TemplateForm
from app.leads.service import deadlines, reckoning
from app.leads.service._entries import entry, say
from app.leads.service.assigning import claim
from app.leads.service.changing import change_status, snooze
from app.leads.service.opening import Enquiry, enquire
from app.leads.service.replying import note, reply
from app.leads.service.templates import add_template
from app.orgs import queries as orgs

_TOLD = json.loads((Path(__file__).parents[1] / "data" / "demo.json").read_text("utf-8"))


async def seed(settings: Settings) -> str:
    """Leads of the past days at every demo branch that has cars, where DESK_DEMO says so."""
    if not settings.desk_demo:
        return "demo leads: none outside a demo"
    new = 0
    for slug in ("ravi", "indus"):
        org_id = await orgs.org_id_of(slug)
        if org_id is None:
            continue
        await _replies(org_id)
        for place, told in _TOLD["branches"].items():
            if place.startswith(f"{slug}/"):
                new += await _branch(org_id, slug, place.partition("/")[2], told)
    return f"demo leads: {new} new"


async def _replies(org_id: Id) -> None:
    async with database.unit(Scope(org_id=org_id)) as db:
        there = {row.key for row in await queries.templates(db)}
        for told in _TOLD["replies"]:
            if told["key"] not in there:
                bodies = {f"body_{lang}": told[lang] for lang in ("en", "ur", "roman")}
                await add_template(db, org_id, TemplateForm(key=told["key"], title=told["title"], **bodies))


async def _branch(org_id: Id, slug: str, branch: str, told: list[list[Any]]) -> int:
    chance, now, new = random.Random(f"leads {slug} {branch}"), clock.now(), 0  # noqa: S311 - a demo, not a secret
    async with database.unit(Scope(org_id=org_id), read=True) as db:
        cars = await queries.cars_of(db, branch)
    if not cars:
        return 0
    # the longest ago first, as they would have come
    for hours, name, phone, lang, source, message, steps in sorted(told, key=lambda one: -one[0]):
        car_id, title = chance.choice(cars[:20])
        ref = "".join(chance.choice(rules.REF_LETTERS) for _ in range(6))
        async with database.unit(Scope(org_id=org_id)) as db:
            code = blind.unique_in(org_id, "phone", parse_phone(phone).e164)
            if await queries.knows(db, code):
                continue
        enquiry = Enquiry(source=source, name=name, phone=phone, lang=lang, message=message.replace("{car}", title))
        try:
            opened_at = now - timedelta(hours=hours)
            lead_id = await _open(org_id, car_id, ref, enquiry, opened_at)
            for minutes, who, action, words in steps:
                moment = min(opened_at + timedelta(minutes=minutes), now)
                await _step(org_id, slug, lead_id, who, action, words, moment)
        finally:
            clock.use(None)
        await _overtake(org_id, lead_id)
        new += 1
    return new


async def _open(org_id: Id, car_id: Id, ref: str, told: Enquiry, at: datetime) -> Id:
    """Without a fact: no mail and no sound for a lead that was there before the desk opened."""
    clock.use(partial(_fixed, at))
    async with database.unit(Scope(org_id=org_id)) as db:
        asked = await enquire(db, car_id)
        phone = parse_phone(told.phone or "").e164
        buyer = await queries.contact_for_change(db, phone=phone, name=told.name, email=None, lang=told.lang)
        contact = buyer.contact
        lead = Lead(
            id=new_id(), org_id=org_id, ref=ref, branch_id=asked.branch_id, listing_id=asked.id,
            contact_id=contact.id, source=told.source, status=rules.NEW, price_at_open=asked.asking_price,
            excerpt_ours=False, enquiries=1, opened_at=at, arrived_at=at, version=1,
        )  # fmt: skip
        db.add(lead)
        await db.flush()
        say(lead, told.message, ours=False)
        await deadlines.begin(db, lead, running=[])
        data = {"source": told.source, "price": asked.asking_price}
        entry(db, lead, "enquiry", body=told.message, by_us=False, data=data)
        return lead.id


async def _overtake(org_id: Id, lead_id: Id) -> None:
    """What fell due before the desk opened did so then, and nobody is told of it now."""
    async with database.unit(Scope(org_id=org_id)) as db:
        (lead,) = await queries.leads_for_change(db, [lead_id], within=None, merged=True)
        running = await queries.running(db, lead_id)
        for one in running:
            if one.due_at is not None and one.due_at <= clock.now():
                one.warned_at, one.breached_at = one.warn_at, one.due_at
                lead.breached_at = lead.breached_at or one.due_at
        reckoning.show(lead, running, await queries.pauses(db, lead_id), clock.now())


def _fixed(at: datetime) -> datetime:
    return at


async def _step(org_id: Id, slug: str, lead_id: Id, who: str, action: str, words: str, at: datetime) -> None:
    person = await accounts.by_email(f"{who}@{slug}.demo")
    if person is None:
        return
    clock.use(partial(_fixed, at))
    async with database.unit(Scope(org_id=org_id, person_id=person.id, actor_id=person.id)) as db:
        acting = Principal(
            person_id=person.id, session_id=person.id, org_id=org_id, org_slug=slug, org_name=slug, org_kind="dealer",
            role="manager", name=person.name,
        )  # fmt: skip
        await _act(db, acting, lead_id, action, words)


async def _act(db: Db, who: Principal, lead_id: Id, action: str, words: str) -> None:
    match action:
        case "claim":
            await claim(db, who, lead_id)
        case "reply":
            await reply(db, who, lead_id, ReplyForm(body=words, channel="whatsapp"))
        case "note":
            await note(db, who, lead_id, NoteForm(body=words))
        case "status":
            await change_status(db, who, lead_id, StatusForm(status=words))  # type: ignore[arg-type]
        case "lost":
            await change_status(db, who, lead_id, StatusForm(status="lost", reason=words))
        case "snooze":
            await snooze(
                db, who, lead_id, SnoozeForm(until=clock.now() + timedelta(days=9 if words == "in_two_days" else 5))
            )
