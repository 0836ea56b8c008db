"""`/live`, the socket, and `/live/since`, the same frames for those whose network blocks sockets."""

import asyncio
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from litestar import Response, WebSocket, get, websocket
from litestar.exceptions import PermissionDeniedException
from litestar.params import QueryParameter

from app.core import db, feeds, i18n, live, render, security, telemetry
from app.core.asks import AnyRequest, Who
from app.core.base import Scope
from app.core.errors import Forbidden, Invalid
from app.core.security import Principal
from app.core.templating import tag
from realtime import passing, protocol
from realtime.catchup import MOST_EVENTS, Missed
from realtime.feed import Feed
from realtime.hub import Hub
from realtime.listener import SESSION_COOKIES, Credentials, Listener
from realtime.outlet import Outlet
from realtime.portable import PortableOutlet
from realtime.pushes import Renderer
from realtime.socket import DOOR, RawOutlet

log = logging.getLogger(__name__)

Socket = WebSocket[Any, Any, Any]


class Live:
    """The handlers of one application, over the hub it has."""

    def __init__(self, hub: Callable[[], Hub], renderer: Renderer) -> None:
        self._hub = hub
        self._renderer = renderer
        self.routes = [self._socket_route(), self._since_route()]

    @property
    def hub(self) -> Hub:
        return self._hub()

    def _socket_route(self) -> Any:
        @websocket("/live", access="public", name="live")
        async def open_live(socket: Socket) -> None:
            await self._serve(socket)

        return open_live

    def _since_route(self) -> Any:
        @get("/live/since", access="person", name="live.since", include_in_schema=False)
        async def list_since(
            request: AnyRequest, who: Who, topics: Annotated[str, QueryParameter(max_length=8_000)] = ""
        ) -> Response[bytes]:
            frames = await self._since(who, topics, render.reads(request))
            return Response(frames, media_type="application/json", headers={"Cache-Control": "private, no-store"})

        return list_since

    async def _since(self, who: Principal, written: str, lang: str) -> bytes:
        try:
            topics = protocol.read_topics(written)
        except protocol.Unreadable:
            raise Invalid from None
        if not all(live.may_listen(who, topic) for topic in topics):
            raise Forbidden
        told = [await self.hub.presence.snapshot(who.org_id, topic) for topic in topics if live.is_presence(topic)]
        topics = {topic: at for topic, at in topics.items() if not live.is_presence(topic)}
        async with db.unit(Scope(org_id=who.org_id), read=True) as session:
            if not all([await live.exists_for(session, who, topic) for topic in topics]):
                raise Forbidden
            position = await feeds.position(session)
            near = position.seq - MOST_EVENTS
            seqs = [at.seq for at in topics.values() if at is not None and at.seq >= near]
            head, rows = await feeds.after(session, min([position.seq, *seqs]), limit=MOST_EVENTS)
            missed = Missed(session, self._renderer, head, rows)
            clearance = live.clearance_of(who.role)
            frames = [await missed.page(topic, lang, clearance, at) for topic, at in topics.items()]
        frames.append(protocol.encode(protocol.Heartbeat(now=time.time(), heads={})))
        return b"[" + b",".join(frames + told) + b"]"

    async def _serve(self, socket: Socket) -> None:
        """Refuse before accepting, or listen until either side ends it. The edge has checked host and origin."""
        who = security.principal_of(socket)
        topics, at, html = self._wants(socket)
        if html and passing.allowed(list(topics)):
            await self._show(socket, list(topics))
            return
        if who is None:
            if not _had_session(socket):
                raise PermissionDeniedException
            # A refused handshake looks like a broken line to a browser, which would try for ever.
            await socket.accept()
            await socket.close(protocol.SESSION_ENDED)
            return
        if not all(live.may_listen(who, topic) for topic in topics):
            raise PermissionDeniedException
        await socket.accept()
        refusal = self._refusal(socket, who)
        if refusal:
            await socket.close(refusal)
            return
        outlet = self._outlet(socket)
        connection = Credentials(socket) if outlet.raw else socket
        listener = Listener(who, connection, outlet, lang=render.reads(socket), html=html, beat_s=self.hub.beat_s)
        await self._listen(listener, socket.scope["state"], topics, at)

    async def _show(self, socket: Socket, topics: list[str]) -> None:
        """What anybody may see, whoever asks. The page says its language: it lies in its path, not in a cookie."""
        await socket.accept()
        window = self.hub.window
        if self.hub.draining or window.passers.full(socket.scope["state"].get("address") or ""):
            await socket.close(protocol.RESTARTING if self.hub.draining else protocol.TOO_FAST)
            return
        chosen = render.choices(socket)
        lang = tag(i18n.known(socket.query_params.get("lang"), chosen.lang), chosen.digits)
        await passing.serve(socket, window, self._outlet(socket), topics, lang)

    def _wants(self, socket: Socket) -> tuple[dict[str, feeds.Position | None], feeds.Position | None, bool]:
        query = socket.query_params
        html = "topics" in query and query.get("format") != "json"
        try:
            topics = protocol.read_topics(query.get("topics", "")) if html else {}
            return topics, protocol.read_position(query.get("after", "")), html
        except protocol.Unreadable:
            raise PermissionDeniedException from None

    def _refusal(self, socket: Socket, who: Principal) -> int | None:
        version = socket.query_params.get("v", "")
        if version.isdecimal() and len(version) < 10 and int(version) < protocol.VERSION:
            return protocol.TOO_OLD
        if self.hub.draining:
            return protocol.RESTARTING
        return protocol.TOO_FAST if self.hub.roster.full(who.person_id) else None

    def _outlet(self, socket: Socket) -> Outlet:
        """Raw where the server opened its door to us, portable elsewhere or when the switch says so."""
        extensions: dict[str, Any] = socket.scope.get("extensions") or {}
        if DOOR in extensions and self.hub.kind == "raw":
            return RawOutlet(extensions[DOOR]["protocol"])
        return PortableOutlet(socket.send, socket.close)  # type: ignore[arg-type]

    async def _listen(
        self,
        listener: Listener,
        state: dict[str, Any],
        topics: dict[str, feeds.Position | None],
        at: feeds.Position | None,
    ) -> None:
        feed = self.hub.admit(listener)
        left = False
        try:
            if listener.html:
                epoch = feed.position.epoch if feed.position else ""
                listener.tell(protocol.Welcome(hb=listener.beat_s, now=time.time(), epoch=epoch))
                for topic, position in topics.items():
                    self._enter(listener, feed, topic, position)
            else:
                feed.ask(listener, "", at)
            if isinstance(listener.outlet, RawOutlet):
                state["goes_on"] = left = True
                listener.outlet.take_over(partial(self._heard, listener, feed, state.get("request_id", "")))
            else:
                await self._read_until_gone(listener, feed)
        finally:
            if not left:
                self.hub.dismiss(listener)
                listener.outlet.cut()  # its task would wait for ever for something to send

    def _heard(self, listener: Listener, feed: Feed, request_id: str, event: Any) -> None:
        """One event of a socket that has no task any more."""
        try:
            self._take(listener, feed, event)
        except Exception:
            log.exception("what a live socket sent was not handled: cut")
            listener.outlet.cut()
        if event["type"] == "websocket.disconnect":
            self.hub.dismiss(listener)
            telemetry.get_logger().info(
                "socket", route="/live", code=event.get("code", 1005), request_id=request_id,
                duration_ms=round((time.monotonic() - listener.since) * 1000),
                org_id=str(listener.who.org_id), person_id=str(listener.who.person_id),
            )  # fmt: skip

    async def _read_until_gone(self, listener: Listener, feed: Feed) -> None:
        """Without the transport in hand nobody can end our `receive` but we ourselves."""
        assert listener.gone is not None  # noqa: S101 - narrows the type: those with a task have one
        reader = asyncio.create_task(self._read(listener, feed), name="live.read")
        gone = asyncio.create_task(listener.gone.wait(), name="live.gone")
        await asyncio.wait((reader, gone), return_when=asyncio.FIRST_COMPLETED)
        reader.cancel()
        gone.cancel()
        await asyncio.gather(reader, gone, return_exceptions=True)

    async def _read(self, listener: Listener, feed: Feed) -> None:
        """Take messages until the peer has gone."""
        while True:
            event = await listener.connection.receive()
            if event["type"] == "websocket.disconnect":
                return
            self._take(listener, feed, event)

    def _take(self, listener: Listener, feed: Feed, event: Any) -> None:
        if event["type"] == "websocket.receive" and not listener.closed:
            code = self._handle(listener, feed, event.get("text") or event.get("bytes") or "")
            if code is not None:
                self.hub.close(listener, code)

    def _handle(self, listener: Listener, feed: Feed, text: str | bytes) -> int | None:
        """Do what one message says; the code to close with when it may not."""
        if listener.too_fast():
            return protocol.TOO_FAST
        try:
            if len(text) > protocol.MOST_BYTES or not listener.html:
                return protocol.BAD_FRAME
            message = protocol.read(text)
            if isinstance(message, protocol.Unsubscribe):
                for topic in message.topics:
                    feed.leave(listener, topic)
                return None
            if isinstance(message, protocol.Here):
                self.hub.presence.say(listener, message.leads)
                return None
            wanted = {topic: protocol.read_position(at) for topic, at in message.topics.items()}
        except protocol.Unreadable:
            return protocol.BAD_FRAME
        if len({*listener.rooms, *listener.waiting, *wanted}) > protocol.MOST_TOPICS:
            return protocol.BAD_FRAME
        if not all(live.may_listen(listener.who, topic) for topic in wanted):
            return protocol.NOT_ALLOWED
        for topic, at in wanted.items():
            self._enter(listener, feed, topic, at)
        return None

    def _enter(self, listener: Listener, feed: Feed, topic: str, at: feeds.Position | None) -> None:
        if live.is_presence(topic):
            self.hub.presence.open(listener, topic)
        else:
            feed.ask(listener, topic, at)


def _had_session(socket: Socket) -> bool:
    return any(name in socket.cookies for name in SESSION_COOKIES)
