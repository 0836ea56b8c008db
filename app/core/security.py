"""Who is asking, and whether they may: the principal, how it is found, the guard of every route."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Literal

from litestar.connection import ASGIConnection, Request
from litestar.datastructures import Cookie
from litestar.handlers.base import BaseRouteHandler
from msgspec import Struct

from app.core import db as database
from app.core.base import Db, Scope
from app.core.errors import Forbidden, NotFound, SignInNeeded
from app.core.ids import Id

Connection = ASGIConnection[Any, Any, Any, Any]
OrgKind = Literal["dealer", "person", "platform"]


class Principal(Struct, frozen=True, kw_only=True):
    """A signed-in person acting in one org. `branch_*` is None for those who see the whole org."""

    person_id: Id
    session_id: Id
    org_id: Id
    org_slug: str
    org_name: str
    org_kind: OrgKind
    role: str
    branch_id: Id | None = None
    branch_slug: str | None = None
    name: str = ""
    lang: str | None = None
    theme: str | None = None
    digits: str | None = None
    via: Literal["cookie", "bearer"] = "cookie"


class Access(Struct, frozen=True):
    """Parsed `access=` of a route: public, dev, person, or org with an action of the permission matrix."""

    kind: Literal["public", "dev", "person", "org"]
    action: str = ""


Finder = Callable[[Connection], Awaitable[Principal | None]]
May = Callable[[str, str], bool]

_finder: Finder | None = None
_may: May | None = None
_demo = False


def install(*, find: Finder, may: May, demo: bool) -> None:
    """Say how a principal is found and which role may do what; domains own both."""
    global _finder, _may, _demo
    _finder, _may, _demo = find, may, demo


async def find(connection: Connection) -> Principal | None:
    """Who is asking, looked up now: long-lived sockets ask again whether their session still stands."""
    return await _finder(connection) if _finder else None


def may(role: str, action: str) -> bool:
    return _may is not None and _may(role, action)


def access_of(handler: BaseRouteHandler) -> Access:
    """The tenancy class a route declares. Raises LookupError where it declares none."""
    declared = handler.opt.get("access")
    if not isinstance(declared, str):
        raise LookupError(f"{handler} declares no access")
    kind, _, action = declared.partition(":")
    if kind not in ("public", "dev", "person", "org") or (kind == "org") != bool(action):
        raise LookupError(f"{handler} declares access {declared!r}")
    return Access(kind, action)  # type: ignore[arg-type]


class Identify:
    """ASGI middleware: finds the principal once per request and keeps it in `scope["state"]["principal"]`."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] in ("http", "websocket"):
            state = scope.setdefault("state", {})
            connection: Connection = ASGIConnection(scope, receive, send)
            state["principal"] = await find(connection)
            send = _with_cookies(state.get("set_cookies"), send)
        await self.app(scope, receive, send)


def set_cookie(connection: Connection, cookie: Cookie) -> None:
    """Have the answer to this request set `cookie`; for what is decided before any handler runs."""
    connection.scope["state"].setdefault("set_cookies", []).append(cookie)


def _with_cookies(cookies: list[Cookie] | None, send: Any) -> Any:
    if not cookies:
        return send

    async def carry(message: Any) -> None:
        if message["type"] == "http.response.start":
            ours = [(b"set-cookie", cookie.to_header(header="").encode("latin-1")) for cookie in cookies]
            message = {**message, "headers": [*message["headers"], *ours]}
        await send(message)

    return carry


def principal_of(connection: Connection) -> Principal | None:
    found: Principal | None = connection.scope["state"].get("principal")
    return found


async def enforce(connection: Connection, handler: BaseRouteHandler) -> None:
    """Guard of every route. Raises SignInNeeded, Forbidden, or NotFound for what does not exist here."""
    if connection.scope.get("method") == "OPTIONS" and "access" not in handler.opt:
        return  # the framework's own answer, which only names methods
    access = access_of(handler)
    if access.kind == "public":
        return
    if access.kind == "dev":
        if not _demo:
            raise NotFound
        return
    who = principal_of(connection)
    if who is None:
        raise SignInNeeded
    if access.kind == "org" and not may(who.role, access.action):
        raise Forbidden


def scope_of(connection: Connection) -> Scope:
    who = principal_of(connection)
    request_id = connection.scope["state"].get("request_id")
    if who is None:
        return Scope(request_id=request_id)
    return Scope(org_id=who.org_id, person_id=who.person_id, actor_id=who.person_id, request_id=request_id)


async def provide_who(request: Request[Any, Any, Any]) -> Principal:
    """Dependency `who`. Raises SignInNeeded."""
    who = principal_of(request)
    if who is None:
        raise SignInNeeded
    return who


async def provide_visitor(request: Request[Any, Any, Any]) -> Principal | None:
    """Dependency `visitor`: who is signed in, if anybody."""
    return principal_of(request)


async def provide_db(request: Request[Any, Any, Any]) -> AsyncIterator[Db]:
    """Dependency `db`: the request's unit of work, committed after the handler and before the answer is sent.

    GET and HEAD read one snapshot, unless the route says `writes=True`.
    """
    read = request.method in ("GET", "HEAD") and not request.route_handler.opt.get("writes")
    async with database.unit(scope_of(request), read=read) as session:
        yield session
