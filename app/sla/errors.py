"""Refusals of service levels."""

from app.core.errors import Refused


class HoursUnreadable(Refused, status=422, code="hours_unreadable", says="These hours cannot be kept."):
    """`field` is the day of the form."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(errors=[{"field": field, "message": message}])


class HoursChangedMeanwhile(
    Refused, status=412, code="changed_meanwhile", says="Somebody changed this meanwhile. Look again."
):
    def __init__(self, version: int = 0) -> None:
        super().__init__(version=version)


class AlreadyAnswered(Refused, status=409, code="already_answered", says="Somebody has answered this suggestion."):
    pass


class LastPolicy(Refused, status=409, code="last_policy", says="The last rule cannot be removed: change it instead."):
    pass
