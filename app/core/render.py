"""Templates to answers: whole pages in the visitor's language and theme, and fragments that anybody may push."""

import base64
import binascii
import contextlib
import json
from collections.abc import Mapping
from typing import Any, Literal

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.response import Response
from litestar.response.base import ASGIResponse
from msgspec import Struct

from app.core import i18n
from app.core.i18n import Lang, Text
from app.core.security import principal_of
from app.core.templating import Digits, Flags, environment
from app.core.templating import install as install_templates

Connection = ASGIConnection[Any, Any, Any, Any]
Tone = Literal["ok", "info", "warn", "bad"]
Theme = Literal["light", "dark", "auto"]
Clearance = Literal["desk", "desk+cost", "desk-contact", "public"]
FLASH, LANG, THEME, DIGITS = "flash", "lang", "theme", "digits"

_default_lang: Lang = "en"


class Flash(Struct, frozen=True):
    """What happened, said once on the next page."""

    message: str
    tone: Tone = "ok"


class Chosen(Struct, frozen=True):
    """How this visitor reads: from their profile, else their cookies, else our default."""

    lang: Lang
    theme: Theme
    digits: Digits


def install(flags: Flags, default_lang: Lang) -> None:
    global _default_lang
    _default_lang = default_lang
    install_templates(flags)


def page(template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **context: Any) -> "Page":
    """A whole page, or a fragment that answers htmx; everything of the request is filled in when it is sent."""
    return Page(template, context, status=status, headers=headers or {})


def fragment(template: str, *, lang: Lang, clearance: Clearance = "desk", **context: Any) -> str:
    """The same partial a page includes, without any request: what the hub pushes."""
    return environment(lang).get_template(template).render(clearance=clearance, **context)


def text(template: str, *, lang: Lang, **context: Any) -> str:
    """A mail or another document outside requests."""
    return environment(lang).get_template(template).render(**context)


def redirect(to: str, flash: str | None = None, tone: Tone = "ok") -> Response[bytes]:
    """303 to a page of ours, which says `flash` once."""
    cookies = [] if flash is None else [_flash_cookie(flash, tone)]
    return Response(b"", status_code=303, headers={"location": to}, cookies=cookies, media_type="text/html")


class Page(Response[bytes]):
    """Rendered when Litestar sends it, because only then the request is known."""

    def __init__(self, template: str, context: dict[str, Any], *, status: int, headers: Mapping[str, str]) -> None:
        super().__init__(b"", status_code=status, headers=dict(headers), media_type="text/html; charset=utf-8")
        self.template = template
        self.context = context

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **given: Any) -> ASGIResponse:
        chosen = choices(request)
        told = _flash_of(request)
        env = environment(chosen.lang, chosen.digits)
        filled = {**request_context(request, chosen), "flash": told, **self.context}
        self.content = env.get_template(self.template).render(filled).encode()
        self.headers.setdefault("content-language", chosen.lang)
        if told:
            self.cookies.append(Cookie(FLASH, value="", path="/", max_age=0, httponly=True, samesite="lax"))
        return super().to_asgi_response(app, request, **given)


def request_context(request: Connection, chosen: Chosen) -> dict[str, Any]:
    """What layouts may use of the request; fragments may not, so that pages and pushes cannot differ."""
    state = request.scope.get("state", {})
    path = request.scope["path"]
    return {
        "who": state.get("principal"),
        "csrf_token": state.get("csrf_token") or "",
        "request_id": state.get("request_id") or "",
        "theme": chosen.theme,
        "digits": chosen.digits,
        "here": path,
        "here_with_query": path + (f"?{query}" if (query := request.scope["query_string"].decode("latin-1")) else ""),
        "clearance": state.get("clearance") or "desk",
    }


def choices(request: Connection) -> Chosen:
    """A path under /ur/, or of a handler that says `language="path"`, decides the language by itself."""
    who = principal_of(request)
    cookies = request.cookies
    theme = (who and who.theme) or cookies.get(THEME)
    return Chosen(
        lang=_language(request, who.lang if who else None),
        theme=theme if theme in ("light", "dark") else "auto",  # type: ignore[arg-type]
        digits="urdu" if cookies.get(DIGITS) == "urdu" else "latin",
    )


def _language(request: Connection, own: str | None) -> Lang:
    path = request.scope["path"]
    if path == "/ur" or path.startswith("/ur/"):
        return "ur"
    handler = request.scope.get("route_handler")
    if handler is not None and handler.opt.get("language") == "path":
        return "en"
    return i18n.known(own or request.cookies.get(LANG), _default_lang)


def other_language(path: str) -> str:
    """The same public page in the other language."""
    if path == "/ur" or path.startswith("/ur/"):
        return path[3:] or "/"
    return f"/ur{path}" if path != "/" else "/ur"


def _flash_cookie(message: str, tone: Tone) -> Cookie:
    values = {name: str(value) for name, value in getattr(message, "values", {}).items()}
    packed = base64.urlsafe_b64encode(json.dumps([str(message), values, tone]).encode()).decode()
    return Cookie(FLASH, value=packed, path="/", max_age=60, httponly=True, samesite="lax")


def _flash_of(request: Connection) -> Flash | None:
    """Whatever the cookie holds is shown as text, in a tone we know."""
    packed = request.cookies.get(FLASH)
    if not packed or len(packed) > 3000:
        return None
    with contextlib.suppress(ValueError, TypeError, KeyError, binascii.Error):
        message, values, tone = json.loads(base64.urlsafe_b64decode(packed))
        if isinstance(message, str) and isinstance(values, dict) and tone in ("ok", "info", "warn", "bad"):
            told = Text(message, {str(name): str(value) for name, value in values.items()})
            i18n.fill(told, told.values)  # a forged one may not fit its values
            return Flash(told, tone)
    return None
