"""The outermost layer: what every connection passes before routing, and what every answer carries."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from app.core.edge import csrf
from app.core.edge.address import client_address, parse_networks
from app.core.edge.headers import SecurityHeaders
from app.core.edge.hosts import Hosts, values
from app.core.edge.refusals import BadRequest, PathUnknown, UriTooLong
from app.core.error_handlers import answer, note
from app.core.errors import Refused
from app.core.problems import FAULT, Problem, problem_of
from app.core.request_ids import request_id_of
from app.core.settings import Settings, SettingsError

Scope = Any
Receive = Any
Send = Any
App = Callable[[Any, Any, Any], Awaitable[None]]

MAX_PATH = 2048
MAX_QUERY = 8192
MAX_PARAMETERS = 200
# what an honest browser never sends in a path: control characters, encoded slashes, undecodable bytes
_BAD_PATH = re.compile(r"[\x00-\x1f\x7f\\\ufffd\ud800-\udfff]|(?:^|/)\.\.?(?:/|$)")
_BAD_RAW_PATH = re.compile(rb"%(?:2f|5c|00)|[^\x21-\x7e]", re.IGNORECASE)
_BAD_QUERY = re.compile(rb"%00|[^\x21-\x7e]")
_BAD_HEADER = re.compile(rb"[\x00\r\n]")


class Front:
    """Request id, host, address, sane URL, socket origin; security headers on the way back; no fault escapes."""

    def __init__(self, app: App, settings: Settings, *, style_hashes: tuple[str, ...] = ()) -> None:
        self._app = app
        self._hosts = Hosts(settings)
        self._headers = SecurityHeaders(settings, style_hashes)
        self._cookie = csrf.cookie_name(secure=settings.secure)
        self._secret = settings.secret_key
        try:
            self._trusted = parse_networks(settings.trusted_proxies)
        except ValueError as error:
            raise SettingsError(f"TRUSTED_PROXIES is malformed: {error}") from None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state.setdefault("request_id", request_id_of(scope["headers"]))
        peer = scope.get("client")
        forwarded = values(scope["headers"], b"x-forwarded-for")
        state["address"] = client_address(peer[0] if peer else None, forwarded, self._trusted)
        scope["client"] = (state["address"], peer[1] if peer else 0)
        cookie = session_cookie(scope, self._cookie)
        state["csrf_token"] = csrf.token_for(self._secret, cookie) if cookie else ""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._request(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_with_headers(message: Any) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = self._headers.add(message.get("headers", ()), scope["state"]["request_id"])
                message = {**message, "headers": headers}
            await send(message)

        try:
            self._hosts.check(scope["headers"])
            _check_url(scope)
            self._check_cookie(scope)
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            problem = problem_of(error)
            note(problem, error, scope)
            if started:
                # too late to say anything: the server cuts the connection, so that half an answer is not taken whole
                raise
            await _tell(problem, scope, send_with_headers)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._hosts.check(scope["headers"])
            _check_url(scope)
            self._check_cookie(scope)
            csrf.check_socket_origin(self._hosts, scope["headers"], has_cookie=has_cookie(scope, self._cookie))
        except Refused:
            await receive()
            await send({"type": "websocket.close", "code": 4403, "reason": ""})
            return
        await self._app(scope, receive, send)

    def _check_cookie(self, scope: Scope) -> None:
        """Two different sessions in one request: a neighbouring site has planted one."""
        if len(set(_cookies(scope, self._cookie))) > 1:
            raise BadRequest


def has_cookie(scope: Any, wanted: str) -> bool:
    """Whether the browser sent our session cookie, valid or not."""
    return session_cookie(scope, wanted) is not None


def session_cookie(scope: Any, wanted: str) -> str | None:
    """The value as it was sent, if there is one."""
    found = _cookies(scope, wanted)
    return found[-1] if found else None


def _cookies(scope: Any, wanted: str) -> list[str]:
    pairs = [
        pair.strip().partition("=") for header in values(scope["headers"], b"cookie") for pair in header.split(";")
    ]
    return [value for name, _, value in pairs if name == wanted and value]


def _check_url(scope: Scope) -> None:
    path, raw, query = scope["path"], scope.get("raw_path") or b"", scope.get("query_string", b"")
    if len(path) > MAX_PATH or len(raw) > 3 * MAX_PATH:
        raise UriTooLong
    if not path.startswith("/") or _BAD_PATH.search(path) or _BAD_RAW_PATH.search(raw):
        raise PathUnknown
    if len(query) > MAX_QUERY or query.count(b"&") >= MAX_PARAMETERS or _BAD_QUERY.search(query):
        raise BadRequest
    if any(_BAD_HEADER.search(value) for _, value in scope["headers"]):
        raise BadRequest


async def _tell(problem: Problem, scope: Scope, send: Send) -> None:
    try:
        status, headers, body = answer(problem, scope)
    except Exception as error:  # noqa: BLE001 - the very last resort
        note(FAULT, error, scope)
        status, headers, body = 500, [(b"content-type", b"text/plain")], b"Something broke on our side."
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope.get("method") == "HEAD" else body})
