"""How the market's pages are kept: for everybody a minute, and nothing personal in any cache but the reader's own."""

import hashlib
import re
from functools import lru_cache
from typing import Any

import brotli
from litestar.connection import ASGIConnection

from app.core import inlining, render, settings, static
from app.core.edge import csrf
from app.core.edge.headers import content_security_policy

OPEN = "no-cache"
"""What a route of the market says of a page that holds nothing but what anybody may see; all else stays as it is."""

SHARED = "public, max-age=0, s-maxage=60, stale-while-revalidate=300"
OWN = "private, no-cache"
SPECULATION = "/speculation.json"

_READING = (render.THEME, render.DIGITS, render.FLASH)
"""Cookies that change what a page looks like, or what it says."""
_SHEET = re.compile(r'<link rel="stylesheet" href="/static/app\.[0-9a-f]+\.css">')
_THEME = re.compile(r'<script src="/static/js/theme\.[0-9a-f]+\.js"></script>')
_KEY = re.compile(rb'name="_idempotency_key" value="[^"]*"')
_LEAST = 600
_LEVEL = 5


class Kept:
    """ASGI middleware: ETag and 304, who may keep it, brotli where nothing personal is in it."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: Any = None
        body: list[bytes] = []

        async def hold(message: Any) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_open(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body.append(message.get("body", b""))
                if not message.get("more_body"):
                    await _answer(scope, start, b"".join(body), send)

        await self._app(scope, receive, hold)


def _is_open(message: Any) -> bool:
    said = {name.lower(): value for name, value in message["headers"]}
    return said.get(b"cache-control") == OPEN.encode() and said.get(b"content-type", b"").startswith(b"text/html")


async def _answer(scope: Any, start: Any, content: bytes, send: Any) -> None:
    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
    content, sheet = _whole(content)
    own = _is_own(connection) or any(name.lower() == b"set-cookie" for name, _ in start["headers"])
    etag = f'W/"{hashlib.sha256(_KEY.sub(b"", content)).hexdigest()[:20]}"'
    headers = [(name, value) for name, value in start["headers"] if name.lower() not in _OURS]
    headers += [
        (b"cache-control", (OWN if own else SHARED).encode()),
        (b"vary", b"Accept-Encoding, Cookie, HX-Request"),
        (b"speculation-rules", f'"{SPECULATION}"'.encode()),
        (b"content-security-policy", _policy(settings.current(), inlining.digest(sheet)).encode()),
    ]
    status = start["status"]
    if status == 200:
        headers.append((b"etag", etag.encode()))
        if etag in connection.headers.get("if-none-match", ""):
            status, content = 304, b""
            headers = [one for one in headers if one[0].lower() not in (b"content-type", b"content-language")]
    # what a session sees is not packed: its size would tell what is in it
    if not own and len(content) > _LEAST and re.search(r"\bbr\b", connection.headers.get("accept-encoding", "")):
        content = brotli.compress(content, quality=_LEVEL)
        headers.append((b"content-encoding", b"br"))
    if status != 304:
        headers.append((b"content-length", str(len(content)).encode()))
    await send({**start, "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _whole(content: bytes) -> tuple[bytes, str]:
    """The page with all in its head that the first paint waits for, each a way there and back less; and its styles."""
    html = _THEME.sub(lambda _: f"<script>{_theme()}</script>", content.decode(), count=1)
    sheet = inlining.styles(html)
    rest = f'<meta name="styles" content="{static.url("app.css")}">'
    return _SHEET.sub(lambda _: f"<style>{sheet}</style>{rest}", html, count=1).encode(), sheet


@lru_cache(512)
def _policy(here: settings.Settings, digest: str) -> str:
    return content_security_policy(here, (digest,), (inlining.digest(_theme()),))


def _theme() -> str:
    """The script that sets the visitor's theme, before anything is painted."""
    bundle = static.bundle()
    return bundle.files[bundle.names["js/theme.js"]].content.decode()


_OURS = frozenset((b"cache-control", b"content-length", b"vary"))


def _is_own(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether the page was made for this reader: signed in, or with choices of their own."""
    personal = {csrf.cookie_name(secure=settings.current().secure), *_READING}
    return "authorization" in connection.headers or any(name in personal for name in connection.cookies)
