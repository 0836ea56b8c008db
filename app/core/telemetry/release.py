"""Which release runs: the version of the installed distribution, and its commit where the image says so."""

import os
from importlib import metadata


def _version() -> str:
    try:
        found = metadata.version("desk")
    except metadata.PackageNotFoundError:
        found = "0.0.0"
    commit = os.environ.get("DESK_COMMIT", "")[:12]
    return f"{found}+{commit}" if commit else found


VERSION = _version()
