"""`make bench-live`, first version: what one delivery costs, the raw outlet against the portable one, in one run.

Both hubs write the same frames to the same number of websockets over loopback, turn about, in one process each, so
that the ratio means something on a busy machine. The last line is one JSON object.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import signal
import sys
import time
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from typing import Any

import uvicorn
import uvloop
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from realtime.portable import PortableOutlet
from realtime.pump import Pump
from realtime.room import Room
from realtime.socket import DOOR, LiveProtocol, RawOutlet

PAYLOAD = 600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=500)
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    told = parser.parse_args()
    random.seed(told.seed)
    found: dict[str, list[dict[str, float]]] = {"raw": [], "portable": []}
    for _ in range(told.rounds):
        for kind in random.sample(list(found), 2):
            found[kind].append(measure(kind, told.sockets, told.frames))
            print(kind, found[kind][-1], file=sys.stderr, flush=True)
    best = {kind: min(runs, key=lambda run: run["cpu_us_per_delivery"]) for kind, runs in found.items()}
    print(json.dumps({
        "seed": told.seed, "sockets": told.sockets, "frames": told.frames, **best,
        "cpu_ratio_portable_to_raw": round(
            best["portable"]["cpu_us_per_delivery"] / best["raw"]["cpu_us_per_delivery"], 2
        ),
    }))  # fmt: skip


def measure(kind: str, sockets: int, frames: int) -> dict[str, float]:
    """One server process, sockets that only count bytes in this one."""
    here, there = Pipe()
    server = Process(target=serve, args=(kind, there, sockets, frames))
    server.start()
    try:
        port = here.recv()
        uvloop.run(listen(port, sockets, frames))
        found: dict[str, float] = here.recv()
        return found
    finally:
        if server.pid and server.is_alive():
            os.kill(server.pid, signal.SIGTERM)
        server.join(10)


async def listen(port: int, sockets: int, frames: int) -> None:
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    size = frames * (PAYLOAD + 4)
    counts = [Count(size, sockets, done) for _ in range(sockets)]
    Count.finished = 0
    for count in counts:
        await loop.create_connection(lambda count=count: count, "127.0.0.1", port)
    await asyncio.wait_for(done.wait(), 120)


class Count(asyncio.Protocol):
    """A websocket client that shakes hands and counts what comes."""

    finished = 0

    def __init__(self, size: int, sockets: int, done: asyncio.Event) -> None:
        self._left, self._sockets, self._done, self._open = size, sockets, done, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(  # type: ignore[attr-defined]
            b"GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )

    def data_received(self, data: bytes) -> None:
        if not self._open:
            _, found, data = data.partition(b"\r\n\r\n")
            self._open = bool(found)
        self._left -= len(data)
        if self._left <= 0:
            Count.finished += 1
            if Count.finished == self._sockets:
                self._done.set()


def serve(kind: str, pipe: Connection, sockets: int, frames: int) -> None:
    pump, room = Pump(), Room(("bench:all", "en", "desk"), 0)
    all_in = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        outlet: Any = (
            RawOutlet(scope["extensions"][DOOR]["protocol"], lambda _code: asyncio.sleep(0))
            if kind == "raw"
            else PortableOutlet(send, lambda _code: asyncio.sleep(0))
        )
        room.enter(object(), outlet)
        if len(room.raw) + len(room.plain) == sockets:
            all_in.set()
        while (await receive())["type"] != "websocket.disconnect":
            pass
        outlet.cut()

    async def run() -> None:
        config = uvicorn.Config(
            app, port=0, lifespan="off", access_log=False, log_level="error", ws_per_message_deflate=False,
            ws=LiveProtocol if kind == "raw" else WebSocketsSansIOProtocol, timeout_graceful_shutdown=2,
        )  # fmt: skip
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn tells no other way
            await asyncio.sleep(0.01)
        pipe.send(server.servers[0].sockets[0].getsockname()[1])
        await all_in.wait()
        await asyncio.sleep(0.3)
        payload = b"x" * PAYLOAD
        cpu, began = _cpu_s(), time.perf_counter()
        for seq in range(1, frames + 1):
            pump.send(room, payload, seq)
            while room.queued:  # noqa: ASYNC110 - the pump goes on in turns of this loop
                await asyncio.sleep(0)
        cpu, took = _cpu_s() - cpu, time.perf_counter() - began
        deliveries = sockets * frames
        pipe.send({
            "deliveries_per_s": round(deliveries / took), "cpu_us_per_delivery": round(cpu / deliveries * 1e6, 2),
        })  # fmt: skip
        await serving

    uvloop.run(run())


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
