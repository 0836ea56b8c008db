"""Lists of stock that are kept: one's own and the team's."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, post
from litestar.params import FromPath
from msgspec import Struct

from app.core import forms, render
from app.core.asks import Who, WithDb
from app.core.bounds import ShortText
from app.core.errors import Invalid
from app.core.forms import FormData
from app.core.i18n import _
from app.core.ids import Id
from app.desk import stock_list
from app.listings import service
from app.listings.schemas import StockFilters, StockViewForm

_AGAIN = "desk/stock/view_again.html"


class SavedForm(Struct, frozen=True, forbid_unknown_fields=True):
    """`filters` is the list's own question, as the page shows it."""

    name: ShortText
    filters: Annotated[str, msgspec.Meta(max_length=4000)]
    shared: bool = False


@post("/desk/stock/views", access="org:stock_view.save", status_code=303, **forms.again(_AGAIN))
async def create_stock_view(request: Request[Any, Any, Any], db: WithDb, who: Who, data: FormData) -> Response[Any]:
    forms.filled(request, data)
    form = forms.read(SavedForm, data)
    filters = _filters(form.filters)
    await service.save_stock_view(db, who, StockViewForm(name=form.name, filters=filters, shared=form.shared))
    return render.redirect(stock_list.address(filters), _("The view is kept."))


def _filters(text: str) -> StockFilters:
    """Raises Invalid."""
    try:
        return msgspec.json.decode(text.encode(), type=StockFilters)
    except (msgspec.MsgspecError, ValueError):
        raise Invalid([{"field": "filters", "message": _("This does not look right.")}]) from None


@post("/desk/stock/views/{stock_view_id:uuid}/removal", access="org:stock_view.save", status_code=303)
async def delete_stock_view(db: WithDb, who: Who, stock_view_id: FromPath[Id]) -> Response[Any]:
    await service.remove_stock_view(db, who, stock_view_id)
    return render.redirect("/desk/stock", _("The view is removed."))


ROUTES: list[Any] = [create_stock_view, delete_stock_view]
