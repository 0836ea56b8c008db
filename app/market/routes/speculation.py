"""What a browser may get ready before it is clicked: the page of a car under the pointer, the next page of results."""

from typing import Any

import msgspec
from litestar import Response, get

from app.market.caching import SPECULATION

_CARS = [f"{lang}/l/:address" for lang in ("", "/ur")]
_LISTS = [f"{lang}/cars*" for lang in ("", "/ur")]

_RULES = msgspec.json.encode(
    {
        "prerender": [{"where": {"href_matches": _CARS}, "eagerness": "moderate"}],
        "prefetch": [
            {"where": {"and": [{"href_matches": _LISTS}, {"selector_matches": "[rel~=next]"}]}, "eagerness": "moderate"}
        ],
    }
)


@get(SPECULATION, access="public", include_in_schema=False, sync_to_thread=False)
def show_speculation() -> Response[bytes]:
    """Named by a header of every page of the market, so that its HTML needs no inline script."""
    kept = {"cache-control": "public, max-age=86400"}
    return Response(_RULES, headers=kept, media_type="application/speculationrules+json")


ROUTES: list[Any] = [show_speculation]
