"""The task every kind of server does in the fan-out: take each message of one Redis channel to every socket."""

from msgspec import json, msgpack

CHANNEL = "bench"
GROUP_OF_DJANGO = f"asgi__group__{CHANNEL}"
BROADCAST_OF_SOCKETIO = "socket.io#/#"

BYTES = 600
_CONTENT = "<li id='lead-0' data-k='2026-01-01'><a href='/desk/inbox/0'>Ahsan Raza</a></li>" * 8


def text(number: int) -> bytes:
    """A frame as our pages get it, of 600 bytes."""
    told = {"op": "patch", "t": "bench:all", "p": number - 1, "n": number, "epoch": "bench", "content": ""}
    return json.encode({**told, "content": _CONTENT[: BYTES - len(json.encode(told))]})


def plain(number: int) -> tuple[str, bytes]:
    return CHANNEL, text(number)


def for_django(number: int) -> tuple[str, bytes]:
    """As `group_send` of the pub/sub layer publishes it."""
    return GROUP_OF_DJANGO, msgpack.encode({"type": "tell", "text": text(number).decode()})


def for_socketio(number: int) -> tuple[str, bytes]:
    """As another node of the Redis adapter broadcasts an event."""
    packet = {"type": 2, "data": ["patch", json.decode(text(number))], "nsp": "/"}
    return BROADCAST_OF_SOCKETIO, msgpack.encode(["bench", packet, {"rooms": [], "except": [], "flags": {}}])
