"""One table from exceptions to what the client is told. Nothing of a stack, a statement or a foreign id leaves."""

import asyncio
from types import TracebackType
from typing import Any

import asyncpg
import msgspec
from litestar.exceptions import ClientException, HTTPException, InternalServerException, ValidationException
from msgspec import Struct
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core.errors import Refused
from app.core.i18n import _

_UNREADABLE = _("We could not read that request.")
_FAULT = _("Something broke on our side. We have been told.")
_AWAY = _("We cannot do that this moment. Please try again shortly.")


class Problem(Struct, frozen=True, kw_only=True):
    """What to answer. `grave` means somebody has to look; `noted` is worth a line in the log."""

    status: int
    code: str
    says: str
    errors: tuple[dict[str, str], ...] = ()
    extra: dict[str, Any] = {}
    headers: dict[str, str] = {}
    grave: bool = False
    noted: bool = False


FAULT = Problem(status=500, code="fault", says=_FAULT, grave=True)
UNREADABLE = Problem(status=400, code="bad_request", says=_UNREADABLE)

_BY_STATUS = {
    400: ("bad_request", _UNREADABLE),
    401: ("sign_in_needed", _("Please sign in.")),
    403: ("forbidden", _("Your role does not allow that.")),
    404: ("not_found", _("We could not find that.")),
    405: ("method_not_allowed", _("That cannot be done here.")),
    406: ("not_acceptable", _("We cannot answer in that format.")),
    409: ("conflict", _("That was changed meanwhile.")),
    413: ("too_large", _("That is too large.")),
    415: ("unsupported_type", _("We do not accept that kind of content here.")),
    422: ("invalid", _("Please check the marked fields.")),
    429: ("too_many", _("Too many requests. Wait a moment and try again.")),
}


def problem_of(error: BaseException) -> Problem:
    """The answer to an exception, whatever it is.

    Litestar groups what rises while it tidies up after a request, such as a rollback on a line that was cut.
    """
    if isinstance(error, BaseExceptionGroup):
        return max(map(problem_of, error.exceptions), key=lambda problem: (problem.status == 500, problem.status))
    if isinstance(error, Refused):
        return _refusal(error)
    if isinstance(error, HTTPException):
        return _of_framework(error)
    if isinstance(error, msgspec.ValidationError):
        return _plain(422, errors=(_field_error(str(error)),))
    state = sqlstate_of(error)
    if state is not None:
        return _of_database(state, error)
    if _is_outage(error):
        return _away(grave=False)
    return UNREADABLE if _is_parse_error(error) else FAULT


def sqlstate_of(error: BaseException) -> str | None:
    """SQLSTATE of a database error, however deeply it is wrapped."""
    seen: BaseException | None = error
    for _depth in range(6):
        if seen is None:
            return None
        state = getattr(seen, "sqlstate", None) or getattr(seen, "pgcode", None)
        if isinstance(state, str) and len(state) == 5:
            return state
        seen = getattr(seen, "orig", None) or seen.__cause__
    return None


def _refusal(error: Refused) -> Problem:
    extra = dict(error.extra)
    errors = tuple(extra.pop("errors", ()))
    headers = {"Retry-After": str(extra["retry_after"])} if "retry_after" in extra else {}
    return Problem(status=error.status, code=error.code, says=error.says, errors=errors, extra=extra, headers=headers)


def _plain(status: int, *, errors: tuple[dict[str, str], ...] = (), headers: dict[str, str] | None = None) -> Problem:
    code, says = _BY_STATUS.get(status, _BY_STATUS[400])
    return Problem(status=status, code=code, says=says, errors=errors, headers=headers or {})


def _of_framework(error: HTTPException) -> Problem:
    if isinstance(error, ValidationException):
        return _plain(422, errors=_validation_errors(error))
    if isinstance(error, InternalServerException):
        # the framework's word for a client that hung up while it was sending
        return UNREADABLE if "disconnected" in error.detail else FAULT
    if isinstance(error, ClientException) and error.detail == "Request Entity Too Large":
        return _plain(413)
    if error.status_code >= 500:
        return FAULT
    kept = {name: value for name, value in (error.headers or {}).items() if name.lower() in ("allow", "retry-after")}
    return _plain(error.status_code, headers=kept)


def _validation_errors(error: ValidationException) -> tuple[dict[str, str], ...]:
    extra = error.extra if isinstance(error.extra, list) else []
    return tuple(
        {"field": str(item.get("key", "")), "message": str(item.get("message", ""))}
        for item in extra
        if isinstance(item, dict)
    )


def _field_error(message: str) -> dict[str, str]:
    says, _, where = message.partition(" - at `$")
    return {"field": where.rstrip("`").removeprefix("."), "message": says}


def _away(*, grave: bool) -> Problem:
    return Problem(status=503, code="unavailable", says=_AWAY, headers={"Retry-After": "2"}, grave=grave, noted=True)


def _of_database(state: str, error: BaseException) -> Problem:
    """SQLSTATE classes; a value the database had to refuse (22, 23 without a unique key) is a hole in our bounds."""
    kind = state[:2]
    if state in ("23505", "23P01"):
        return Problem(status=409, code="conflict", says="That already exists.")
    if state == "23503":
        if "is not present" in str(getattr(error, "orig", error)):
            return _plain(404)
        return Problem(status=409, code="in_use", says="Something else still depends on that.")
    if kind in ("22", "23"):
        code, says = _BY_STATUS[422]
        return Problem(status=422, code=code, says=says, noted=True)
    if state in ("40001", "40P01", "55P03", "25006") or kind in ("08", "53", "57", "58", "28", "3D"):
        return _away(grave=state == "25006")
    return FAULT


_MISTAKES = (FileNotFoundError, FileExistsError, PermissionError, IsADirectoryError, NotADirectoryError)


def _is_outage(error: BaseException) -> bool:
    """Something we need is away. Missing files are our own mistake, not an outage."""
    if isinstance(
        error, FileNotFoundError | PermissionError | IsADirectoryError | NotADirectoryError | FileExistsError
    ):
        return False
    causes = (OSError, TimeoutError, asyncio.TimeoutError, PoolTimeout, asyncpg.InterfaceError)
    if isinstance(error, (*causes, asyncpg.InternalClientError)):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(
            error.orig.__cause__ if error.orig else None, (*causes, asyncpg.InternalClientError)
        )
    return False


_PARSERS = (
    "litestar/_parsers.py",
    "litestar/_multipart.py",
    "litestar/_kwargs/",
    "litestar/_asgi/",
    "litestar/connection/",
    "litestar/datastructures/",
    "litestar/serialization/",
    "litestar/_signature/",
    "/multipart.py",
)
_LIBRARY = ("/urllib/", "/http/cookies.py", "/email/", "/codecs.py", "/encodings/", "/re/", "/json/", "/ipaddress.py")


def _is_parse_error(error: BaseException) -> bool:
    """Broken input that the framework lets rise as a bare exception, told from our bugs by where it rose."""
    if not isinstance(error, UnicodeError | RecursionError | RuntimeError | TypeError | LookupError | OverflowError):
        return False
    for file in reversed(_files(error.__traceback__)):
        if any(part in file for part in _PARSERS):
            return True
        if not any(part in file for part in _LIBRARY):
            return False
    return False


def _files(trace: TracebackType | None) -> list[str]:
    files = []
    while trace is not None:
        files.append(trace.tb_frame.f_code.co_filename.replace("\\", "/"))
        trace = trace.tb_next
    return files
