"""How uvicorn serves us: our websocket protocol, its limits, and a shutdown that empties the hub first."""

import gc
import socket
from typing import Any

import uvicorn

from realtime import protocol
from realtime.hub import Hub
from realtime.socket import LiveProtocol

OPTIONS: dict[str, Any] = {
    "ws": LiveProtocol,
    "ws_max_size": protocol.MOST_BYTES,
    "ws_ping_interval": 20.0,
    "ws_ping_timeout": 20.0,
    "ws_per_message_deflate": False,
    "backlog": 4096,
    "timeout_graceful_shutdown": 10,
}
"""For `uvicorn.Config`. No compression: it costs memory per socket and forbids sharing one frame."""


class DrainingServer(uvicorn.Server):
    """On SIGTERM: not ready, sockets closed with 1012 some at a time, then uvicorn's own shutdown."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # Full collections over thousands of sockets would stall a connect storm by some 300 ms each.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 1000)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._hub.drain()
        await super().shutdown(sockets)
