"""The cost sheet of one car, for those who answer for money."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import forms, render
from app.core.asks import Who, WithDb
from app.core.forms import FormData
from app.core.i18n import _
from app.desk import cost_sheet
from app.listings import queries, service
from app.listings.schemas import COST_KINDS

_PAGE = "desk/stock/costs.html"


@get("/desk/stock/{listing_id:uuid}/costs", access="org:listing_cost.read")
async def show_costs(db: WithDb, listing_id: FromPath[UUID]) -> Response[Any]:
    sheet = await queries.costs(db, listing_id)
    car = await queries.card(db, listing_id)
    rows = cost_sheet.rows_of(sheet)
    return render.page(_PAGE, car=car, sheet=sheet, rows=rows, kinds=COST_KINDS, form=forms.EMPTY)


@post("/desk/stock/{listing_id:uuid}/costs", access="org:listing_cost.change", status_code=303, **forms.again(_PAGE))
async def update_costs(
    request: Request[Any, Any, Any], db: WithDb, who: Who, listing_id: FromPath[UUID], data: FormData
) -> Response[Any]:
    """Saved as a whole; who was slower sees what is there now beside their own."""
    sheet, rows = await queries.costs(db, listing_id), cost_sheet.rows_in(data)
    car = await queries.card(db, listing_id)
    forms.filled(request, data, car=car, sheet=sheet, rows=rows, kinds=COST_KINDS)
    given = data.get("version", "")
    version = int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else 0
    await service.write_costs(db, who, listing_id, cost_sheet.sheet_in(rows, version, COST_KINDS))
    return render.redirect(f"/desk/stock/{listing_id}/costs", _("Costs saved."))


ROUTES: list[Any] = [show_costs, update_costs]
