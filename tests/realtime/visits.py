"""People with the proof board open in a Chromium of their own."""

import contextlib
from collections.abc import AsyncIterator

from playwright.async_api import Browser, BrowserContext

from tests.realtime.conftest import Board, Guest


@contextlib.asynccontextmanager
async def visiting(chrome: Browser, board: Board, guest: Guest) -> AsyncIterator[BrowserContext]:
    context = await chrome.new_context()
    await context.add_cookies([{"name": "sid", "value": guest.token, "url": board.url}])
    context.set_default_timeout(15_000)
    try:
        yield context
    finally:
        await context.close()
