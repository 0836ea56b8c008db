"""Every public page."""

from typing import Any

from app.market.routes import enquiry, home, listing, results, suggestions

ROUTES: list[Any] = [*home.ROUTES, *results.ROUTES, *listing.ROUTES, *enquiry.ROUTES, *suggestions.ROUTES]
