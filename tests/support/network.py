"""No test talks to anything but this machine."""

import sys
from typing import Any

_HERE = ("127.", "::1", "localhost", "0.0.0.0", "testserver", "test")  # noqa: S104


class LeavesTheMachine(AssertionError):
    """A test tried to reach another host."""


def stay_here() -> None:
    """For the rest of this process; an audit hook cannot be undone by the code under test."""
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not str(address[0]).startswith(_HERE):
            raise LeavesTheMachine(f"connect to {address[0]}")
    elif event == "socket.getaddrinfo":
        host = arguments[0]
        if host and not str(host).startswith(_HERE):
            raise LeavesTheMachine(f"look up {host}")
