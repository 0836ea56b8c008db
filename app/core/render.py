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
from msgspec import Struct, structs

from app.core import error_handlers, i18n
from app.core.i18n import Lang, Text
from app.core.settings import Settings
from app.core.templating import Digits, Flags, environment, environment_of, tag
from app.core.templating import install as install_templates

Connection = ASGIConnection[Any, Any, Any, Any]
Tone = Literal["ok", "info", "warn", "bad"]
Theme = Literal["light", "dark", "auto"]
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


def install(settings: Settings) -> None:
    """Also gives errors their pages and their languages."""
    global _default_lang
    _default_lang = settings.default_language
    install_templates(Flags(demo=settings.desk_demo, production=settings.production, base_url=settings.base_url))
    error_handlers.install(show=show_error, speak=speak)


def page(template: str, /, **context: Any) -> "Page":
    """A whole page, or a fragment that answers htmx; everything of the request is filled in when it is sent.

    Every name is the template's: `page(…).sent(404)` says what the answer is.
    """
    return Page(template, context)


def fragment(name: str, /, *, lang: str, clearance: str = "desk", **context: Any) -> str:
    """The same partial a page includes, without any request: what the hub pushes. `lang` is a tag, as of `reads`."""
    return environment_of(lang).get_template(name).render(clearance=clearance, **context)


def sentence(message: str, lang: str) -> str:
    return i18n.translate(message, i18n.known(lang))


def document(name: str, /, *, lang: str, **context: Any) -> str:
    """A mail or another text outside requests; a name ending in .txt is not escaped."""
    return environment_of(lang).get_template(name).render(**context)


def show_error(scope: Any, view: error_handlers.ErrorView, as_fragment: bool) -> str:
    """The page of a refusal or a fault; for htmx the toast that says it."""
    connection: Connection = ASGIConnection(scope)
    chosen = choices(connection)
    env = environment(chosen.lang, chosen.digits)
    if as_fragment:
        return env.get_template("errors/_refused.html").render(problem=view)
    context = {**request_context(connection, chosen), "flash": None, "problem": view}
    return env.select_template([f"errors/{view.status}.html", "errors/error.html"]).render(context)


def speak(message: str, scope: Any) -> str:
    return i18n.translate(message, choices(ASGIConnection(scope)).lang)


def redirect(to: str, flash: str | None = None, tone: Tone = "ok") -> Response[bytes]:
    """303 to a page of ours, which says `flash` once."""
    cookies = [] if flash is None else [_flash_cookie(flash, tone)]
    return Response(b"", status_code=303, headers={"location": to}, cookies=cookies, media_type="text/html")


class Page(Response[bytes]):
    """Rendered when Litestar sends it, because only then the request is known."""

    def __init__(self, template: str, context: dict[str, Any]) -> None:
        super().__init__(b"", status_code=200, media_type="text/html")
        self.template = template
        self.context = context
        self._lang: Lang | None = None

    def sent(self, status: int = 200, headers: Mapping[str, str] | None = None) -> "Page":
        """The same page, answered with this status and with these headers."""
        self.status_code = status
        self.headers.update(headers or {})
        return self

    def spoken(self, lang: Lang | None) -> "Page":
        """The same page in this language, whatever its reader reads otherwise; None changes nothing."""
        self._lang = lang
        return self

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **given: Any) -> ASGIResponse:
        chosen = choices(request)
        if self._lang is not None:
            chosen = structs.replace(chosen, lang=self._lang)
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
    who = request.scope.get("state", {}).get("principal")
    cookies = request.cookies
    theme = (who and who.theme) or cookies.get(THEME)
    return Chosen(
        lang=_language(request, who.lang if who else None),
        theme=theme if theme in ("light", "dark") else "auto",  # type: ignore[arg-type]
        digits="urdu" if ((who and who.digits) or cookies.get(DIGITS)) == "urdu" else "latin",
    )


def reads(connection: Connection) -> str:
    """The tag of `choices`: a socket's pushes read as its pages do."""
    chosen = choices(connection)
    return tag(chosen.lang, chosen.digits)


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
