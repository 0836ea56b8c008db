"""The demo's cars as if they were real ones: a market that is to be found; and what time does to cars."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import msgspec

from app import wiring
from app.core import settings as process
from app.core.settings import Settings
from tests.support.api import Caller, cheap_passwords, serving


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Caller]:
    """The application outside a demo."""
    real = msgspec.structs.replace(settings, desk_demo=False, rate_factor=1000.0)
    process.install(real)
    cheap_passwords()
    wiring.install()
    await meanwhile(settings, "update listing set demo = false")
    async with serving(real) as caller:
        yield caller


async def meanwhile(settings: Settings, *statements: str) -> list[Any]:
    """What each statement answers, done by nobody in particular."""
    connection = await asyncpg.connect(settings.database_owner_url)
    try:
        return [await connection.fetch(statement) for statement in statements]
    finally:
        await connection.close()
