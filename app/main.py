"""The web application: every route, every guard, every part that starts and stops with it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Router
from litestar.di import Provide

from app import wiring
from app.accounts import api as accounts_api
from app.accounts.schemas import MePatch
from app.analytics import api as analytics_api
from app.analytics import service as analytics_service
from app.audit import api as audit_api
from app.core import (
    contracts,
    db,
    devices,
    edge,
    health,
    preferences,
    render,
    security,
    static,
)
from app.core.postings import Postings
from app.core.preferences import PreferencesForm
from app.core.settings import Settings
from app.core.wakes import Wakes
from app.desk.dev import dev_routes
from app.desk.routes import ROUTES as DESK_ROUTES
from app.feeds import api as feeds_api
from app.leads import api as leads_api
from app.listings import api as listings_api
from app.market.routes import ROUTES as MARKET_ROUTES
from app.media import api as media_api
from app.media.routes import ROUTES as MEDIA_ROUTES
from app.notices import api as notices_api
from app.orgs import api as orgs_api
from app.orgs import rules as orgs_rules
from app.orgs import service as orgs_service
from app.orgs.api import identify
from app.outlets import api as outlets_api
from app.search import api as search_api
from app.search import service as search_service
from app.sla import api as sla_api
from app.taxonomy import api as taxonomy_api
from app.vehicles import api as vehicles_api
from app.webhooks import api as webhooks_api
from realtime.hub import Hub
from realtime.routes import Live

ALIASES = {"/v1/": "/api/v1/"}  # C-05


def api_routes() -> Router:
    """JSON handlers."""
    handlers = (
        accounts_api.ROUTES,
        orgs_api.ROUTES,
        audit_api.ROUTES,
        *sla_api.ROUTES,
        *feeds_api.ROUTES,
        *outlets_api.ROUTES,
        *webhooks_api.ROUTES,
        *leads_api.ROUTES,
        *notices_api.ROUTES,
        *taxonomy_api.ROUTES,
        *vehicles_api.ROUTES,
        *media_api.ROUTES,
        listings_api.ROUTES,
        search_api.ROUTES,
        *analytics_api.ROUTES,
    )
    return Router("/api/v1", route_handlers=handlers)


class Parts:
    """What starts and stops with an application. Handlers find it here, so that one application can live again."""

    def __init__(self, settings: Settings) -> None:
        self.renew(settings)

    def renew(self, settings: Settings) -> None:
        """New parts for the next life; only the servers' addresses may differ from those of the last."""
        wiring.install()
        security.install(find=identify.find, may=orgs_rules.may, demo=settings.desk_demo)
        render.install(settings)
        preferences.install(keep_preferences)
        self.settings = settings
        self.limiter = edge.limiter_for(settings)
        self.tally = analytics_service.renew()
        self.wakes = Wakes(settings.redis_url)
        postings = Postings(settings.redis_url, "here")
        self.hub = Hub(renderer=render, wakes=self.wakes, postings=postings, kind=settings.live_hub)

    @asynccontextmanager
    async def running(self, _app: Litestar) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if self.settings.database_url:
                database = db.Database(self.settings)
                db.install(database)
                stack.push_async_callback(database.close)
                self.tally.start()
                stack.push_async_callback(self.tally.stop)
            stack.push_async_callback(self.limiter.close)
            await self.wakes.start()
            stack.push_async_callback(self.wakes.stop)
            if self.settings.redis_url:
                stack.callback(health.part("redis", self.wakes.check))
            await stack.enter_async_context(search_service.connected(self.settings))
            hub = self.hub
            stack.callback(health.leaving(lambda: hub.draining))
            await hub.start()
            stack.push_async_callback(hub.stop)
            yield


def create_app(settings: Settings) -> Litestar:
    """The application for one process; `app.state.parts` has its live hub."""
    parts = Parts(settings)
    live = Live(lambda: parts.hub, render)
    pages = Router(
        "/",
        route_handlers=[
            static.show_static, preferences.update_preferences, *MEDIA_ROUTES, *MARKET_ROUTES, *DESK_ROUTES,
            *(dev_routes if settings.desk_demo else ()),
        ],
        include_in_schema=False,
    )  # fmt: skip
    app = Litestar(
        route_handlers=[*health.ROUTES, api_routes(), *live.routes, pages],
        guards=[security.enforce],
        dependencies={
            "db": Provide(security.provide_db),
            "who": Provide(security.provide_who),
            "visitor": Provide(security.provide_visitor),
            "device": Provide(devices.provide_device),
            "limiter": Provide(lambda: parts.limiter, sync_to_thread=False),
        },
        middleware=[edge.middleware(settings, lambda: parts.limiter), security.Identify],
        lifespan=[parts.running],
        openapi_config=contracts.openapi_config(),
        logging_config=None,
        **edge.arguments(),
    )  # fmt: skip
    app.state.parts = parts
    edge.wrap(app, settings, aliases=ALIASES)
    return app


async def keep_preferences(request: Request[Any, Any, Any], form: PreferencesForm) -> None:
    """Language and theme of somebody signed in follow them to their other devices."""
    given = {"lang": form.lang, "theme": "system" if form.theme == "auto" else form.theme, "digits": form.digits}
    patch = {name: value for name, value in given.items() if value is not None}
    async with db.unit(security.scope_of(request)) as session:
        await orgs_service.change_me(session, MePatch(**patch))  # type: ignore[arg-type]
