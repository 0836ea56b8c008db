"""Leads by e-mail and XML: the addresses other systems send to, and what became of what they sent."""

from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import forms, render, settings
from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.forms import FormData
from app.core.i18n import _
from app.core.ids import Id
from app.core.security import Principal, may
from app.leads import queries, service
from app.leads.errors import UNREADABLE
from app.leads.schemas import AddressForm
from app.orgs import queries as orgs

_PAGE = "desk/leads_in/page.html"


@get("/desk/leads-in", access="org:lead.read")
async def show_leads_in(db: WithDb, who: Who) -> Response[Any]:
    return render.page(_PAGE, **await _shown(db, who), form=forms.EMPTY)


async def _shown(db: Db, who: Principal) -> dict[str, Any]:
    """Addresses are secrets of who may change them; the others see what came."""
    heads = may(who.role, "lead_source.change")
    return {
        "heads": heads,
        "addresses": await queries.addresses(db) if heads else [],
        "branches": (await orgs.branches(db, limit=100)).items if heads else [],
        "documents": await queries.documents(db, within=who.branch_id),
        "reads": may(who.role, "lead_document.read"),
        "reasons": UNREADABLE,
        "link": f"{settings.current().base_url}/api/v1/leads/adf/",
    }


@post("/desk/leads-in", access="org:lead_source.change", status_code=303, **forms.again(_PAGE))
async def create_address(request: Request[Any, Any, Any], db: WithDb, who: Who, data: FormData) -> Response[Any]:
    form = forms.read(AddressForm, forms.filled(request, data, **await _shown(db, who)))
    await service.renew_address(db, who, form)
    return render.redirect("/desk/leads-in", _("The new address works. An old one does not any more."))


@get("/desk/leads-in/{document_id:uuid}", access="org:lead_document.read")
async def show_original(db: WithDb, who: Who, document_id: FromPath[Id]) -> Response[str]:
    """What came, as a file: never shown as a page, whatever it holds."""
    found = await queries.original(db, document_id, within=who.branch_id)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(found.name)}"}
    return Response(found.text, headers=headers, media_type="text/plain")


ROUTES: list[Any] = [show_leads_in, create_address, show_original]
