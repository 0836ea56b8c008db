"""Which Chromium the browser tests drive, and the one that all tests of a process share.

The headless shell draws and runs pages as Chromium does and comes from the same package; without a browser around
them a page takes half the time.
"""

import os
import shutil

from playwright.async_api import Browser, Playwright

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def chromium() -> str | None:
    """The program, or none where the machine has none."""
    told = os.environ.get("CHROMIUM")
    return shutil.which(told) if told else next((found for name in _NAMES if (found := shutil.which(name))), None)


class Browsers:
    """One Chromium, started when first asked for, and again should it have died: no test takes the others with it."""

    def __init__(self, playwright: Playwright, program: str) -> None:
        self._playwright, self._program = playwright, program
        self._running: Browser | None = None

    async def one(self) -> Browser:
        if self._running is None or not self._running.is_connected():
            self._running = await self._playwright.chromium.launch(executable_path=self._program, args=_FLAGS)
        return self._running
