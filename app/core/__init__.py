"""What every domain stands on; knows no domain itself."""

import sys

# structlog would load rich and pygments, a tenth of a process's start, for tracebacks that we format ourselves.
_WITHOUT = {"rich": None} if "rich" not in sys.modules else {}
sys.modules.update(_WITHOUT)  # type: ignore[arg-type]
import structlog  # noqa: E402, F401

for _name in _WITHOUT:
    del sys.modules[_name]
