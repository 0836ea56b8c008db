"""JSON of searching, for anybody."""

from app.search.api import suggestions

ROUTES = (*suggestions.ROUTES,)
