"""Write `.env.example` from the settings, or with --check say whether it is still true."""

import sys
from pathlib import Path

import msgspec

from app.core.settings import Settings, variables

TARGET = Path(__file__).resolve().parents[2] / ".env.example"

HEAD = """\
# Every variable there is; made from app/core/settings.py by infra/scripts/env_example.py.
# Copy to .env for local runs. What is commented out has the default shown, or is absent.
# In production the platform's secret store provides them, never the image.
"""


def page() -> str:
    """The whole file: each variable's sentence, then its default."""
    defaults = {field.encode_name: field.default for field in msgspec.structs.fields(Settings)}
    lines = [HEAD]
    for name, sentence in variables().items():
        lines += [f"# {sentence}", f"#{name}={_shown(defaults[name])}", ""]
    return "\n".join(lines)


def _shown(default: object) -> str:
    if default is None or default is msgspec.NODEFAULT:
        return ""
    return str(int(default)) if isinstance(default, bool) else str(default)


def main() -> int:
    if "--check" not in sys.argv:
        TARGET.write_text(page(), encoding="utf-8")
    elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != page():
        print(".env.example is not what app/core/settings.py says: run python infra/scripts/env_example.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
