"""The web application: every route, every guard, in one place."""

from litestar import Litestar, Router
from litestar.di import Provide

from app import wiring
from app.accounts import api as accounts_api
from app.audit import api as audit_api
from app.core import db, devices, edge, health, preferences, render, security, static
from app.core.settings import Settings
from app.desk.dev import dev_routes
from app.orgs import api as orgs_api
from app.orgs import rules as orgs_rules
from app.orgs.api import identify


def api_routes() -> list[Router]:
    """JSON handlers, mounted under /api/v1 and, by C-05, /v1."""
    handlers = (accounts_api.ROUTES, orgs_api.ROUTES, audit_api.ROUTES)
    return [Router("/api/v1", route_handlers=handlers), Router("/v1", route_handlers=handlers, include_in_schema=False)]


def create_app(settings: Settings) -> Litestar:
    """The application for one process; `db.install` must come before the first request."""
    wiring.install()
    security.install(find=identify.find, may=orgs_rules.may, demo=settings.desk_demo)
    render.install(settings)
    limiter = edge.limiter_for(settings)

    async def open_database() -> None:
        if settings.database_url:
            db.install(db.Database(settings))

    async def close_database() -> None:
        await db.installed().close()

    app = Litestar(
        route_handlers=[*health.ROUTES, *api_routes(), static.show_static, preferences.update_preferences, *dev_routes],
        guards=[security.enforce],
        dependencies={
            "db": Provide(security.provide_db),
            "who": Provide(security.provide_who),
            "visitor": Provide(security.provide_visitor),
            "device": Provide(devices.provide_device),
        },
        middleware=[edge.middleware(settings, limiter), security.Identify],
        on_startup=[open_database],
        on_shutdown=[close_database, limiter.close],
        openapi_config=None,
        logging_config=None,
        **edge.arguments(),
    )
    edge.wrap(app, settings)
    return app
