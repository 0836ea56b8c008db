"""Other people's files in this tree: makes them from their packages, checks that they are what VENDOR.toml says.

python infra/scripts/vendor.py check
python infra/scripts/vendor.py make DIR     DIR holds the tarballs of `npm pack NAME@VERSION`
"""

import hashlib
import io
import re
import sys
import tarfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "static" / "vendor" / "VENDOR.toml"

# Letters, marks, signs and digits that Urdu text uses; Arabic-only and African letters are left out.
URDU = (
    "U+060C,U+061B,U+061F,U+0621-0624,U+0626-063A,U+0640-0642,U+0644-0648,U+064B-0652,U+0654,U+0670,U+0679,U+067E,"
    "U+0686,U+0688,U+0691,U+0698,U+06A9,U+06AF,U+06BA,U+06BE,U+06C1-06C3,U+06CC,U+06D2-06D4,U+06F0-06F9,U+200C-200F,"
    "U+0020,U+0028,U+0029,U+003A,U+00A0,U+066A-066C"
)
LATIN = (
    "U+0020-007E,U+00A0,U+00A3,U+00A7,U+00A9,U+00AB,U+00B0,U+00B1,U+00B7,U+00BB,U+00D7,U+2009,U+200A,U+2010-2015,"
    "U+2018-201D,U+2022,U+2026,U+202F,U+20A8,U+2190-2193,U+2212"
)
LATIN_FEATURES = ["kern", "liga", "calt", "tnum", "ss03", "cv11", "zero", "case", "ccmp", "locl", "mark", "mkmk"]


def main(words: list[str]) -> int:
    if words == ["check"]:
        problems = check()
        print("\n".join(problems) or f"vendored files: {len(entries())} as listed")
        return 1 if problems else 0
    if len(words) == 2 and words[0] == "make":
        for entry in entries():
            make(entry, Path(words[1]))
        return main(["check"])
    print(__doc__)
    return 2


def entries() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = tomllib.loads(LIST.read_text("utf-8"))["file"]
    return listed


def check() -> list[str]:
    """One line a problem: a file changed, a licence missing, or a file that nobody listed."""
    problems = []
    listed = entries()
    for entry in listed:
        path = ROOT / entry["path"]
        if not path.exists():
            problems.append(f"{entry['path']}: missing")
        elif (found := hashlib.sha256(path.read_bytes()).hexdigest()) != entry["sha256"]:
            problems.append(f"{entry['path']}: sha256 is {found}, VENDOR.toml says {entry['sha256']}")
        if not (ROOT / entry["licence_file"]).exists():
            problems.append(f"{entry['path']}: its licence text {entry['licence_file']} is missing")
    known = {ROOT / entry[key] for entry in listed for key in ("path", "licence_file")} | {LIST}
    for folder in ("static/vendor", "static/fonts", "static/icons", "tests/browser/vendor"):
        problems += [
            f"{path.relative_to(ROOT)}: not in VENDOR.toml"
            for path in sorted((ROOT / folder).rglob("*"))
            if path.is_file() and path not in known
        ]
    return problems


def make(entry: dict[str, Any], tarballs: Path) -> None:
    package = _package(tarballs, entry["package"], entry["version"])
    made = {"copy": _copy, "sprite": _sprite, "subset-urdu": _urdu, "subset-latin": _latin}[entry["how"]](
        package, entry
    )
    for path, content in ((entry["path"], made), (entry["licence_file"], package["LICENSE"])):
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_bytes(content)
    print(f"{entry['path']}: {len(made):,} bytes, sha256 {hashlib.sha256(made).hexdigest()}")


def _package(tarballs: Path, name: str, version: str) -> dict[str, bytes]:
    tarball = tarballs / f"{name.lstrip('@').replace('/', '-')}-{version}.tgz"
    with tarfile.open(tarball) as tar:
        files = {member.name: tar.extractfile(member) for member in tar if member.isfile()}
        return {path.removeprefix("package/"): file.read() for path, file in files.items() if file}


def _copy(package: dict[str, bytes], entry: dict[str, Any]) -> bytes:
    return package[entry["from"]]


def _sprite(package: dict[str, bytes], entry: dict[str, Any]) -> bytes:
    """One file of <symbol>s; stroke and size come from our CSS."""
    symbols = []
    for name in sorted(entry["icons"]):
        source = package[f"icons/{name}.svg"].decode()
        inner = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
        if not inner:
            raise ValueError(name)
        drawing = re.sub(r">\s+<", "><", inner[1].strip())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'.encode()


def _urdu(package: dict[str, bytes], entry: dict[str, Any]) -> bytes:
    return _subset(package[entry["from"]], URDU, ["*"])


def _latin(package: dict[str, bytes], entry: dict[str, Any]) -> bytes:
    return _subset(package[entry["from"]], LATIN, LATIN_FEATURES)


def _subset(font: bytes, unicodes: str, features: list[str]) -> bytes:
    from fontTools import subset  # a development dependency

    options = subset.Options(flavor="woff2", layout_features=features)
    loaded = subset.load_font(io.BytesIO(font), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(unicodes))
    subsetter.subset(loaded)
    out = io.BytesIO()
    subset.save_font(loaded, out, options)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
