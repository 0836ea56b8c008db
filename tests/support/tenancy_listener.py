"""Somebody who listens to what an org's feed tells."""

import asyncio
from typing import Any

from litestar import Litestar

from tests.support.asgi import HOST, ORIGIN
from tests.support.asgi import _scope as asgi_scope
from tests.support.tenancy import Somebody, World


class Listener:
    """A socket that listens, having said `says`; `settled` when it was refused or has heard hello."""

    def __init__(self, app: Litestar, somebody: Somebody, asked: str, *, says: str = "") -> None:
        self.app, self.somebody, self.asked = app, somebody, asked
        self._says = says
        self.frames: list[str] = []
        self.settled = asyncio.Event()
        self._opened = False

    async def listen(self) -> None:
        headers = [("origin", ORIGIN)]
        if self.somebody.cookie:
            headers.append(("cookie", f"sid={self.somebody.cookie}"))
        scope = {**asgi_scope("websocket", f"/live?{self.asked}", headers, HOST, "127.0.0.1"), "subprotocols": []}
        await self.app(scope, self._receive, self._send)
        self.settled.set()

    async def _receive(self) -> Any:
        if not self._opened:
            self._opened = True
            return {"type": "websocket.connect"}
        if self._says:
            said, self._says = self._says, ""
            return {"type": "websocket.receive", "text": said}
        await asyncio.Event().wait()
        return {"type": "websocket.disconnect", "code": 1005}

    async def _send(self, message: Any) -> None:
        if message["type"] == "websocket.send":
            self.frames.append(message.get("text") or (message.get("bytes") or b"").decode(errors="replace"))
        self.settled.set()

    def foreign(self, world: World) -> list[str]:
        told = " ".join(self.frames).lower()
        return [
            canary
            for slug, place in world.places.items()
            if slug != self.somebody.org
            for canary in place.canaries
            if canary in told
        ]
