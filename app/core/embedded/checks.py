"""Questions asked before anything is started, so that a wrong answer is one line and nothing to clean up."""

import asyncio
from urllib.parse import urlsplit

import asyncpg

from app.core.embedded.errors import CannotStart
from app.core.embedded.process import port_is_free

_TIMEOUT_S = 5


def check_port(host: str, port: int) -> None:
    if not port_is_free(port, host):
        raise CannotStart(f"DESK_PORT {port} is in use on {host} or not ours to use; choose another")


def check_database(variable: str, url: str) -> None:
    """Raises CannotStart, without the password, when nobody answers at `url`."""

    async def connect() -> None:
        connection = await asyncpg.connect(url.replace("+asyncpg", "", 1), timeout=_TIMEOUT_S)
        await connection.close()

    try:
        asyncio.run(connect())
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        where = urlsplit(url)
        reason = str(error) or f"no answer in {_TIMEOUT_S} s"
        raise CannotStart(f"{variable}: no database at {where.hostname}:{where.port or 5432}: {reason}") from None
