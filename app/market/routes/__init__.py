"""Every public page."""

from typing import Any

from app.market.routes import enquiry, home, kept, listing, report, results, suggestions

ROUTES: list[Any] = [
    *home.ROUTES, *results.ROUTES, *suggestions.ROUTES, *listing.ROUTES, *enquiry.ROUTES, *report.ROUTES, *kept.ROUTES,
]  # fmt: skip
