"""Refusals: normal outcomes with a status, a stable code and a sentence a person can use."""

from typing import Any, ClassVar


class Refused(Exception):
    """Base of every refusal; keyword arguments travel in the problem document beside `code`.

    `says` is an English msgid of the catalogue: it is translated where it is shown.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "refused"
    says: ClassVar[str] = "That is not possible."

    def __init_subclass__(cls, *, status: int | None = None, code: str | None = None, says: str | None = None) -> None:
        if status is not None:
            cls.status = status
        if code is not None:
            cls.code = code
        if says is not None:
            cls.says = says

    def __init__(self, **extra: Any) -> None:
        super().__init__(self.says)
        self.extra = extra


class NotFound(Refused, status=404, code="not_found", says="We could not find that."):
    """Missing, or not yours: the two are one."""


class Forbidden(Refused, status=403, code="forbidden", says="Your role does not allow that."):
    pass


class SignInNeeded(Refused, status=401, code="sign_in_needed", says="Please sign in."):
    pass


class Invalid(Refused, status=422, code="invalid", says="Please check the marked fields."):
    """`errors` is a list of {field, message}; messages are msgids."""

    def __init__(self, errors: list[dict[str, str]] | None = None, **extra: Any) -> None:
        super().__init__(errors=errors or [], **extra)
