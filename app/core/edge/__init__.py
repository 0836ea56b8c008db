"""The edge: what a request passes before a handler sees it, and what an answer carries on its way out.

In app.main:

    limiter = edge.limiter_for(settings)
    app = Litestar(..., middleware=[edge.middleware(settings, lambda: limiter), ...], **edge.arguments())
    edge.wrap(app, settings)

A route may say: `limit="login"` (class of `limits.LIMITS`), `body_limit=bytes`, `takes="text/csv"`. A handler that
counts more asks for `limiter: WithLimiter`: `take` for what is done, `attempt` for what may fail. `scope["state"]`
then holds `request_id`, `address` (the client's, behind trusted proxies) and `idempotency_key` (of a form).
"""

from collections.abc import Callable, Mapping
from typing import Any

from litestar import Litestar
from litestar.middleware import DefineMiddleware

from app.core import error_handlers
from app.core.edge.aliases import Aliases
from app.core.edge.front import Front
from app.core.edge.intake import MAX_FIELDS, Intake
from app.core.edge.ratelimit import Limiter, limiter_for
from app.core.settings import Settings
from app.core.telemetry import Observe

__all__ = ["Limiter", "arguments", "limiter_for", "middleware", "wrap"]


def middleware(settings: Settings, limiter: Callable[[], Limiter]) -> DefineMiddleware:
    """First in the list: before anybody looks up who is asking."""
    return DefineMiddleware(Intake, settings=settings, limiter=limiter)


def arguments() -> dict[str, Any]:
    """Further arguments of Litestar: error table and ceilings. Intake has the finer limits."""
    return {
        "exception_handlers": {Exception: error_handlers.handle},
        "multipart_form_part_limit": MAX_FIELDS,
        "request_max_body_size": 256 * 1024 * 1024,
        "debug": False,
    }


def wrap(
    app: Litestar, settings: Settings, *, style_hashes: tuple[str, ...] = (), aliases: Mapping[str, str] | None = None
) -> None:
    """Put the front before routing, so that 404s, faults and sockets pass it too; outside it, what watches them all.

    `aliases` are further names of paths by how they begin: {"/v1/": "/api/v1/"}.
    """
    front = Front(app.asgi_handler, settings, style_hashes=style_hashes)
    watched: Any = Observe(Aliases(front, aliases or {}))
    app.asgi_handler = watched
