"""JSON of searches."""

from litestar import Router

from app.search.api import listings

ROUTES = Router("/", tags=["listings"], route_handlers=[*listings.ROUTES])
