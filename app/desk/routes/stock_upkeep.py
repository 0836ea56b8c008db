"""A car refreshed, and two cars said not to be the same."""

from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath

from app.core import forms, render
from app.core.asks import Who, WithDb
from app.core.forms import FormData
from app.core.i18n import _
from app.listings import service
from app.listings.schemas import PartingForm


@post("/desk/stock/{listing_id:uuid}/freshness", access="org:listing.publish", status_code=303)
async def create_freshness(db: WithDb, who: Who, listing_id: FromPath[UUID]) -> Response[Any]:
    await service.refresh_listing(db, who, listing_id)
    return render.redirect(f"/desk/stock/{listing_id}", _("Refreshed: it stands among the newest again."))


@post("/desk/stock/{listing_id:uuid}/partings", access="org:listing.change", status_code=303)
async def create_parting(db: WithDb, who: Who, listing_id: FromPath[UUID], data: FormData) -> Response[Any]:
    form = forms.read(PartingForm, data)
    await service.part_listings(db, who, listing_id, other_id=form.other_id)
    return render.redirect(f"/desk/stock/{listing_id}", _("Noted: these are two cars."))


ROUTES: list[Any] = [create_freshness, create_parting]
