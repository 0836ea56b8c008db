"""What the kernel holds of a connection: megabytes that a peer has not taken and no buffer of ours shows. On Linux."""

import fcntl
import socket
import sys
import termios

_LINUX = sys.platform == "linux"
_INFO_BYTES = 128
_ACKED = slice(120, 128)  # tcpi_bytes_acked of struct tcp_info, since Linux 4.1


def untaken(fd: int) -> int:
    """Bytes that were handed to the kernel and that the peer has not acknowledged; 0 where nobody can tell."""
    if not _LINUX or fd < 0:
        return 0
    try:
        return int.from_bytes(fcntl.ioctl(fd, termios.TIOCOUTQ, bytes(4)), sys.byteorder)
    except OSError:  # it has just gone
        return 0


def taken(found: socket.socket) -> int | None:
    """How many bytes the peer has acknowledged in all; None where nobody can tell."""
    if not _LINUX:
        return None
    try:
        told = found.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES)
    except OSError:
        return None
    return int.from_bytes(told[_ACKED], sys.byteorder) if len(told) >= _ACKED.stop else None
