"""Refusals of the taxonomy."""

from app.core.errors import NotFound


class PlaceUnknown(NotFound, code="place_unknown", says="We do not know that place."):
    pass


class CategoryUnknown(NotFound, code="category_unknown", says="We do not know that category."):
    pass
