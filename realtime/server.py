"""How the web process is served: our websocket protocol, and a shutdown that empties the hub first."""

import asyncio
import gc
import socket
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from app.core.server import web_config
from app.core.settings import Settings
from realtime.hub import Hub
from realtime.socket import LiveProtocol


class DrainingServer(uvicorn.Server):
    """On SIGTERM: not ready, sockets closed with 1012 some at a time, then uvicorn's own shutdown."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        calm()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._hub.drain()
        await super().shutdown(sockets)


def calm() -> None:
    """Full collections over thousands of sockets would stall a connect storm by some 300 ms each."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 1000)


def protocol_of(settings: Settings) -> type[asyncio.Protocol]:
    """Ours for the raw hub, uvicorn's own for the portable one."""
    return LiveProtocol if settings.live_hub == "raw" else WebSocketsSansIOProtocol


def run(app: Any, hub: Hub, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    DrainingServer(web_config(app, settings, websocket=protocol_of(settings)), hub).run()
