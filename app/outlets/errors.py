"""Refusals of outlets."""

from app.core.errors import NotFound, Refused


class OutletGone(NotFound):
    pass


class TooManyOutlets(
    Refused, status=409, code="too_many_outlets", says="That are many outlets. Remove one nobody fetches first."
):
    pass
