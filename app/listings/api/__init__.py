"""JSON of stock: the market's search, one listing, and the org's own stock with every change to it."""

from litestar import Router

from app.listings.api import batches, costs, listings, market, moves, photos, upkeep, views
from app.listings.api.asked import asked_of, provide_asked

ROUTES = Router(
    "/",
    tags=["listings"],
    route_handlers=[
        *market.ROUTES,
        *listings.ROUTES,
        *moves.ROUTES,
        *costs.ROUTES,
        *batches.ROUTES,
        *views.ROUTES,
        *upkeep.ROUTES,
        *photos.ROUTES,
    ],
)

__all__ = ["ROUTES", "asked_of", "provide_asked"]
