"""Who is behind a connection: a bearer token first, then the session cookie. Unknown ones are nobody."""

from typing import Any

from app.core import jwt, security, sessions, settings
from app.core.edge import csrf
from app.core.security import Connection, Principal
from app.orgs import queries, rules

_SCHEME = "bearer "


async def find(connection: Connection) -> Principal | None:
    """A wrong token is not rescued by a cookie."""
    state = connection.scope["state"]
    given = connection.headers.get("authorization")
    if given is not None:
        found = await _by_token(given)
    else:
        found = await _by_cookie(connection)
    if found is not None:
        state["clearance"] = rules.clearance(found.role)
    return found


async def _by_token(given: str) -> Principal | None:
    if not given.lower().startswith(_SCHEME):
        return None
    try:
        claims = jwt.read("access", given[len(_SCHEME) :].strip())
    except jwt.BadToken:
        return None
    return await queries.by_claims(claims)


async def _by_cookie(connection: Connection) -> Principal | None:
    token = connection.cookies.get(sessions.name())
    if not token or len(token) > 128:
        return None
    found = await queries.by_cookie(token, may_renew=_navigates(connection))
    if found is None:
        return None
    if found.fresh_token is not None:
        security.set_cookie(connection, sessions.cookie(found.fresh_token))
        state = connection.scope["state"]
        state["csrf_token"] = csrf.token_for(settings.current().secret_key, found.fresh_token)
    return found.principal


def _navigates(connection: Connection) -> bool:
    """A whole page is loading: only then may the id change, for open pages hold tokens bound to the old one."""
    scope: Any = connection.scope
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and "hx-request" not in connection.headers
        and "text/html" in connection.headers.get("accept", "")
    )
