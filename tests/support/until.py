"""Waiting for something that another task or process does."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any


async def until(condition: Callable[[], Any], within_s: float = 10) -> None:
    """Poll a plain or async condition; raises TimeoutError when it does not come true."""
    async with asyncio.timeout(within_s):
        while True:
            found = condition()
            if inspect.isawaitable(found):
                found = await found
            if found:
                return
            await asyncio.sleep(0.01)
