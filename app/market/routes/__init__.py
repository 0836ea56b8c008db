"""Every public page."""

from typing import Any

from litestar import Router

from app.market.caching import Kept
from app.market.routes import enquiry, home, listing, results, speculation

_PAGES = [*home.ROUTES, *results.ROUTES, *listing.ROUTES, *enquiry.ROUTES]

ROUTES: list[Any] = [Router("/", route_handlers=_PAGES, middleware=[Kept]), *speculation.ROUTES]
