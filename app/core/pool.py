"""Connections that answer: each is asked before it is used, and one that stays silent condemns those of its age.

Also tells a database that was away from one that refused, and from anything else that was away.
"""

import asyncio
import contextlib
import socket
import traceback
from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

PING_S = 2.0
"""A middlebox that forgot our connections, or a host that lost its power, never says so."""

_LOST = (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError)
# Unreachable, shutting down, starting, full; or somebody held a lock for too long, such as a frozen process.
_AWAY_STATES = ("08", "57P01", "57P02", "57P03", "53300", "55P03")
_DRIVER = ("/asyncpg/", "asyncpg/protocol/", "/sqlalchemy/dialects/postgresql/asyncpg.py")
_FRESH = "fresh"
_SOCKET = {
    "TCP_KEEPIDLE": 5,
    "TCP_KEEPINTVL": 2,
    "TCP_KEEPCNT": 3,
    "TCP_USER_TIMEOUT": 10_000,  # milliseconds
}


class Silent(ConnectionError):
    """The database did not answer within the time its asker had."""


def is_away(error: BaseException) -> bool:
    """Whether the database was out of reach or cut off: nothing that the one who asked could have done better.

    asyncpg lets bare ConnectionError and TimeoutError rise; those of a vendor look the same but for where they rose.
    """
    if isinstance(error, Silent | PoolTimeout):
        return True
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        cause = error.orig.__cause__ if error.orig else None
        return error.connection_invalidated or state.startswith(_AWAY_STATES) or isinstance(cause, _LOST)
    if not isinstance(error, _LOST):
        return False
    frames = traceback.extract_tb(error.__traceback__)
    return any(part in frame.filename.replace("\\", "/") for frame in frames for part in _DRIVER)


def watch(engine: AsyncEngine) -> None:
    """Ping connections of `engine` when they leave its pool; let the kernel notice a peer that is gone meanwhile.

    SQLAlchemy's own pre-ping takes three round trips instead of one, and waits for as long as a statement may.
    """
    event.listen(engine.sync_engine, "connect", _connected)
    event.listen(engine.sync_engine, "checkout", _wanted)


def _connected(connection: Any, record: Any) -> None:
    record.info[_FRESH] = True
    transport = getattr(connection.driver_connection, "_transport", None)
    sock = transport.get_extra_info("socket") if transport is not None else None
    if sock is not None and sock.family != socket.AF_UNIX:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for name, value in _SOCKET.items():
                if hasattr(socket, name):  # macOS has other names
                    sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _wanted(connection: Any, record: Any, _fairy: Any) -> None:
    if record.info.pop(_FRESH, False):
        return
    try:
        connection.run_async(_ping)
    except (*_LOST, asyncpg.PostgresError) as error:  # TimeoutError is an OSError
        raise InvalidatePoolError from error


async def _ping(connection: Any) -> None:
    try:
        await connection.execute("select 1", timeout=PING_S)
    except (TimeoutError, asyncio.CancelledError):
        connection.terminate()  # no goodbye: it would be waited for
        raise
