"""What talks to others."""

import sys

# httpx looks for its own command line, which would load rich and pygments into every process; None means "not there".
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
