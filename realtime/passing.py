"""`/live` for passers-by: a socket of somebody without a session, or who looks at what anybody may see."""

import asyncio
import time
from functools import partial
from typing import Any

from app.core import live
from realtime import protocol
from realtime.outlet import Outlet
from realtime.passers import BEAT_S, Passer
from realtime.socket import RawOutlet
from realtime.window import MOST_THINGS, Window

_MOST_MESSAGES = 40
"""Between two beats."""


async def serve(socket: Any, window: Window, outlet: Outlet, topics: list[str], lang: str) -> None:
    """Show the topics until either side ends it. The socket is accepted."""
    passer = Passer(outlet, lang=lang, address=socket.scope["state"].get("address") or "")
    window.admit(passer)
    left = False
    try:
        passer.tell(protocol.Welcome(hb=BEAT_S, now=time.time(), epoch=""))
        for topic in topics:
            window.watch(passer, topic)
        if isinstance(outlet, RawOutlet):
            socket.scope["state"]["goes_on"] = left = True
            outlet.take_over(partial(_heard, window, passer))
        else:
            await _until_gone(socket, window, passer)
    finally:
        if not left:
            window.dismiss(passer)
            outlet.cut()


def allowed(topics: list[str]) -> bool:
    return 0 < len(topics) <= MOST_THINGS and all(live.is_window(topic) for topic in topics)


def _heard(window: Window, passer: Passer, event: Any) -> None:
    if event["type"] == "websocket.disconnect":
        window.dismiss(passer)
    elif not passer.closed:
        code = _take(window, passer, event.get("text") or event.get("bytes") or "")
        if code is not None:
            window.close(passer, code)


def _take(window: Window, passer: Passer, text: str | bytes) -> int | None:
    """Do what one message says; the code to close with when it may not."""
    passer.messages += 1
    if passer.messages > _MOST_MESSAGES:
        return protocol.TOO_FAST
    try:
        if len(text) > protocol.MOST_BYTES:
            return protocol.BAD_FRAME
        message = protocol.read(text)
    except protocol.Unreadable:
        return protocol.BAD_FRAME
    if isinstance(message, protocol.Here):
        return protocol.NOT_ALLOWED
    if isinstance(message, protocol.Unsubscribe):
        for topic in message.topics:
            window.leave(passer, topic)
        return None
    if not allowed([*{*passer.rooms, *passer.waiting, *message.topics}]):
        return protocol.NOT_ALLOWED
    for topic in message.topics:
        window.watch(passer, topic)
    return None


async def _until_gone(socket: Any, window: Window, passer: Passer) -> None:
    assert passer.gone is not None  # noqa: S101 - narrows the type: those with a task have one
    reader = asyncio.create_task(_read(socket, window, passer), name="live.read")
    gone = asyncio.create_task(passer.gone.wait(), name="live.gone")
    await asyncio.wait((reader, gone), return_when=asyncio.FIRST_COMPLETED)
    reader.cancel()
    gone.cancel()
    await asyncio.gather(reader, gone, return_exceptions=True)


async def _read(socket: Any, window: Window, passer: Passer) -> None:
    while True:
        event = await socket.receive()
        _heard(window, passer, event)
        if event["type"] == "websocket.disconnect":
            return
