"""Which Chromium the browser tests drive."""

import os
import shutil

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The program, or none where the machine has none."""
    told = os.environ.get("CHROMIUM")
    return shutil.which(told) if told else next((found for name in _NAMES if (found := shutil.which(name))), None)
