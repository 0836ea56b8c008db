"""What has happened is written down for whoever wants it, and sent until it is taken."""

import random

from app.adapters import http
from app.core import clock
from app.core.jobs_ledger import Later, Work
from app.core.settings import current
from app.core.telemetry import metrics
from app.feeds.facts import RunFinished
from app.leads.facts import LeadOpened
from app.webhooks import queries, rules, service
from app.webhooks.facts import WebhookDue
from app.webhooks.schemas import Message
from app.webhooks.service import Tried

SENT = metrics.counter("desk_webhooks", "Tries to deliver webhooks, by how they ended.", ("outcome",))


async def tell_import(work: Work, fact: RunFinished) -> None:
    async with work.unit() as db:
        body = await queries.import_done(db, fact.id)
        if body is not None:
            await service.tell(db, rules.IMPORT_DONE, fact.id, body)


async def tell_lead(work: Work, fact: LeadOpened) -> None:
    async with work.unit() as db:
        if await queries.wanting(db, rules.LEAD_CREATED):
            await service.tell(db, rules.LEAD_CREATED, fact.id, await queries.lead_created(db, fact.id))


async def deliver(work: Work, fact: WebhookDue) -> None:
    """At least once, always with the same id: whoever is told twice knows it."""
    async with work.step() as db:
        message = await queries.message(db, fact.id)
    if message is None:
        return
    tried = await _send(str(fact.id), message)
    SENT.labels(outcome="delivered" if tried.taken else "failed").inc()
    async with work.step() as db:
        again_s = await service.note_try(db, fact.id, tried)
    if again_s is not None:
        raise Later(again_s * random.uniform(0.9, 1.1))  # noqa: S311 - jitter


async def _send(message_id: str, message: Message) -> Tried:
    client = http.outgoing_for(current())
    headers = rules.signed(message.secret, message_id, int(clock.now().timestamp()), message.body)
    try:
        client.check_sealed(message.url)
        answer = await client.post(message.url, headers=headers, body=message.body, within_s=rules.WITHIN_S)
    except http.UrlNotAllowed:
        return Tried(error="url_not_allowed")
    except http.Unreachable:
        return Tried(error="unreachable")
    finally:
        await client.close()
    return Tried(response=answer.status, asked_s=rules.asked_for(answer.headers.get("retry-after")))
