"""The web application: every route, every guard, in one place."""

from litestar import Litestar, Router
from litestar.di import Provide

from app import wiring
from app.core import contracts, db, edge, health, security
from app.core.settings import Settings


def api_routes() -> list[Router]:
    """JSON handlers, mounted under /api/v1 and, by C-05, /v1."""
    return []


def create_app(settings: Settings) -> Litestar:
    """The application for one process; `db.install` must come before the first request."""
    wiring.install()
    limiter = edge.limiter_for(settings)

    async def open_database() -> None:
        if settings.database_url:
            db.install(db.Database(settings))

    async def close_database() -> None:
        await db.installed().close()

    app = Litestar(
        route_handlers=[*health.ROUTES, *api_routes()],
        guards=[security.enforce],
        dependencies={
            "db": Provide(security.provide_db),
            "who": Provide(security.provide_who),
            "visitor": Provide(security.provide_visitor),
        },
        middleware=[edge.middleware(settings, limiter), security.Identify],
        on_startup=[open_database],
        on_shutdown=[close_database, limiter.close],
        openapi_config=contracts.openapi_config(),
        logging_config=None,
        **edge.arguments(),
    )
    edge.wrap(app, settings)
    return app
