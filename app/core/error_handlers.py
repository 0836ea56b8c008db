"""How a refusal or a fault is told: problem JSON, a page, or a small fragment for htmx."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import msgspec
import structlog
from litestar import Request, Response
from markupsafe import escape
from msgspec import Struct

from app.core.problems import Problem, problem_of

log = structlog.get_logger(__name__)

Headers = list[tuple[bytes, bytes]]
PROBLEM_JSON = "application/problem+json"
HTML = "text/html; charset=utf-8"
SIGN_IN = "/sign-in"
_JSON_PATHS = ("/api/", "/schema/", "/healthz", "/readyz", "/readiness", "/metrics")


class ErrorView(Struct, frozen=True, kw_only=True):
    """What an error template may show."""

    status: int
    code: str
    says: str
    request_id: str
    errors: tuple[dict[str, str], ...] = ()


Show = Callable[[Any, ErrorView, bool], str | None]
"""(ASGI scope, what to show, as a fragment) to HTML in the visitor's language; None when it cannot."""

Speak = Callable[[str, Any], str]
"""(msgid, ASGI scope) to a sentence in the visitor's language."""

_show: Show | None = None
_speak: Speak = lambda says, _scope: says  # noqa: E731


def install(*, show: Show | None, speak: Speak | None = None) -> None:
    """Give errors their templates and their languages."""
    global _show, _speak
    _show = show
    if speak is not None:
        _speak = speak


def handle(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Litestar's handler of every exception."""
    problem = problem_of(error)
    note(problem, error, request.scope)
    status, headers, body = answer(problem, request.scope)
    kept = {name.decode(): value.decode("latin-1") for name, value in headers}
    # the framework adds the charset to text by itself
    media_type = kept.pop("content-type", HTML).partition(";")[0]
    return Response(body, status_code=status, headers=kept, media_type=media_type)


def note(problem: Problem, error: BaseException, scope: Any) -> None:
    """Log what somebody has to look at; refusals are ordinary and are counted elsewhere."""
    if problem.grave:
        log.error("fault", path=_template(scope), code=problem.code, exc_info=error)
    elif problem.noted:
        log.warning("refused", path=_template(scope), code=problem.code, error=type(error).__name__)


def answer(problem: Problem, scope: Any) -> tuple[int, Headers, bytes]:
    """Status, headers and body in the form this client understands; also used before routing."""
    request_id = scope.get("state", {}).get("request_id", "")
    says = _said(problem.says, scope)
    errors = tuple({**item, "message": _said(item["message"], scope)} for item in problem.errors)
    problem = msgspec.structs.replace(problem, errors=errors)
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in problem.headers.items()]
    if wants_json(scope):
        body = problem_json(problem, says, request_id)
        return problem.status, [(b"content-type", PROBLEM_JSON.encode()), *headers], body
    fragment = _header(scope, b"hx-request") == "true"
    if problem.status == HTTPStatus.UNAUTHORIZED:
        return _to_sign_in(scope, headers, fragment=fragment)
    if problem.code == "csrf":
        headers.append((b"hx-trigger", b"csrf:expired"))
    view = ErrorView(status=problem.status, code=problem.code, says=says, request_id=request_id, errors=problem.errors)
    if fragment:  # said beside what was asked for, never in its place
        headers += [(b"hx-retarget", b"#toasts"), (b"hx-reswap", b"beforeend")]
    body = _page(scope, view, fragment=fragment).encode()
    return problem.status, [(b"content-type", HTML.encode()), (b"vary", b"HX-Request, Accept"), *headers], body


def problem_json(problem: Problem, says: str, request_id: str) -> bytes:
    """RFC 9457."""
    return msgspec.json.encode(
        {
            "type": f"urn:problem:{problem.code}",
            "title": HTTPStatus(problem.status).phrase,
            "status": problem.status,
            "detail": says,
            "code": problem.code,
            "request_id": request_id,
            "errors": problem.errors,
            **{name: value for name, value in problem.extra.items() if name not in _RESERVED},
        },
        enc_hook=str,
    )


_RESERVED = frozenset({"type", "title", "status", "detail", "code", "request_id", "errors"})


def wants_json(scope: Any) -> bool:
    """By path first, then by what the client says it accepts."""
    path = scope.get("path", "")
    if path.startswith(_JSON_PATHS):
        return True
    accept = _header(scope, b"accept")
    return "json" in accept and "text/html" not in accept


def safe_next(target: str | None, default: str = "/") -> str:
    """A path of our own to go on to after signing in; anything that could leave this site becomes the default."""
    if not target or len(target) > 512 or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    if any(ord(char) < 33 or char in "\\\x7f" for char in target) or not target.isascii():
        return default
    return target


def _to_sign_in(scope: Any, headers: Headers, *, fragment: bool) -> tuple[int, Headers, bytes]:
    path = scope.get("path", "/")
    if scope.get("method") == "GET" and not fragment:
        query = scope.get("query_string", b"").decode("latin-1")
        target = safe_next(quote(path, safe="/:@-._~!$&'()*+,;=") + (f"?{query}" if query else ""))
    else:
        target = "/"
    location = SIGN_IN if target == "/" else f"{SIGN_IN}?next={quote(target, safe='/')}"
    if fragment:
        return 401, [*headers, (b"hx-redirect", location.encode())], b""
    return 303, [*headers, (b"location", location.encode())], b""


def _said(says: str, scope: Any) -> str:
    try:
        return _speak(says, scope)
    except Exception:
        log.exception("error_not_translated")
        return says


def _page(scope: Any, view: ErrorView, *, fragment: bool) -> str:
    if _show is not None:
        try:
            shown = _show(scope, view, fragment)
        except Exception:
            log.exception("error_page_failed", code=view.code)
        else:
            if shown is not None:
                return shown
    line = f"<p role=alert>{escape(view.says)} <small>{escape(view.request_id)}</small></p>"
    if fragment:
        return line
    return f"<!doctype html><meta charset=utf-8><title>{view.status}</title><h1>{view.status}</h1>{line}"


def _template(scope: Any) -> str:
    template: str = scope.get("path_template") or ""
    return template or "(unrouted)"


def _header(scope: Any, wanted: bytes) -> str:
    for name, value in scope.get("headers", ()):
        if name == wanted:
            found: str = value.decode("latin-1").lower()
            return found
    return ""
