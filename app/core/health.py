"""Is this process alive, can it work, what does it count: `/healthz`, `/readyz`, `/readiness`, `/metrics`.

`app.main` mounts ROUTES and calls `part("redis", ping)` for each thing it connected to; background loops call
`beat("hub")` on every round. PostgreSQL unreachable or at another schema is 503, and so is a process that empties
itself to stop (`leaving`); the rest is `degraded` in a 200.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Annotated, Any, Literal

from litestar import Request, Response, get
from msgspec import Meta, Struct, field
from msgspec.structs import replace
from sqlalchemy import text

from app.core import db, revisions
from app.core.errors import NotFound
from app.core.telemetry import VERSION, metrics

Check = Callable[[], Awaitable[Any]]
State = Literal["ok", "unreachable", "schema_mismatch", "stale"]

_WAIT_S = 1.5
_FRESH_S = 0.5


class Health(Struct, frozen=True):
    status: Literal["ok"]
    version: str


class Readiness(Struct, frozen=True):
    status: Literal["ready", "degraded", "draining", "unavailable"]
    version: str
    parts: Annotated[dict[str, State], Meta(description="Each part this process uses, and how it is.")]
    degraded: Annotated[list[str], Meta(description="Parts that are missing; the product goes on without them.")] = (
        field(default_factory=list)
    )


_parts: dict[str, Check] = {}
_leaving: list[Callable[[], bool]] = []
_beats: dict[str, tuple[float, float]] = {}
_last: tuple[float, Readiness] | None = None
_lock = asyncio.Lock()


def part(name: str, check: Check) -> Callable[[], None]:
    """Ask `check` for readiness: it returns when the part answers and raises when not. Returns the way to stop it."""
    _parts[name] = check
    return lambda: _parts.pop(name, None) and None


def leaving(check: Callable[[], bool]) -> Callable[[], None]:
    """While `check()` is true this process wants no new visitors. Returns the way to stop asking it."""
    _leaving.append(check)
    return lambda: _leaving.remove(check)


def beat(name: str, *, within_s: float = 15) -> None:
    """A background loop is alive; unless it says so again in `within_s` it shows as `stale`."""
    _beats[name] = (monotonic(), within_s)


def still(name: str) -> None:
    """The loop `name` ended on purpose."""
    _beats.pop(name, None)


async def readiness() -> Readiness:
    """How every part is now; asked at most twice a second, whoever asks."""
    global _last
    async with _lock:
        if _last is None or monotonic() - _last[0] > _FRESH_S:
            _last = (monotonic(), await _ask())
        found = _last[1]
    goes = found.status != "unavailable" and any(check() for check in _leaving)
    return replace(found, status="draining") if goes else found


async def _ask() -> Readiness:
    names = list(_parts)
    database, *others = await asyncio.gather(_postgres(), *(_state(_parts[name]) for name in names))
    parts: dict[str, State] = {"postgresql": database, **dict(zip(names, others, strict=True))}
    for name, (at, within_s) in _beats.items():
        parts[name] = "ok" if monotonic() - at <= within_s else "stale"
    degraded = [name for name, state in parts.items() if state != "ok" and name != "postgresql"]
    if database != "ok":
        return Readiness("unavailable", VERSION, parts, degraded)
    return Readiness("degraded" if degraded else "ready", VERSION, parts, degraded)


async def _state(check: Check) -> State:
    try:
        async with asyncio.timeout(_WAIT_S):
            await check()
    except Exception:  # noqa: BLE001 - whatever is wrong with a part, the answer is that it is missing
        return "unreachable"
    return "ok"


async def _postgres() -> State:
    try:
        async with asyncio.timeout(_WAIT_S), db.installed().app.connect() as connection:
            found = await connection.scalar(text("select string_agg(version_num, ',') from alembic_version"))
    except Exception as error:  # noqa: BLE001 - a missing table is a missing schema; all else is a missing server
        return "schema_mismatch" if "alembic_version" in str(error) else "unreachable"
    return "ok" if found == revisions.head() else "schema_mismatch"


_UNCACHED = {"cache-control": "no-store"}


@get("/healthz", access="public", tags=["operations"], summary="Is the process alive", response_headers=_UNCACHED)
async def show_health() -> Health:
    return Health("ok", VERSION)


@get(["/readyz", "/readiness"], access="public", tags=["operations"], summary="Can the process work")
async def show_readiness() -> Response[Readiness]:
    found = await readiness()
    return Response(found, status_code=503 if found.status in ("draining", "unavailable") else 200, headers=_UNCACHED)


@get("/metrics", access="public", include_in_schema=False, media_type=metrics.CONTENT_TYPE_LATEST)
async def show_metrics(request: Request[Any, Any, Any]) -> bytes:
    """For the scraper beside us: what came through a proxy came from outside, and there it does not exist."""
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        raise NotFound
    return await metrics.render()


ROUTES = [show_health, show_readiness, show_metrics]
