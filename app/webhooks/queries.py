"""Every read of webhooks, and of what is told."""

from typing import Any

from sqlalchemy import Select, func, select

from app.core import lists
from app.core.base import Db, one_or
from app.core.ids import Id
from app.core.paging import Page, cut
from app.feeds import queries as feeds
from app.leads import queries as leads
from app.orgs.models import Org
from app.webhooks import rules
from app.webhooks.errors import DeliveryGone, WebhookGone
from app.webhooks.models import Webhook, WebhookDelivery
from app.webhooks.schemas import Counts, DeliveryRow, ImportDone, LeadCreated, Message, WebhookRow


async def webhooks(db: Db) -> list[WebhookRow]:
    """The oldest first."""
    return [_row(one) for one in await db.scalars(select(Webhook).order_by(Webhook.id))]


async def secrets(db: Db) -> dict[Id, str]:
    """For those who may change webhooks, to set up the other side."""
    return {one.id: one.secret for one in await db.scalars(select(Webhook))}


async def webhook_count(db: Db) -> int:
    return await db.scalar(select(func.count()).select_from(Webhook)) or 0


async def webhook_for_change(db: Db, webhook_id: Id) -> Webhook:
    """Locked. Raises WebhookGone."""
    query = select(Webhook).where(Webhook.id == webhook_id).with_for_update()
    found: Webhook = one_or(await db.scalars(query), WebhookGone)
    return found


async def wanting(db: Db, event: str) -> list[Id]:
    """Active webhooks that want such an event."""
    found = await db.execute(select(Webhook.id, Webhook.events).where(Webhook.state == "active").order_by(Webhook.id))
    return [id_ for id_, events in found if event in events]


async def deliveries(db: Db, *, cursor: str | None = None, limit: int = 50) -> Page[DeliveryRow]:
    """The latest first."""
    position, cursors = await lists.position(db), lists.cursors(db, "webhook_deliveries")
    query = _deliveries().order_by(WebhookDelivery.id.desc()).limit(limit + 1)
    if before := cursors.decode(cursor, tuple[Id]):
        query = query.where(WebhookDelivery.id < before[0])
    page, more = cut(list(await db.execute(query)), limit)
    return Page([_told(row) for row in page], cursors.encode(page[-1][0].id) if more else None, position)


async def delivery(db: Db, delivery_id: Id) -> DeliveryRow:
    """Raises DeliveryGone."""
    return _told(one_or(await db.execute(_deliveries().where(WebhookDelivery.id == delivery_id)), DeliveryGone))


async def delivery_for_change(db: Db, delivery_id: Id) -> WebhookDelivery:
    """Locked. Raises DeliveryGone."""
    query = select(WebhookDelivery).where(WebhookDelivery.id == delivery_id).with_for_update()
    found: WebhookDelivery = one_or(await db.scalars(query), DeliveryGone)
    return found


async def message(db: Db, delivery_id: Id) -> Message | None:
    """None where it is not to be sent any more."""
    wanted = (WebhookDelivery.id == delivery_id, WebhookDelivery.status == "waiting", Webhook.state == "active")
    found = await db.execute(_deliveries().where(*wanted))
    row = found.one_or_none()
    if row is None:
        return None
    told, webhook = row
    return Message(url=webhook.url, secret=webhook.secret, body=told.body.encode(), attempts=told.attempts)


async def import_done(db: Db, run_id: Id) -> ImportDone | None:
    """What is told of an import; None of a trial."""
    run = await feeds.run_card(db, run_id)
    if run.dry_run or run.finished_at is None:
        return None
    counts = Counts(**{name: getattr(run, name) for name in Counts.__struct_fields__})
    return ImportDone(
        event=rules.IMPORT_DONE, id=run.id, org=await _slug(db), branch=run.branch, file=run.file_name, counts=counts,
        at=run.finished_at,
    )  # fmt: skip


async def lead_created(db: Db, lead_id: Id) -> LeadCreated:
    lead = await leads.lead_row(db, lead_id, masked=True)
    return LeadCreated(
        event=rules.LEAD_CREATED, id=lead.id, org=await _slug(db), ref=lead.ref, branch_id=lead.branch_id,
        listing_id=lead.listing_id, source=lead.source, at=lead.opened_at,
    )  # fmt: skip


async def _slug(db: Db) -> str:
    found: str | None = await db.scalar(select(Org.slug).where(Org.id == db.scope.org_id))
    return found or ""


def _deliveries() -> Select[*tuple[Any, ...]]:
    return select(WebhookDelivery, Webhook).join(Webhook, Webhook.id == WebhookDelivery.webhook_id)


def _row(one: Webhook) -> WebhookRow:
    return WebhookRow(
        id=one.id, url=one.url, events=tuple(one.events), state=one.state, why=one.why,  # type: ignore[arg-type]
        says=rules.said(one.why), failing_since=one.failing_since, created_at=one.created_at,
    )  # fmt: skip


def _told(row: Any) -> DeliveryRow:
    told, webhook = row
    same = (
        "id", "webhook_id", "event", "subject_id", "status", "attempts", "response", "error", "created_at", "tried_at",
        "next_at",
    )  # fmt: skip
    return DeliveryRow(url=webhook.url, **{name: getattr(told, name) for name in same})
