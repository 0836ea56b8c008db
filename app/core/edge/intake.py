"""After routing, before the handler: rate, origin, content type, size, form fields, token."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, cast
from urllib.parse import parse_qsl

from litestar._multipart import parse_content_header, parse_multipart_form
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException
from litestar.handlers import BaseRouteHandler
from litestar.params import BodyKwarg
from litestar.utils.scope.state import ScopeState

from app.core.edge import csrf
from app.core.edge.front import App, Receive, Scope, Send, session_cookie
from app.core.edge.hosts import Hosts, values
from app.core.edge.limits import LimitName
from app.core.edge.ratelimit import Limiter
from app.core.edge.refusals import BadRequest, TooLarge, WrongType
from app.core.errors import Invalid
from app.core.settings import Settings

FORM, MULTIPART, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"
KEY_FIELD = "_idempotency_key"
BODY_LIMITS = {JSON: 16 * 1024, FORM: 64 * 1024, MULTIPART: 2 * 1024 * 1024}
MAX_BODY = 2 * 1024 * 1024
MAX_FIELDS = 100
MAX_DEPTH = 64
FREE_PATHS = ("/static/", "/media/", "/healthz", "/readyz", "/readiness", "/metrics", "/favicon.ico")

# NUL and the characters that reorder the text around them, written out or as escapes
_UNFIT = re.compile(
    rb"\x00|(?<!\\)(?:\\\\)*\\u(?:0000|202[a-e]|206[6-9])|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]", re.IGNORECASE
)
_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


class Intake:
    """Litestar middleware. A route may say `limit=`, `body_limit=` (bytes) and `takes=` (content types) itself."""

    def __init__(self, app: App, *, settings: Settings, limiter: Callable[[], Limiter]) -> None:
        self._app = app
        self._hosts = Hosts(settings)
        self._secret = settings.secret_key
        self._cookie = csrf.cookie_name(secure=settings.secure)
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        handler: BaseRouteHandler = scope["route_handler"]
        unsafe = scope["type"] == "http" and scope["method"] not in csrf.SAFE_METHODS
        cookie = session_cookie(scope, self._cookie) if unsafe and not _bearer(scope) else None
        if unsafe:
            # before the limit, or another site could use up the visitor's share
            csrf.check_origin(self._hosts, scope["headers"], has_cookie=cookie is not None)
        limit = _limit_of(scope, handler)
        if limit is not None:
            await self._limiter().take(limit, address=scope["state"]["address"])
        if unsafe:
            receive = await self._check(scope, handler, receive, cookie)
        await self._app(scope, receive, send)

    async def _check(self, scope: Scope, handler: BaseRouteHandler, receive: Receive, cookie: str | None) -> Receive:
        headers = scope["headers"]
        kind, options = _content_type(scope)
        _check_type(scope, handler, kind)
        limit = handler.opt.get("body_limit") or BODY_LIMITS.get(kind, MAX_BODY)
        _check_length(headers, limit)
        body = Body(receive, limit)
        fields: Mapping[str, Any] = {}
        if kind == MULTIPART:
            fields = await _parse_multipart(body, options.get("boundary", ""))
        elif kind == FORM:
            fields = _parse_form(await body.read())
        elif kind == JSON:
            _check_json(await body.read())
        if cookie is not None:
            given = next(iter(values(headers, csrf.HEADER.encode())), None)
            csrf.check_token(self._secret, cookie, given or fields.get(csrf.FIELD))
        parsed = ScopeState.from_scope(cast(Any, scope))
        if kind in (FORM, MULTIPART):
            scope["state"]["idempotency_key"] = fields.get(KEY_FIELD)
            # ours, not the framework's cached parse: that cache would keep passwords and hand out a shared dict
            parsed.form = {name: value for name, value in fields.items() if name not in (csrf.FIELD, KEY_FIELD)}
        if body.whole is not None:
            parsed.body = body.whole
        return body.receive


class Body:
    """The request's body with a ceiling; can be read once and then handed on."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit
        self.whole: bytes | None = None

    async def receive(self) -> Any:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise TooLarge
        return message

    async def stream(self) -> Any:
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise BadRequest
            if message.get("body"):
                yield message["body"]
            if not message.get("more_body"):
                return

    async def read(self) -> bytes:
        self.whole = b"".join([chunk async for chunk in self.stream()])
        return self.whole


def _limit_of(scope: Scope, handler: BaseRouteHandler) -> LimitName | None:
    named: LimitName | None = handler.opt.get("limit")
    if named is not None:
        return named
    path: str = scope["path"]
    if path.startswith(FREE_PATHS):
        return None
    if scope["type"] == "websocket":
        return "live"
    return "api" if path.startswith("/api/") else "page"


def _bearer(scope: Scope) -> bool:
    """A browser cannot be made to send this header to us from another site, so it needs no token beside it."""
    return any(value.lower().startswith("bearer ") for value in values(scope["headers"], b"authorization"))


def _content_type(scope: Scope) -> tuple[str, dict[str, str]]:
    found = values(scope["headers"], b"content-type")
    if len(found) > 1:
        raise BadRequest
    kind, options = parse_content_header(found[0]) if found else ("", {})
    return kind, options


def _check_type(scope: Scope, handler: BaseRouteHandler, kind: str) -> None:
    if any(value.strip().lower() not in ("", "identity") for value in values(scope["headers"], b"content-encoding")):
        raise WrongType
    if not kind and not _has_body(scope):
        return
    if kind not in _accepted(handler):
        raise WrongType


def _has_body(scope: Scope) -> bool:
    lengths = values(scope["headers"], b"content-length")
    return bool(values(scope["headers"], b"transfer-encoding")) or any(length.strip() != "0" for length in lengths)


@lru_cache(4096)
def _accepted(handler: BaseRouteHandler) -> frozenset[str]:
    takes = handler.opt.get("takes")
    if takes is not None:
        return frozenset([takes] if isinstance(takes, str) else takes)
    data = handler.parsed_data_field
    if data is None:
        return frozenset({FORM, MULTIPART, JSON})
    kind = data.kwarg_definition.media_type if isinstance(data.kwarg_definition, BodyKwarg) else JSON
    if kind == RequestEncodingType.JSON:
        return frozenset({JSON})
    # a form may always be sent as either: multipart is what a browser does as soon as there is a file field
    return frozenset(
        {str(getattr(kind, "value", kind)), MULTIPART}
        if kind == RequestEncodingType.URL_ENCODED
        else {str(getattr(kind, "value", kind))}
    )


def _check_length(headers: Any, limit: int) -> None:
    for value in values(headers, b"content-length"):
        if not value.isascii() or not value.isdigit():
            raise BadRequest
        if len(value) > 15 or int(value) > limit:
            raise TooLarge


def _parse_form(body: bytes) -> dict[str, Any]:
    if body.count(b"&") >= MAX_FIELDS:
        raise TooLarge
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict")
    except (UnicodeError, ValueError):
        raise BadRequest from None
    return _gather(pairs)


def _gather(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    gathered: dict[str, Any] = {}
    for name, value in pairs:
        if name in gathered:
            before = gathered[name]
            gathered[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            gathered[name] = value
    return gathered


async def _parse_multipart(body: Body, boundary: str) -> dict[str, Any]:
    if not boundary or len(boundary) > 200 or not boundary.isascii():
        raise BadRequest
    try:
        return dict(await parse_multipart_form(body.stream(), boundary.encode(), multipart_form_part_limit=MAX_FIELDS))
    except ClientException as error:
        raise (TooLarge if error.detail == "Request Entity Too Large" else BadRequest) from None
    except (UnicodeError, LookupError, ValueError, TypeError, RuntimeError):
        raise BadRequest from None


def _check_json(body: bytes) -> None:
    """Depth, and characters no text field may hold; the decoder does the rest."""
    if _UNFIT.search(body):
        raise Invalid(errors=[{"field": "", "message": "Some characters cannot be used."}])
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return
    depth = 0
    for token in _STRUCTURE.finditer(body):
        sign = token.group()
        if sign in (b"[", b"{"):
            depth += 1
            if depth > MAX_DEPTH:
                raise BadRequest
        elif sign in (b"]", b"}"):
            depth -= 1
