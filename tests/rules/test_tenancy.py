"""IAM-12, T1-T3: every route, every role, the own org, another org, nobody. Two guards, each enough alone."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator

import asyncpg
import msgspec
import pytest
from sqlalchemy import select

from app.accounts.schemas import MePatch
from app.adapters import http, storage
from app.core import base, db
from app.core.base import Scope
from app.core.embedded.servers import Servers
from app.core.ids import Id
from app.core.settings import Settings
from app.orgs import rules, service
from app.orgs.models import Membership, Org
from tests.adapters.test_http import as_libc
from tests.conftest import world as filled
from tests.support import tenancy_imports, tenancy_market, tenancy_media, tenancy_outlets
from tests.support.api import cheap_passwords, serving
from tests.support.clones import Clones
from tests.support.proofs import in_two_sizes
from tests.support.tenancy import Place, World, build
from tests.support.tenancy_asking import Route, http_routes
from tests.support.tenancy_listener import Listener
from tests.support.tenancy_walk import Figures, Walk, rolled_back

# Answered only with secrets the walk does not hold; their own tests do.
NOT_SERVED = {
    "POST /api/v1/auth/login", "POST /api/v1/auth/refresh", "POST /api/v1/auth/password/reset",
    "POST /api/v1/invitations/accept",
    "POST /sign-in", "GET /invitations/{code:str}", "POST /invitations/{code:str}",
    "POST /reset-password/{code:str}", "GET /dev/mail/{number:int}", "GET /static/{path:path}",
    "GET /api/v1/vehicles/models", "GET /go/wa/{token:str}",
    "POST /api/v1/leads/{lead_id:uuid}/unmerge", "POST /api/v1/leads/adf/{token:str}",
    "POST /desk/inbox/{lead_id:uuid}/separation",
    *tenancy_imports.NOT_SERVED, *tenancy_media.NOT_SERVED, *tenancy_outlets.NOT_SERVED,
    *tenancy_market.NOT_SERVED,
    # of a car that came on the market today
    "POST /api/v1/listings/{listing_id:uuid}/refresh", "POST /desk/stock/{listing_id:uuid}/freshness",
}  # fmt: skip

# Without row-level security: ids and filter columns that searches read, and what anybody may know of those who sell.
OUTSIDE = {"listing_search", "listing_text", "storefront", "storefront_branch"}


@pytest.fixture(scope="session")
def built(servers: Servers, template: Clones) -> Iterator[tuple[str, World]]:
    """The orgs and their people, made once per process: a database to clone, and what is known of it."""
    made: list[World] = []

    async def fill(settings: Settings) -> None:
        cheap_passwords()
        async with serving(settings) as caller:
            made.append(await build(caller.app, settings))

    with filled(servers, template, fill) as name:
        yield name, made[0]


@pytest.fixture
def stocked(built: tuple[str, World]) -> str:
    return built[0]


@pytest.fixture
async def world(settings: Settings, built: tuple[str, World], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with serving(settings) as caller:
        monkeypatch.setattr(db, "unit", rolled_back)
        monkeypatch.setattr(http, "_look_up", as_libc)
        storage.install(await tenancy_media.storage_of(built[1].places.values()))
        yield msgspec.structs.replace(built[1], app=caller.app, settings=settings)
        base.guard_off(False)
        storage.install(None)


async def walk(
    world: World, routes: list[Route], roles: set[str] | None = None, beside: int | None = None, **more: int
) -> Figures:
    people = [one for one in world.people if one.org != "zqnorth" and (roles is None or one.role in roles)]
    return await Walk(world, people, routes, beside).run(**more)


def told(name: str, figures: Figures) -> None:
    print(  # noqa: T201 - a goal of reliability.md prints its figure
        f"{name} triples={figures.triples} requests={figures.requests} leaks={len(figures.leaks)} "
        f"wrong={len(figures.wrong)}"
    )


@pytest.mark.slow(60)
@in_two_sizes("beside", sample=1, whole=None)
@pytest.mark.parametrize("surface", ["/api/", "pages"])
async def test_no_route_tells_anybody_anything_of_another_org(world: World, surface: str, beside: int | None) -> None:
    routes = [route for route in http_routes(world.app) if surface_of(route) == surface]
    figures = await walk(world, routes, beside=beside)
    told(f"T1 {surface}", figures)
    unserved = {f"{route.method} {route.template}" for route in routes} - set(figures.served) - NOT_SERVED

    assert figures.leaks == []
    assert figures.wrong == []
    assert unserved == set(), "the walk never got an answer from these: give it what they need"
    orgs, people = len({one.org for one in world.people}) - 1, len(world.people) - len(rules.ROLES["dealer"])
    anyones = [route for route in routes if route.access.kind in ("public", "dev")]
    callers = (len(routes) - len(anyones)) * people + len(anyones) * orgs
    assert figures.triples == 3 * (callers if beside is None else len(routes) * (1 + beside))


def surface_of(route: Route) -> str:
    """So that the walk can be shared among workers."""
    return "/api/" if route.template.startswith("/api/") else "pages"


@in_two_sizes("every", sample=6, whole=1)
async def test_without_row_level_security_the_org_scope_is_enough(world: World, settings: Settings, every: int) -> None:
    await without_policies(settings)
    figures = await walk(world, http_routes(world.app)[::every], {"owner", "car_owner"})
    told("T3 without policies", figures)

    assert figures.leaks == []
    assert figures.wrong == []


@in_two_sizes("every", sample=6, whole=1)
async def test_without_the_org_scope_row_level_security_is_enough(world: World, every: int) -> None:
    base.guard_off(True)
    figures = await walk(world, http_routes(world.app)[::every], {"owner", "car_owner"})
    told("T3 without scope", figures)

    assert figures.leaks == []
    assert figures.wrong == []


async def test_without_both_the_walk_finds_leaks(world: World, settings: Settings) -> None:
    """Otherwise the three tests above would prove nothing."""
    await without_policies(settings)
    base.guard_off(True)
    figures = await walk(world, http_routes(world.app), {"owner"}, enough=20)
    told("T3 without both", figures)

    assert len(figures.leaks) > 20


async def test_no_socket_tells_anybody_anything_of_another_org(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every role listens, as a machine and as a page, while something happens in each org."""
    monkeypatch.undo()
    people = [one for one in world.people if one.org]
    asked = ("format=json", "topics=members:org", "topics=presence:org")
    everywhere = {place.ids["lead_id"]: True for place in world.places.values() if "lead_id" in place.ids}
    says = json.dumps({"op": "here", "leads": everywhere})
    listeners = [
        Listener(world.app, one, topics, says=says if "presence" in topics else "")
        for one in people for topics in asked
    ]  # fmt: skip
    strangers = [Listener(world.app, one, "format=json") for one in world.people if not one.org]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(listener.listen()) for listener in (*listeners, *strangers)]
        await asyncio.gather(*(listener.settled.wait() for listener in (*listeners, *strangers)))
        for place in world.places.values():
            await rename_head(world, place)
        await asyncio.sleep(2)
        for task in tasks:
            task.cancel()
    leaks = [f"{one.somebody.role}@{one.somebody.org}: {told}" for one in listeners for told in one.foreign(world)]
    heard = [one for one in listeners if one.frames and one.asked == "format=json"]
    seen = {one.somebody.org for one in listeners if any('"typing":true' in frame for frame in one.frames)}
    print(f"T1 sockets triples={len(listeners) + len(strangers)} leaks={len(leaks)}")  # noqa: T201

    assert leaks == []
    assert seen == {slug for slug, place in world.places.items() if "lead_id" in place.ids}
    assert len(heard) == len(people)
    assert all(any("member.renamed" in frame for frame in one.frames) for one in heard)
    assert not any(stranger.frames for stranger in strangers)


async def rename_head(world: World, place: Place) -> None:
    one = next(one for one in world.people if one.org == place.slug)
    scope = Scope(org_id=Id(place.ids["org_id"]), person_id=one.person_id, actor_id=one.person_id)
    async with db.unit(scope) as session:
        await service.change_me(session, MePatch(name=f"{place.slug} renamed"))


async def without_policies(settings: Settings) -> None:
    connection = await asyncpg.connect(settings.database_owner_url)
    try:
        for row in await connection.fetch("select relname from pg_class where relrowsecurity and relkind = 'r'"):
            await connection.execute(f'alter table "{row["relname"]}" disable row level security')
    finally:
        await connection.close()


async def test_every_table_that_names_an_org_or_a_person_has_a_forced_policy(settings: Settings) -> None:
    connection = await asyncpg.connect(settings.database_owner_url)
    try:
        rows = await connection.fetch(
            "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where n.nspname = 'public' and c.relkind = 'r' and not (c.relrowsecurity and c.relforcerowsecurity) "
            "and exists (select from pg_attribute a where a.attrelid = c.oid "
            "and a.attname in ('org_id', 'user_id', 'person_id'))"
        )
    finally:
        await connection.close()

    assert {row["relname"] for row in rows} == OUTSIDE


async def test_interleaved_transactions_keep_their_own_scope(settings: Settings, built: tuple[str, World]) -> None:
    """Without policies: one compiled statement serves all orgs, so who acts must be read anew for each execution."""
    await without_policies(settings)
    database = db.Database(settings)
    db.install(database)
    orgs = {Id(place.ids["org_id"]) for place in built[1].places.values()}

    async def read(org_id: Id, nested: Id | None) -> None:
        async with db.unit(Scope(org_id=org_id), read=True) as session:
            for _ in range(5):
                assert set(await session.scalars(select(Membership.org_id))) == {org_id}
                await asyncio.sleep(0)
                if nested is not None:
                    await read(nested, None)
                assert set(await session.scalars(select(Org.id))) == {org_id}

    try:
        async with db.unit(Scope(), read=True) as session:
            assert (await session.scalars(select(Membership.org_id))).all() == []
        for other in orgs:  # two connections each
            await asyncio.gather(*(read(one, other) for one in orgs))
    finally:
        db.install(None)
        await database.close()
