"""Refusals of the catalogue."""

from app.core.errors import NotFound


class MakeUnknown(NotFound, code="make_unknown", says="We do not know that make."):
    pass
