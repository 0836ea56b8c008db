"""Our CSS, scripts, fonts and icons under names that carry their hash: built in memory at boot, cached for ever.

No node and no build step on a fresh clone. The image holds what `infra/scripts/build_static.py` made of the same
files (minified, precompressed); it is used only when it was made of exactly these sources.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import brotli
from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Response
from msgspec import Struct

from app.core.errors import NotFound

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "static"
BUILT = ROOT / "dist" / "static"
CSS_PARTS = ("layers", "reset", "fonts", "tokens", "base")
"""Come first and in this order; the component files follow by name, because layers decide, not order."""

TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".html": "text/html",
}
_TEXT = frozenset((".css", ".js", ".svg", ".json", ".webmanifest", ".html"))
_FOREVER = "public, max-age=31536000, immutable"
_REFERENCE = re.compile(r"""(url\(["']?|from\s*["']|import\s*\(?["'])(/static/|\./)([\w./-]+)""")

Minify = Callable[[str, str], str]


class Asset(Struct, frozen=True):
    """One file as it is served. `path` is its hashed name below /static/."""

    path: str
    content: bytes
    brotli: bytes | None
    gzip: bytes | None
    etag: str

    @property
    def media_type(self) -> str:
        return TYPES[PurePosixPath(self.path).suffix]


class Bundle(Struct, frozen=True):
    """Everything static: `names` maps plain names to hashed ones, `files` the hashed names to what they hold."""

    names: Mapping[str, str]
    files: Mapping[str, Asset]

    @property
    def release(self) -> str:
        """Changes whenever any file does; a page of another release asks to be loaded again."""
        return hashlib.sha256("".join(sorted(self.names.values())).encode()).hexdigest()[:10]


@cache
def bundle() -> Bundle:
    return _read_built() or build(sources())


def url(name: str) -> str:
    """`url("app.css")` is `/static/app.3f2a….css`. Raises KeyError for a file that does not exist."""
    return f"/static/{bundle().names[name]}"


def sources() -> dict[str, bytes]:
    """Plain names to contents; the CSS parts are one file by then."""
    found = {
        path.relative_to(SOURCE).as_posix(): path.read_bytes()
        for path in sorted(SOURCE.rglob("*"))
        if path.suffix in TYPES and path.parent.name != "css" and path.name != "VENDOR.toml"
    }
    parts = {path.stem: path.read_text("utf-8") for path in sorted((SOURCE / "css").glob("*.css"))}
    ordered = [*CSS_PARTS, *(name for name in parts if name not in CSS_PARTS)]
    return found | {"app.css": "\n".join(parts[name] for name in ordered).encode()}


def build(plain: Mapping[str, bytes], minify: Minify | None = None, *, best: bool = False) -> Bundle:
    """Hash every file after the files it names, so that a changed font changes the CSS's name too."""
    names: dict[str, str] = {}
    files: dict[str, Asset] = {}

    def add(name: str, above: tuple[str, ...] = ()) -> str:
        if name in names:
            return names[name]
        if name in above:
            raise ValueError(f"{name} imports itself through {above}")
        content = plain[name]
        path = PurePosixPath(name)
        if path.suffix in (".css", ".js") and path.parts[0] != "vendor":
            text = _REFERENCE.sub(lambda hit: _rewrite(hit, path, lambda to: add(to, (*above, name))), content.decode())
            content = (minify(path.suffix, text) if minify else text).encode()
        digest = hashlib.sha256(content).hexdigest()
        names[name] = path.with_name(f"{path.stem}.{digest[:10]}{path.suffix}").as_posix()
        files[names[name]] = _asset(names[name], content, digest, best=best)
        return names[name]

    for name in plain:
        add(name)
    return Bundle(names=names, files=files)


def digest_of(plain: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name in sorted(plain):
        whole.update(name.encode() + b"\0" + plain[name] + b"\0")
    return whole.hexdigest()


def _rewrite(hit: re.Match[str], path: PurePosixPath, add: Callable[[str], str]) -> str:
    name = hit[3] if hit[2] == "/static/" else (path.parent / hit[3]).as_posix()
    return f"{hit[1]}/static/{add(name)}"


def _asset(path: str, content: bytes, digest: str, *, best: bool) -> Asset:
    packed = PurePosixPath(path).suffix in _TEXT and len(content) > 600
    return Asset(
        path=path,
        content=content,
        brotli=brotli.compress(content, quality=11 if best else 5) if packed else None,
        gzip=gzip.compress(content, 9, mtime=0) if packed else None,
        etag=f'"{digest[:20]}"',
    )


def write_built(built: Bundle, source_digest: str, to: Path = BUILT) -> None:
    """Files with their .br and .gz beside them (any front server can serve them), and the manifest."""
    for asset in built.files.values():
        target = to / asset.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(asset.content)
        for suffix, variant in ((".br", asset.brotli), (".gz", asset.gzip)):
            if variant:
                target.with_name(target.name + suffix).write_bytes(variant)
    manifest = {"source": source_digest, "names": dict(built.names)}
    (to / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True), "utf-8")


def _read_built() -> Bundle | None:
    if not (BUILT / "manifest.json").exists():
        return None
    manifest = json.loads((BUILT / "manifest.json").read_text("utf-8"))
    if manifest["source"] != digest_of(sources()):
        return None
    files = {path: _built_asset(path) for path in manifest["names"].values()}
    return Bundle(names=manifest["names"], files=files)


def _built_asset(path: str) -> Asset:
    target = BUILT / path
    content = target.read_bytes()

    def variant(suffix: str) -> bytes | None:
        beside = target.with_name(target.name + suffix)
        return beside.read_bytes() if beside.exists() else None

    etag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    return Asset(path=path, content=content, brotli=variant(".br"), gzip=variant(".gz"), etag=etag)


@get("/static/{path:path}", access="public", include_in_schema=False, sync_to_thread=False)
def show_static(request: Request[Any, Any, Any], path: FromPath[Path]) -> Response[bytes]:
    """A hashed name is for ever; a plain name is for files whose URL must not change, and is checked each time."""
    given = path.as_posix().lstrip("/")
    hashed = given in bundle().files
    asset = bundle().files.get(given) or bundle().files.get(bundle().names.get(given, ""))
    if asset is None:
        raise NotFound
    return answer(request, asset, _FOREVER if hashed else "no-cache")


def answer(request: Request[Any, Any, Any], asset: Asset, cache_control: str) -> Response[bytes]:
    headers = {"cache-control": cache_control, "etag": asset.etag, "vary": "accept-encoding"}
    if asset.etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=asset.media_type)
    content, accepted = asset.content, request.headers.get("accept-encoding", "")
    for token, variant in (("br", asset.brotli), ("gzip", asset.gzip)):
        if variant and re.search(rf"\b{token}\b(?!\s*;\s*q=0(?:\.0*)?(?:,|\s|$))", accepted):
            content = variant
            headers["content-encoding"] = token
            break
    return Response(content, headers=headers, media_type=asset.media_type)
