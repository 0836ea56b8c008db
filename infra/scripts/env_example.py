"""Write `.env.example` and `infra/docs/configuration.md` from the settings, or with --check say what is not true."""

import sys
from pathlib import Path

import msgspec

from app.core.settings import Settings, variables

ROOT = Path(__file__).resolve().parents[2]

HEAD = """\
# Every variable there is; made from app/core/settings.py by infra/scripts/env_example.py.
# Copy to .env for local runs. What is commented out has the default shown, or is absent.
# In production the platform's secret store provides them, never the image.
"""
TABLE = """\
# Configuration

Every variable there is, made from `app/core/settings.py` by `infra/scripts/env_example.py`. A malformed one stops every
command with one line that names it. What has no default is absent, or a secret: outside production a local one stands
in, and production refuses to start with it. What production needs: `infra/docker/env/production.env`.

| variable | what it says | default |
|---|---|---|
"""


def pages() -> dict[Path, str]:
    """Each whole file: every variable's sentence and its default."""
    defaults = {field.encode_name: _shown(field.default) for field in msgspec.structs.fields(Settings)}
    lines, rows = [HEAD], []
    for name, sentence in variables().items():
        lines += [f"# {sentence}", f"#{name}={defaults[name]}", ""]
        default = f"`{defaults[name]}`" if defaults[name] else ""
        rows.append(f"| `{name}` | {sentence} | {default} |")
    return {
        ROOT / ".env.example": "\n".join(lines),
        ROOT / "infra/docs/configuration.md": TABLE + "\n".join(rows) + "\n",
    }


def _shown(default: object) -> str:
    if default is None or default is msgspec.NODEFAULT:
        return ""
    return str(int(default)) if isinstance(default, bool) else str(default)


def main() -> int:
    false = [path for path, page in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != page]
    if "--check" not in sys.argv:
        for path in false:
            path.write_text(pages()[path], encoding="utf-8")
        return 0
    for path in false:
        print(
            f"{path.relative_to(ROOT)} is not what app/core/settings.py says: run python infra/scripts/env_example.py"
        )
    return 1 if false else 0


if __name__ == "__main__":
    sys.exit(main())
