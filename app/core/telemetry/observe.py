"""ASGI middleware: request id, span, metrics and the access log. Outermost, so that it sees every answer."""

from collections.abc import Awaitable, Callable, MutableMapping
from time import perf_counter
from typing import Any

import structlog

from app.core.request_ids import request_id_of
from app.core.telemetry import metrics, traces

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Asked every few seconds by machines: counted, and logged only when the answer is bad.
_QUIET = frozenset({"/healthz", "/readyz", "/readiness", "/metrics"})
UNMATCHED = "(unmatched)"


class Observe:
    """`scope["state"]["request_id"]` is kept when an outer layer set it, made here when not.

    What it logs is the route's template, never the path or the query: those may hold tokens.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    def __getattr__(self, name: str) -> Any:
        """Everything else is the wrapped application's, so that tests and the CLI can look at its routes."""
        if name == "app":
            raise AttributeError(name)
        return getattr(self.app, name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        status, received, sent = 500, 0, 0

        async def counted_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message

        async def counted_send(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                sent += len(message.get("body", b""))
            await send(message)

        request_id = _request_id(scope)
        with (
            structlog.contextvars.bound_contextvars(request_id=request_id),
            traces.span(method, kind="server", traceparent=_traceparent(scope), request_id=request_id) as span,
        ):
            try:
                await self.app(scope, counted_receive, counted_send)
            finally:
                seconds = perf_counter() - started
                route = scope.get("path_template") or UNMATCHED
                metrics.REQUESTS.labels(method, route, status).inc()
                metrics.DURATION.labels(method, route, status).observe(seconds)
                if span.is_recording():
                    span.update_name(f"{method} {route}")
                    span.set_attribute("http.route", route)
                    span.set_attribute("http.response.status_code", status)
                if route not in _QUIET or status >= 400:
                    structlog.get_logger().info(
                        "request",
                        method=method,
                        route=route,
                        status=status,
                        duration_ms=round(seconds * 1000, 2),
                        bytes_in=received,
                        bytes_out=sent,
                        **_who(scope),
                    )

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        code: int | None = None

        async def seen_receive() -> Message:
            nonlocal code
            message = await receive()
            if message["type"] == "websocket.disconnect":
                code = message.get("code", 1005)
            return message

        async def seen_send(message: Message) -> None:
            nonlocal code
            if message["type"] == "websocket.close":
                code = message.get("code", 1000)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=_request_id(scope)):
            try:
                await self.app(scope, seen_receive, seen_send)
            finally:
                if not scope["state"].get("goes_on"):  # else whoever holds it will tell when it ends
                    structlog.get_logger().info(
                        "socket",
                        route=scope.get("path_template") or UNMATCHED,
                        code=code,
                        duration_ms=round((perf_counter() - started) * 1000),
                        **_who(scope),
                    )


def _request_id(scope: Scope) -> str:
    state: dict[str, Any] = scope.setdefault("state", {})
    found: str = state.setdefault("request_id", "") or request_id_of(scope["headers"])
    state["request_id"] = found
    return found


def _traceparent(scope: Scope) -> str | None:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"), None)


def _who(scope: Scope) -> dict[str, str]:
    principal = scope["state"].get("principal")
    if principal is None:
        return {}
    return {"org_id": str(principal.org_id), "person_id": str(principal.person_id)}
