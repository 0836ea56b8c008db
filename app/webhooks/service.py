"""Every change of webhooks: made, switched, removed; what is told, and how that went."""

import msgspec
from msgspec import UNSET, Struct

from app.core import clock
from app.core.base import Db
from app.core.crypto import seal
from app.core.errors import NotFound
from app.core.events import HIDDEN, record
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.webhooks import queries, rules
from app.webhooks.errors import DeliveryGone, TooManyWebhooks, WebhookGone
from app.webhooks.facts import WebhookChanged, WebhookDelivered, WebhookDue, WebhookFailed
from app.webhooks.models import Webhook, WebhookDelivery, secret_place
from app.webhooks.schemas import WebhookForm, WebhookMade, WebhookPatch


class Tried(Struct, frozen=True, kw_only=True):
    """How a try ended: the answer's status or the code of what was wrong, and what patience the server asks for."""

    response: int | None = None
    error: str | None = None
    asked_s: float | None = None

    @property
    def taken(self) -> bool:
        return self.response is not None and 200 <= self.response < 300


async def add_webhook(db: Db, who: Principal, form: WebhookForm) -> WebhookMade:
    """Raises TooManyWebhooks."""
    if await queries.webhook_count(db) >= rules.MOST_WEBHOOKS:
        raise TooManyWebhooks
    id_, secret = new_id(), rules.new_secret()
    events = list(rules.EVENTS) if form.events is UNSET else list(dict.fromkeys(form.events))
    webhook = Webhook(
        id=id_, org_id=who.org_id, url=form.url, secret_sealed=seal(secret, secret_place(who.org_id, id_)),
        events=events, state="active", created_by=who.person_id, created_at=clock.now(),
    )  # fmt: skip
    db.add(webhook)
    await db.flush()
    record(db, WebhookChanged(org_id=who.org_id, id=id_), changed={"url": (None, HIDDEN), "events": (None, events)})
    return WebhookMade(id_, secret)


async def change_webhook(db: Db, who: Principal, webhook_id: Id, patch: WebhookPatch) -> None:
    """Switched off nothing is sent; switched on it begins with a clean record. Raises WebhookGone."""
    webhook = await _ours(db, who, webhook_id)
    before, webhook.state = webhook.state, patch.state
    webhook.why = webhook.failing_since = None
    record(db, WebhookChanged(org_id=who.org_id, id=webhook_id), changed={"state": (before, patch.state)})


async def remove_webhook(db: Db, who: Principal, webhook_id: Id) -> None:
    """With all that was told. Raises WebhookGone."""
    webhook = await _ours(db, who, webhook_id)
    await db.delete(webhook)
    record(db, WebhookChanged(org_id=who.org_id, id=webhook_id), changed={"url": (HIDDEN, None)})


async def send_again(db: Db, who: Principal, delivery_id: Id) -> None:
    """By hand, with its id and body as they were; nothing where it is on its way. Raises DeliveryGone."""
    if who.branch_id is not None:
        raise DeliveryGone
    told = await queries.delivery_for_change(db, delivery_id)
    if told.status == "waiting":
        return
    before, told.status, told.attempts, told.next_at = told.status, "waiting", 0, None
    record(db, WebhookDue(org_id=told.org_id, id=told.id), changed={"status": (before, "waiting")})


async def tell(db: Db, event: str, subject_id: Id, body: Struct) -> None:
    """Each webhook that wants it is told, by a job of its own."""
    assert db.scope.org_id is not None  # noqa: S101 - narrows the type
    for webhook_id in await queries.wanting(db, event):
        told = WebhookDelivery(
            id=new_id(), org_id=db.scope.org_id, webhook_id=webhook_id, event=event, subject_id=subject_id,
            body=msgspec.json.encode(body).decode(), status="waiting", attempts=0, created_at=clock.now(),
        )  # fmt: skip
        db.add(told)
        await db.flush()
        record(db, WebhookDue(org_id=told.org_id, id=told.id))


async def note_try(db: Db, delivery_id: Id, tried: Tried) -> float | None:
    """How it went; in how many seconds to try again, if at all."""
    try:
        told = await queries.delivery_for_change(db, delivery_id)
    except NotFound:
        return None
    webhook, now = await queries.webhook_for_change(db, told.webhook_id), clock.now()
    told.attempts += 1
    told.response, told.error, told.tried_at, told.next_at = tried.response, tried.error, now, None
    if tried.taken:
        told.status, webhook.failing_since = "delivered", None
        record(db, WebhookDelivered(org_id=told.org_id, id=told.id), changed={"attempts": (None, told.attempts)})
        return None
    webhook.failing_since = webhook.failing_since or now
    _switch_off(db, webhook, tried)
    wait = rules.wait(told.attempts, tried.asked_s) if webhook.state == "active" else None
    if wait is None:
        told.status = "failed"
        changed = {"response": (None, tried.response), "error": (None, tried.error)}
        record(db, WebhookFailed(org_id=told.org_id, id=told.id), changed=changed)
        return None
    told.next_at = now + wait
    return wait.total_seconds()


def _switch_off(db: Db, webhook: Webhook, tried: Tried) -> None:
    """Where the server asks for it, or nothing has got through for days."""
    assert webhook.failing_since is not None  # noqa: S101 - narrows the type
    long = clock.now() - webhook.failing_since > rules.GIVE_UP_AFTER
    why = "gone" if tried.response == rules.GONE else "failing" if long else None
    if why and webhook.state == "active":
        webhook.state, webhook.why = "off", why
        fact = WebhookChanged(org_id=webhook.org_id, id=webhook.id)
        record(db, fact, changed={"state": ("active", "off"), "why": (None, why)})


async def _ours(db: Db, who: Principal, webhook_id: Id) -> Webhook:
    """They tell of the whole org: to a member of one branch there are none."""
    if who.branch_id is not None:
        raise WebhookGone
    return await queries.webhook_for_change(db, webhook_id)
