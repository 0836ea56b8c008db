"""JSON of searches."""

from litestar import Router

from app.search.api import listings, suggestions

ROUTES = Router(
    "/", route_handlers=[Router("/", tags=["listings"], route_handlers=[*listings.ROUTES]), *suggestions.ROUTES]
)
