"""The HTTP server: uvicorn with deadlines and ceilings on what a client may do to a connection."""

import asyncio
import gc
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.core.settings import Settings

_SAYS = {
    408: b"The request took too long to arrive.",
    414: b"That address is too long.",
    431: b"Those headers are too large.",
}


class DeadlineProtocol(HttpToolsProtocol):
    """uvicorn waits for ever for headers and bodies; this one answers 408 and hangs up.

    A body that keeps coming at `least_rate` bytes a second may take longer than `body_total_s`: uploads.
    """

    header_s = 10.0
    body_idle_s = 10.0
    body_total_s = 60.0
    least_rate = 64 * 1024
    max_header_bytes = 16 * 1024
    max_url_bytes = 12 * 1024

    _timer: asyncio.TimerHandle | None = None
    _in_headers = True
    _header_bytes = 0
    _body_bytes = 0
    _body_since = 0.0
    _refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._arm(self.header_s, self._header_late)

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        if self._in_headers:
            if self._timer is None:
                self._arm(self.header_s, self._header_late)
            self._header_bytes += len(data)
        super().data_received(data)
        # counted after parsing, so that a body that came in the same packet is not taken for a header
        if self._in_headers and self._header_bytes > self.max_header_bytes and not self.transport.is_closing():
            self._refuse(431)

    def handle_websocket_upgrade(self) -> None:
        self._disarm()
        super().handle_websocket_upgrade()

    def on_message_begin(self) -> None:
        self._in_headers = True
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self.max_url_bytes:
            self._refuse(414)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        if sum(len(name) + len(value) + 4 for name, value in self.headers) > self.max_header_bytes:
            self._refuse(431)

    def on_headers_complete(self) -> None:
        self._in_headers = False
        self._header_bytes = 0
        self._body_bytes = 0
        self._body_since = self.loop.time()
        if self._refused:
            return
        self._arm(self.body_idle_s, self._body_late)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if self._refused:
            return
        self._body_bytes += len(body)
        allowed_s = self.body_total_s + self._body_bytes / self.least_rate
        left_s = self._body_since + allowed_s - self.loop.time()
        self._arm(min(self.body_idle_s, max(left_s, 0.001)), self._body_late)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._disarm()
        self._in_headers = True
        if not self._refused:
            super().on_message_complete()

    def _arm(self, after_s: float, action: Any) -> None:
        self._disarm()
        self._timer = self.loop.call_later(after_s, action)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _header_late(self) -> None:
        self._timer = None
        if self.cycle is not None and not self.cycle.response_complete:
            return  # an earlier request of this connection is still being answered
        self._refuse(408)

    def _body_late(self) -> None:
        self._timer = None
        if self.flow.read_paused:
            self._arm(self.body_idle_s, self._body_late)  # it is we who stopped reading
            return
        self._refuse(408)

    def _refuse(self, status: int) -> None:
        """Answer if nothing was answered yet, and hang up; the handler, if it runs, sees a disconnect."""
        if self._refused:
            return
        self._refused = True
        self._disarm()
        started = self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.transport.is_closing():
            return
        if started:
            self.transport.abort()
            return
        says = _SAYS[status]
        head = b"content-type: text/plain; charset=utf-8\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(says)
        self.transport.write(STATUS_LINE[status] + head + says)
        self.transport.close()


def web_config(
    app: Any, settings: Settings, *, websocket: type[asyncio.Protocol], http: type[HttpToolsProtocol] = DeadlineProtocol
) -> uvicorn.Config:
    """How every web process runs. Addresses of clients are worked out by the edge, not by the server."""
    return uvicorn.Config(
        app,
        host=settings.desk_host,
        port=settings.desk_port,
        loop="uvloop",
        http=http,
        ws=websocket,
        ws_per_message_deflate=False,
        ws_max_size=16 * 1024,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        backlog=4096,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=10,
        lifespan="on",
    )


def run_web(app: Any, settings: Settings, *, websocket: type[asyncio.Protocol]) -> None:
    """Serve until SIGTERM or SIGINT."""
    # measured with 10,000 sockets: full collections of the default thresholds stall the loop for 0.3 s
    gc.set_threshold(50_000, 20, 1000)
    uvicorn.Server(web_config(app, settings, websocket=websocket)).run()
