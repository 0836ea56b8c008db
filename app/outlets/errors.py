"""Refusals of outlets."""

from app.core.errors import NotFound, Refused


class OutletGone(NotFound):
    pass


class TooManyOutlets(
    Refused, status=409, code="too_many_outlets", says="These are all the feeds you can have. Remove one first."
):
    pass
