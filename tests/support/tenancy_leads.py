"""Leads of an org in the tenancy world, and what to send to the routes about them."""

import re
from typing import Any

from app.core.base import Db
from app.core.ids import Id
from app.core.security import Principal
from app.leads import queries, service
from app.leads.schemas import AddressForm, BulkForm, Filters, LeadForm, ReplyForm, TemplateForm, ViewForm


async def leads_of(db: Db, who: Principal, slug: str, phone: str, branch_id: str) -> dict[str, str]:
    """Two open leads of one walk-in's phone and another's, a template, a view, a batch; ids by parameter name."""
    ids: dict[str, str] = {}
    for name, number in (("second_lead_id", phone), ("lead_id", phone[:-1] + "9")):
        form = LeadForm(
            name=f"{slug} buyer", phone=number, email=f"{name.replace('_', '-')}@{slug}.pk", message=f"about {slug}",
            branch_id=Id(branch_id),
        )  # fmt: skip
        ids[name] = str((await service.walk_in(db, who, form)).id)
    await service.reply(db, who, Id(ids["second_lead_id"]), ReplyForm(body=f"Hello from {slug}", channel="email"))
    template = TemplateForm(key="hello", title=slug, body_en=f"Hello from {slug}")
    ids["template_id"] = str(await service.add_template(db, who.org_id, template))
    view = ViewForm(name=slug, filters=Filters(q=slug))
    ids["view_id"] = str(await service.save_view(db, who, view))
    await db.flush()
    ids["entry_id"] = str(await service.call(db, who, Id(ids["lead_id"])))
    bulk = BulkForm(ids=[Id(ids["lead_id"])], action="status", status="qualified")
    ids["batch_id"] = str((await service.bulk(db, who, bulk)).batch_id)
    ids["key"] = template.key
    ids |= await _documents_of(db, who, slug, branch_id)
    people = await queries.assignees(db, None)
    ids["assignee_id"] = str(people[-1].id)
    return ids


async def _documents_of(db: Db, who: Principal, slug: str, branch_id: str) -> dict[str, str]:
    """An address of the org's, and a lead that came as ADF."""
    await service.renew_address(db, who, AddressForm())
    inlet = service.Inlet(via="http", branch_id=Id(branch_id))
    await service.receive(db, document(slug).encode(), inlet)
    await db.flush()
    (row,) = await queries.documents(db, within=None)
    return {"document_id": str(row.id)}


def document(slug: str) -> str:
    """What a provider would send about a buyer of `slug`."""
    return (
        f'<adf><prospect><id source="{slug}">{slug}-7</id><customer><contact><name>{slug} writer</name>'
        f"<email>writer@{slug}.pk</email></contact></customer><vendorname>{slug}</vendorname></prospect></adf>"
    )


def form_for(template: str, ids: dict[str, str]) -> dict[str, str] | None:
    """What somebody would fill in on a form of the inbox; None for other pages."""
    if template == "/desk/leads-in":
        return {"branch_id": ids.get("branch_id", "")}
    found = re.fullmatch(r"/desk/(inbox|replies|turns)(?:/(.*))?", template)
    if found is None:
        return None
    lead = ids.get("lead_id", "")
    match (found[1], (found[2] or "").rpartition("/")[2]):
        case ("replies", _):
            return {"key": "newcomer", "title": "Newcomer", "body_en": "Hello"}
        case (_, "assignee"):
            return {"assignee_id": ids.get("assignee_id", "")}
        case (_, "status"):
            return {"status": "negotiating"}
        case (_, "snooze"):
            return {"choice": "tomorrow"}
        case ("turns", "mine"):
            return {"on_duty": "1"}
        case ("turns", _):
            return {"capacity": "3"}
        case (_, "pause"):
            return {"reason": "papers"}
        case (_, "branch"):
            return {"branch_id": ids.get("branch_id", "")}
        case (_, "merger"):
            return {"into_id": ids.get("second_lead_id") or lead}
        case (_, "replies"):
            return {"body": "Hello", "channel": "whatsapp"}
        case (_, "notes"):
            return {"body": "Rang twice"}
        case (_, "{entry_id:uuid}"):
            return {"outcome": "no_answer"}
        case (_, "details"):
            return {"name": "Renamed", "phone": "03001112224", "lang": "ur"}
        case (_, "new"):
            return {"name": "Newcomer", "phone": "03001112223", "branch_id": ids.get("branch_id", "")}
        case (_, "batches"):
            return {"ids": lead, "act": "archive"}
        case (_, "views"):
            return {"name": "Newcomer", "filters": '{"view":"mine"}'}
    return {}


def body_for(method: str, template: str, ids: dict[str, str]) -> dict[str, Any] | None:
    """What somebody would send to a JSON route about leads; None for other routes."""
    found = re.fullmatch(r"/(?:api/)?v1/(leads|reply-templates|lead-views|lead-rounds|duty)(?:/(.*))?", template)
    if found is None:
        return None
    lead, branch = ids.get("lead_id"), ids.get("branch_id")
    match (found[1], (found[2] or "").rpartition("/")[2]):
        case ("leads", ""):
            return {"name": "Newcomer", "phone": "03001112223", "branch_id": branch}
        case ("leads", "assign"):
            return {"assignee_id": ids.get("assignee_id")}
        case ("leads", "status"):
            return {"status": "negotiating"}
        case ("leads", "replies"):
            return {"body": "Hello", "channel": "whatsapp"}
        case ("leads", "notes"):
            return {"body": "Rang twice"}
        case ("leads", "calls" | "{entry_id:uuid}"):
            return {"outcome": "no_answer"}
        case ("leads", "snooze"):
            return {"choice": "tomorrow"}
        case ("leads", "pause"):
            return {"reason": "papers"}
        case ("leads", "branch"):
            return {"branch_id": branch}
        case ("lead-rounds", _):
            return {"turns": False}
        case ("duty", "capacity"):
            return {"capacity": 3}
        case ("duty", _):
            return {"on_duty": True}
        case ("leads", "merge"):
            return {"into_id": ids.get("second_lead_id") or lead}
        case ("leads", "bulk"):
            return {"ids": [lead], "action": "archive"}
        case ("leads", _) if method == "PATCH":
            return {"name": "Renamed"}
        case ("reply-templates", _):
            return {"key": "newcomer", "title": "Newcomer", "body_en": "Hello"}
        case ("lead-views", _):
            return {"name": "Newcomer", "filters": {"view": "mine"}}
    return {}
