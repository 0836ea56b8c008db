"""Outlets in the tenancy world: each dealer's own."""

from typing import Any

from app.analytics import service as analytics
from app.analytics.schemas import ScreenForm
from app.core import db
from app.core.base import Scope
from app.core.security import Principal
from app.outlets import service
from app.outlets.schemas import OutletForm

# Answered with an address that the walk does not hold; its own tests do.
NOT_SERVED = {
    "GET /api/v1/outlets/feed/{address:str}",
    "GET /board/{token:uuid}", "GET /board/{token:uuid}/region",
}  # fmt: skip


async def outlet_of(who: Principal, scope: Scope, slug: str) -> dict[str, str]:
    async with db.unit(scope) as session:
        outlet_id = await service.open_outlet(session, who, OutletForm(name=f"{slug} feed", kind="csv"))
        screen_id, _token = await analytics.open_screen(session, who, ScreenForm(name=f"{slug} hall"))
        return {"outlet_id": str(outlet_id), "screen_id": str(screen_id)}


def body_for(method: str, template: str) -> dict[str, Any] | None:
    """JSON of a route about outlets."""
    return {
        "/api/v1/outlets": {"name": "Portal", "kind": "xml"},
        "/api/v1/board/screens": {"name": "Hall"},
        "/api/v1/outlets/{outlet_id:uuid}": {"name": "Portal"} if method == "PATCH" else None,
    }.get(template)


def form_for(template: str) -> dict[str, str] | None:
    """The same on the pages."""
    return {
        "/desk/outlets": {"name": "Portal", "kind": "xml"},
        "/desk/board/screens": {"name": "Hall"},
        "/desk/outlets/{outlet_id:uuid}": {"name": "Portal"},
    }.get(template)
