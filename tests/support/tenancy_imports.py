"""Imports in the tenancy world: each dealer's sheet, runs that are done, wait and are held, a source, a webhook."""

from typing import Any

from sqlalchemy import update

from app.core import clock, db
from app.core.base import Scope
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.feeds import service
from app.feeds.models import FeedReject, FeedRun, FeedSource
from app.feeds.rules.looking import Looked, Seen, Shape
from app.feeds.schemas import MappingForm, RunForm, SourceForm
from app.feeds.service import Kept
from app.webhooks import queries as webhook_queries
from app.webhooks import service as webhooks
from app.webhooks.models import WebhookDelivery
from app.webhooks.schemas import WebhookForm

# They take a file, or read the one in the store; their own tests ask them.
NOT_SERVED = {
    "POST /api/v1/feeds/upload", "POST /desk/imports", "PUT /api/v1/feeds/files/{file_id:uuid}/reading",
    "POST /desk/imports/files/{file_id:uuid}/preview", "POST /desk/imports/files/{file_id:uuid}/reading",
}  # fmt: skip
_ADDRESS = "https://93.184.215.14/stock.csv"
_HEADERS = ("make", "model", "year")


async def imports_of(who: Principal, scope: Scope, slug: str) -> dict[str, str]:
    columns = tuple(Seen(header, 1.0, (f"{slug} {header}",), header, "header") for header in _HEADERS)
    shape = Shape("csv", "utf-8", ",", (), 1, columns)
    file_id = new_id()
    kept = Kept(file_id, f"{slug}.csv", f"feeds/{scope.org_id}/{file_id}", 9, b"d" * 32)
    async with db.unit(scope) as session:
        await service.keep_file(session, who, kept, Looked(shape, slug.encode(), 1))
    async with db.unit(scope) as session:
        form = MappingForm(file_id=file_id, columns={header: header for header in _HEADERS})
        mapping_id = await service.save_mapping(session, who, form)
    made = {"file_id": str(file_id), "mapping_id": str(mapping_id)}
    for name, state in (("run_id", "done"), ("waiting_run_id", "waiting"), ("held_run_id", "held")):
        async with db.unit(scope) as session:
            run_id = await service.start_run(session, who, file_id, RunForm())
            ended = clock.now() if state == "done" else None
            await session.execute(update(FeedRun).where(FeedRun.id == run_id).values(state=state, finished_at=ended))
            problem = {"column": "make", "value": slug, "code": "make_unknown"}
            session.add(
                FeedReject(org_id=who.org_id, run_id=run_id, number=2, cells=[f"{slug} cell"], problems=[problem])
            )
        made[name] = str(run_id)
    async with db.unit(scope) as session:
        form = SourceForm(name=f"{slug} feed", url=f"{_ADDRESS}?{slug}", auth="basic", auth_user=slug, secret=slug)
        source_id = await service.add_source(session, who, form)
        of_it = {"file_id": file_id, "run_id": run_id, "asked_at": None, "etag": slug}
        await session.execute(update(FeedSource).where(FeedSource.id == source_id).values(**of_it))
    async with db.unit(scope) as session:
        webhook = await webhooks.add_webhook(session, who, WebhookForm(url=f"{_ADDRESS}?{slug}"))
        done = await webhook_queries.import_done(session, Id(made["run_id"]))
        assert done is not None
        await webhooks.tell(session, done.event, done.id, done)
        told = (await webhook_queries.deliveries(session)).items[0]
        await session.execute(update(WebhookDelivery).where(WebhookDelivery.id == told.id).values(status="failed"))
    ids = {"source_id": source_id, "webhook_id": webhook.webhook_id, "delivery_id": told.id}
    return made | {name: str(id_) for name, id_ in ids.items()}


def id_for(template: str, name: str) -> str:
    """Which of the runs a route is asked with."""
    if name == "run_id" and template.endswith(("/approve", "/approval")):
        return "held_run_id"
    return "waiting_run_id" if name == "run_id" and template.endswith(("/stop", "/end")) else name


def body_for(template: str, ids: dict[str, str]) -> dict[str, Any] | None:
    """JSON of a route about imports."""
    return {
        "/api/v1/feeds/mappings": {
            "file_id": ids.get("file_id", str(Id(int=1))), "columns": {header: header for header in _HEADERS},
        },
        "/api/v1/feeds/sources": {"name": "Newcomer", "url": _ADDRESS},
        "/api/v1/feeds/sources/{source_id:uuid}": {"name": "Renamed", "every_hours": 6},
        "/api/v1/webhooks": {"url": _ADDRESS},
        "/api/v1/webhooks/{webhook_id:uuid}": {"state": "off"},
        "/api/v1/feeds/words": {"field": "fuel", "said": "pet", "meant": "petrol"},
        "/api/v1/feeds/{file_id:uuid}/runs": {"dry_run": True},
        "/api/v1/feeds/files/{file_id:uuid}/reading": {"separator": ";"},
    }.get(f"/api{template}" if template.startswith("/v1") else template)  # fmt: skip


def form_for(template: str) -> dict[str, str] | None:
    """The same on the pages."""
    return {
        "/desk/imports/files/{file_id:uuid}": {"field-0": "make", "field-1": "model", "then": "try"},
        "/desk/imports/files/{file_id:uuid}/preview": {"field-0": "make", "field-1": "model"},
        "/desk/imports/files/{file_id:uuid}/reading": {"separator": ";"},
        "/desk/imports/sources": {"name": "Newcomer", "url": _ADDRESS, "every_hours": "6"},
        "/desk/imports/sources/{source_id:uuid}": {"name": "Renamed", "every_hours": "6"},
        "/desk/webhooks": {"url": _ADDRESS, "event.lead.created": "1"},
        "/desk/webhooks/{webhook_id:uuid}/state": {"state": "off"},
        "/desk/imports/{run_id:uuid}/words": {"field": "fuel", "said": "pet", "meant": "petrol"},
    }.get(template)
