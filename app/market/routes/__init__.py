"""Every public page."""

from typing import Any

from litestar import Router

from app.market.caching import Kept
from app.market.routes import (
    about,
    categories,
    enquiry,
    home,
    kept,
    landing,
    listing,
    report,
    results,
    seen,
    sitemap,
    speculation,
    suggestions,
)

_PAGES = [
    *home.ROUTES, *results.ROUTES, *landing.ROUTES, *categories.ROUTES, *listing.ROUTES, *enquiry.ROUTES,
    *report.ROUTES, *kept.ROUTES, *suggestions.ROUTES, *about.ROUTES,
]  # fmt: skip

ROUTES: list[Any] = [
    Router("/", route_handlers=_PAGES, middleware=[Kept]),
    *speculation.ROUTES,
    *sitemap.ROUTES,
    *seen.ROUTES,
]
