"""Other people's servers and libraries, each behind a Protocol of ours."""

import sys

# httpx brings a command line of its own along, and that loads a terminal's whole painter into every process.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
