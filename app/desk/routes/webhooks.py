"""Webhooks: who is told of what happens here, and what became of each message."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import forms, render
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.bounds import QueryCursor
from app.core.errors import Forbidden, NotFound
from app.core.forms import FormData
from app.core.i18n import _
from app.core.security import Principal, may
from app.webhooks import api, queries, rules, service
from app.webhooks.schemas import WebhookForm, WebhookPatch

_PAGE = "desk/webhooks/page.html"


@get("/desk/webhooks", access="org:webhook.read")
async def show_webhooks(db: WithDb, who: Who, cursor: QueryCursor = None) -> Response[Any]:
    return render.page(_PAGE, **await _shown(db, who, cursor), form=forms.EMPTY)


async def _shown(db: Db, who: Principal, cursor: str | None = None) -> dict[str, Any]:
    """They tell of the whole org: to a member of one branch there are none."""
    if who.branch_id:
        raise NotFound
    heads = may(who.role, "webhook.change")
    told = await queries.deliveries(db, cursor=cursor, limit=30)
    return {
        "webhooks": await queries.webhooks(db),
        "secrets": await queries.secrets(db) if heads else {},
        "deliveries": told.items,
        "next_cursor": told.next_cursor,
        "events": rules.EVENTS,
        "heads": heads,
    }


@post("/desk/webhooks", access="org:webhook.change", status_code=303, **forms.again(_PAGE))
async def create_webhook(request: Request[Any, Any, Any], db: WithDb, who: Who, data: FormData) -> Response[Any]:
    """`event.NAME` is a box that was ticked."""
    if who.branch_id:
        raise Forbidden
    forms.filled(request, data, **await _shown(db, who))
    url = forms.read(WebhookForm, {"url": data.get("url", "")}).url
    await api.vet(url)
    wanted: Any = [name for name in rules.EVENTS if f"event.{name}" in data] or list(rules.EVENTS)
    await service.add_webhook(db, who, WebhookForm(url=url, events=wanted))
    return render.redirect("/desk/webhooks", _("Saved. Its secret is on this page."))


@post("/desk/webhooks/{webhook_id:uuid}/state", access="org:webhook.change", status_code=303)
async def update_webhook(db: WithDb, who: Who, webhook_id: FromPath[UUID], data: FormData) -> Response[Any]:
    await service.change_webhook(db, who, webhook_id, forms.read(WebhookPatch, data))
    return render.redirect("/desk/webhooks", _("Saved."))


@post("/desk/webhooks/{webhook_id:uuid}/removal", access="org:webhook.change", status_code=303)
async def delete_webhook(db: WithDb, who: Who, webhook_id: FromPath[UUID]) -> Response[Any]:
    await service.remove_webhook(db, who, webhook_id)
    return render.redirect("/desk/webhooks", _("Removed."))


@post("/desk/webhooks/deliveries/{delivery_id:uuid}/replay", access="org:webhook.change", status_code=303)
async def create_replay(db: WithDb, who: Who, delivery_id: FromPath[UUID]) -> Response[Any]:
    await service.send_again(db, who, delivery_id)
    return render.redirect("/desk/webhooks", _("It is sent again."))


ROUTES: list[Any] = [show_webhooks, create_webhook, update_webhook, delete_webhook, create_replay]
