"""Every public page."""

from typing import Any

from app.market.routes import home, listing, results

ROUTES: list[Any] = [*home.ROUTES, *results.ROUTES, *listing.ROUTES]
