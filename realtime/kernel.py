"""What the kernel holds of a connection: megabytes that a peer has not taken and no buffer of ours shows. On Linux."""

import socket
import sys

from msgspec import Struct

_INFO_BYTES = 160
_UNACKED, _ACKED, _UNSENT = slice(24, 28), slice(120, 128), slice(144, 148)
"""Where struct tcp_info has tcpi_unacked, tcpi_bytes_acked and tcpi_notsent_bytes (since Linux 4.6)."""


class Taken(Struct, frozen=True):
    """How many bytes the peer has acknowledged in all, and whether any wait for it."""

    bytes: int
    waits: bool


def taken(found: socket.socket | None) -> Taken | None:
    """None where nobody can tell."""
    if found is None or sys.platform != "linux":
        return None
    try:
        told = found.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES)
    except OSError:  # it has just gone
        return None
    if len(told) < _UNSENT.stop:
        return None
    return Taken(int.from_bytes(told[_ACKED], sys.byteorder), any(told[_UNACKED]) or any(told[_UNSENT]))
