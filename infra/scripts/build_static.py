"""Static files for the image: smaller, packed at the highest level, under the same hashed names' scheme.

    python infra/scripts/build_static.py        writes dist/static; core.static uses it while the sources are the same

Comments and indentation go; nothing is renamed or reordered, so what runs is what was read.
"""

import re
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.core import static

_STRING_OR_COMMENT = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|/\*.*?\*/""", re.DOTALL)
_LINE_COMMENT = re.compile(r"^[ \t]*//[^\n]*\n", re.MULTILINE)


def main() -> int:
    sources = static.sources()
    built = static.build(sources, minify, best=True)
    shutil.rmtree(static.BUILT, ignore_errors=True)
    static.write_built(built, static.digest_of(sources))
    for name, path in sorted(built.names.items()):
        asset = built.files[path]
        packed = f", {len(asset.brotli):,} packed" if asset.brotli else ""
        print(f"{name}: {len(asset.content):,} bytes{packed}")
    return 0


def minify(suffix: str, text: str) -> str:
    return _css(text) if suffix == ".css" else _script(text)


def _css(text: str) -> str:
    """Space around punctuation goes, except in strings and where it means something: `a :is(b)`, `1px + 2px`."""
    bare = _STRING_OR_COMMENT.sub(lambda hit: hit[1] or "", text)
    kept: list[str] = []

    def keep(hit: re.Match[str]) -> str:
        kept.append(hit[0])
        return f"\0{len(kept) - 1}\0"

    bare = re.sub(r'"[^"\n]*"' + r"|'[^'\n]*'", keep, bare)
    bare = re.sub(r"\s+", " ", bare)
    bare = re.sub(r" ?([{};,]) ?", r"\1", bare)
    bare = re.sub(r": (?=[\w#.\-\0(])", ":", bare)
    bare = bare.replace(";}", "}").replace(";;", ";")
    return re.sub(r"\0(\d+)\0", lambda hit: kept[int(hit[1])], bare).strip() + "\n"


def _script(text: str) -> str:
    """Whole-line comments and indentation only: line ends may be statement ends."""
    return re.sub(r"\n\s*", "\n", _LINE_COMMENT.sub("", text)).lstrip()


if __name__ == "__main__":
    sys.exit(main())
