"""Language, theme and digits: kept in cookies for everybody, and in the profile of who is signed in."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from litestar import Request, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Response
from msgspec import Struct

from app.core import render
from app.core.i18n import Lang

YEAR = 365 * 24 * 3600


class PreferencesForm(Struct, frozen=True, forbid_unknown_fields=True):
    lang: Lang | None = None
    theme: Literal["light", "dark", "auto"] | None = None
    digits: Literal["latin", "urdu"] | None = None
    next: str = "/"


Keeper = Callable[[Request[Any, Any, Any], PreferencesForm], Awaitable[None]]

_keeper: Keeper | None = None


def install(keeper: Keeper) -> None:
    """Say how the profile of a signed-in person remembers; a domain owns that."""
    global _keeper
    _keeper = keeper


@post("/preferences", access="public", include_in_schema=False, status_code=303)
async def update_preferences(
    request: Request[Any, Any, Any],
    data: Annotated[PreferencesForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[bytes]:
    """Back to the page it came from, now read differently."""
    if _keeper and request.scope.get("state", {}).get("principal") is not None:
        await _keeper(request, data)
    return kept(render.redirect(local_path(data.next)), lang=data.lang, theme=data.theme, digits=data.digits)


def kept(answer: Response[bytes], **chosen: str | None) -> Response[bytes]:
    """The answer with a cookie for each choice made; they are named as in render."""
    for name, value in chosen.items():
        if value is not None:
            answer.cookies.append(Cookie(name, value=value, path="/", max_age=YEAR, samesite="lax"))
    return answer


def local_path(given: str) -> str:
    """A path on this host, never another site: `//evil`, `/\\evil` and control characters lead home."""
    if not given.startswith("/") or given[1:2] in ("/", "\\") or any(ord(char) < 33 for char in given):
        return "/"
    return given
