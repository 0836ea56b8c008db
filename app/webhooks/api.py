"""Webhooks over JSON. They tell of the whole org: a member of one branch has none."""

from uuid import UUID

from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody

from app.adapters import http
from app.core.asks import Who, WithDb
from app.core.bounds import QueryCursor, QueryLimit
from app.core.errors import Forbidden
from app.core.paging import Page
from app.core.settings import current
from app.webhooks import queries, service
from app.webhooks.schemas import DeliveryRow, WebhookForm, WebhookMade, WebhookPatch, WebhookRow


@get("/webhooks", access="org:webhook.read")
async def list_webhooks(db: WithDb, who: Who) -> list[WebhookRow]:
    return [] if who.branch_id else await queries.webhooks(db)


@post("/webhooks", access="org:webhook.change")
async def create_webhook(db: WithDb, who: Who, data: JSONBody[WebhookForm]) -> WebhookMade:
    """https only. The answer holds the secret, as no other does; messages are signed as Standard Webhooks has it."""
    if who.branch_id:
        raise Forbidden
    await vet(data.url)
    return await service.add_webhook(db, who, data)


@patch("/webhooks/{webhook_id:uuid}", access="org:webhook.change", status_code=204)
async def update_webhook(db: WithDb, who: Who, webhook_id: FromPath[UUID], data: JSONBody[WebhookPatch]) -> None:
    """Switch it off, or on again."""
    await service.change_webhook(db, who, webhook_id, data)


@delete("/webhooks/{webhook_id:uuid}", access="org:webhook.change", status_code=204)
async def delete_webhook(db: WithDb, who: Who, webhook_id: FromPath[UUID]) -> None:
    """With all that was told."""
    await service.remove_webhook(db, who, webhook_id)


@get("/webhooks/deliveries", access="org:webhook.read")
async def list_deliveries(
    db: WithDb, who: Who, cursor: QueryCursor = None, limit: QueryLimit = 50
) -> Page[DeliveryRow]:
    """What was told, the latest first, with the last answer."""
    return Page([], None, None) if who.branch_id else await queries.deliveries(db, cursor=cursor, limit=limit)


@post("/webhooks/deliveries/{delivery_id:uuid}/replay", access="org:webhook.change", status_code=202)
async def replay_delivery(db: WithDb, who: Who, delivery_id: FromPath[UUID]) -> DeliveryRow:
    """Sent again with the same id and body."""
    await service.send_again(db, who, delivery_id)
    await db.flush()
    return await queries.delivery(db, delivery_id)


async def vet(url: str) -> None:
    """Raises UrlNotAllowed."""
    addresses = http.Addresses(allow=current().outgoing_allow)
    addresses.check_sealed(url)
    await addresses.vet(url)


ROUTES = (list_webhooks, create_webhook, update_webhook, delete_webhook, list_deliveries, replay_delivery)
