"""What a page tells when somebody looks at it. No cookie, no name: only which cars, counted in memory."""

import base64
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import JSONBody
from msgspec import Meta

from app.analytics import rules
from app.analytics.service import tally
from app.core import security
from app.core.bounds import Input, PathInt
from app.core.ids import Id
from app.listings.schemas import ListingSearchForm

_DOT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_FILTERS = frozenset(ListingSearchForm.__struct_fields__) - {"q", "page", "facets"}

Number = Annotated[int, Meta(ge=1, le=2**53)]
Numbers = Annotated[tuple[Number, ...], Meta(max_length=200)]
Asking = Request[Any, Any, Any]


class SeenForm(Input, frozen=True, kw_only=True):
    """`view`: cars whose page was shown, `card`: by the card in its window. `shown` and `opened`: cars of lists."""

    view: Numbers = ()
    card: Numbers = ()
    shown: Numbers = ()
    opened: Numbers = ()
    filters: Annotated[tuple[str, ...], Meta(max_length=40)] = ()


@post("/seen", access="public", status_code=204)
async def create_seen(request: Asking, data: JSONBody[SeenForm]) -> None:
    """From a page that was shown: one got ready and never looked at says nothing."""
    if not _counts(request):
        return
    reader = _reader(request)
    for number in {*data.view, *data.card}:
        _viewed(number, reader, card=number in data.card)
    for what, numbers in (("impressions", data.shown), ("clicks", data.opened)):
        for number in set(numbers):
            tally().car(what, number, reader)
    for name in data.filters:
        if name in _FILTERS:
            tally().other("filter", name)


@get("/seen/{number:int}", access="public")
async def show_seen(request: Asking, number: PathInt) -> Response[bytes]:
    """A dot that a page without scripts asks for when it is shown."""
    if _counts(request):
        _viewed(number, _reader(request), card=False)
    return Response(_DOT, media_type="image/gif")


def _viewed(number: int, reader: Id | None, *, card: bool) -> None:
    tally().car("views", number, reader)
    tally().other("page", "car")
    if card:
        tally().car("card_views", number, reader)


def led(request: Asking, source: str, number: int) -> None:
    """Somebody asked about a car."""
    reader = _reader(request)
    if (what := rules.LEADS.get(source)) is not None:
        tally().car(what, number, reader)
        if "from=card" in request.headers.get("referer", "").partition("?")[2].split("&"):
            tally().car("card_leads", number, reader)


def _counts(request: Asking) -> bool:
    """Robots do not, nor what a browser gets ready by itself."""
    return not (rules.is_robot(request.headers.get("user-agent", "")) or "sec-purpose" in request.headers)


def _reader(request: Asking) -> Id | None:
    who = security.principal_of(request)
    return who.org_id if who is not None else None


ROUTES: list[Any] = [create_seen, show_seen]
