"""The board of notes as a web application: page, region, writes, and the live road."""

import os
from typing import Annotated, Any
from uuid import UUID

from litestar import Litestar, MediaType, Response, get, post
from litestar.di import Provide
from litestar.params import QueryParameter
from litestar.static_files import create_static_files_router
from sqlalchemy import text

from app.core import db, edge, feeds, security
from app.core.base import Scope
from app.core.postings import Postings
from app.core.security import Connection, Principal
from app.core.settings import Settings, load
from app.core.telemetry import metrics
from app.core.wakes import Wakes
from realtime import server
from realtime.hub import Hub
from realtime.routes import Live
from tests.realtime.proof import facts
from tests.support.proof_page import LEAD, PAGE


async def find(connection: Connection) -> Principal | None:
    """`org.person.session.role.branch` in the cookie or as bearer; the branch is a slug whose id is its own uuid."""
    bearer = connection.headers.get("authorization", "").removeprefix("Bearer ")
    told = bearer or connection.cookies.get("sid", "")
    if told.count(".") != 4:
        return None
    org, person, session_id, role, branch = told.split(".")
    async with db.system() as session:
        gone = await session.execute(text("select 1 from ended where session_id = :s"), {"s": UUID(session_id)})
        if gone.first() is not None:
            return None
    return Principal(
        person_id=UUID(person), session_id=UUID(session_id), org_id=UUID(org), org_slug="o", org_name="O",
        org_kind="dealer", role=role, branch_id=UUID(branch) if branch else None, branch_slug=branch or None,
        name=f"Guest {person[-4:]}", via="bearer" if bearer else "cookie",
    )  # fmt: skip


def may(role: str, action: str) -> bool:
    return role in ("owner", "manager") or action != "secrets.read"


@get("/notes", access="person", media_type=MediaType.HTML)
async def show_notes(who: Principal, lead: Annotated[UUID | None, QueryParameter(name="lead")] = None) -> str:
    """With `lead`, as if that note were open for an answer."""
    async with db.unit(Scope(org_id=who.org_id), read=True) as session:
        at, notes = await feeds.position(session), await facts.notes(session)
    return PAGE.format(
        at=at, rows="".join(map(facts.note_row, notes)), count=len(notes), session=who.session_id,
        person=who.person_id, lead=LEAD.format(id=lead) if lead else "",
    )  # fmt: skip


@get("/notes/region", access="person", media_type=MediaType.HTML)
async def show_region(who: Principal) -> str:
    async with db.unit(Scope(org_id=who.org_id), read=True) as session:
        at, notes = await feeds.position(session), await facts.notes(session)
    rows = "".join(map(facts.note_row, notes))
    return f'<ul id="notes" data-topic="notes:org" data-at="{at}" data-src="/notes/region">{rows}</ul>'


@post("/notes", access="person")
async def create_note(who: Principal, data: dict[str, Any]) -> dict[str, str]:
    made = await facts.write_note(who.org_id, data["body"], note_id=UUID(data["id"]) if "id" in data else None)
    return {"id": str(made)}


@post("/replies", access="person")
async def create_reply() -> None:
    """Sent."""


@get("/figures", access="public")
async def show_figures() -> Response[bytes]:
    return Response(await metrics.render(), media_type="text/plain")


def make(settings: Settings) -> tuple[Litestar, Hub]:
    facts.install()
    security.install(find=find, may=may, demo=True)
    wakes = Wakes(settings.redis_url)
    renderer = facts.Renderer()
    beat_s = float(os.environ.get("BEAT_S", "10"))
    postings = Postings(settings.redis_url, "here")
    hub = Hub(renderer=renderer, wakes=wakes, postings=postings, kind=settings.live_hub, beat_s=beat_s)

    async def start() -> None:
        db.install(db.Database(settings))
        await wakes.start()
        await hub.start()

    async def stop() -> None:
        await hub.stop()
        await wakes.stop()
        await db.installed().close()

    routes = [show_notes, show_region, create_note, create_reply, show_figures, *Live(lambda: hub, renderer).routes]
    static = create_static_files_router("/static", directories=["static"], opt={"access": "public"})
    app = Litestar(
        [*routes, static], guards=[security.enforce], middleware=[security.Identify], on_startup=[start],
        on_shutdown=[stop], dependencies={"who": Provide(security.provide_who)}, openapi_config=None,
    )  # fmt: skip
    edge.wrap(app, settings)
    return app, hub


def main() -> None:
    settings = load(os.environ)
    server.run(*make(settings), settings)


if __name__ == "__main__":
    main()
