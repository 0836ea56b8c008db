"""Several orgs full of canaries, and everybody signed in."""

import asyncpg
import msgspec
from litestar import Litestar
from msgspec import Struct

from app.accounts import queries as accounts
from app.accounts.schemas import (
    ProfilePatch,
    RegisterForm,
    SignInForm,
)  # fmt: skip
from app.accounts.service import change_profile
from app.core import db, lists
from app.core.base import Scope
from app.core.devices import Device
from app.core.ids import Id
from app.core.security import Principal
from app.core.settings import Settings
from app.leads.queries import find_leads
from app.leads.schemas import Filters
from app.notices.queries import notices
from app.orgs import queries, rules, service
from app.orgs.schemas import (
    BranchForm,
    InvitationForm,
    OrgForm,
    UserForm,
)  # fmt: skip
from app.taxonomy.service import seed as seed_places
from app.taxonomy.service import seed_categories
from app.vehicles.service import seed as seed_vehicles
from tests.support import tenancy_hours, tenancy_imports, tenancy_media, tenancy_outlets, tenancy_stock
from tests.support.api import PASSWORD
from tests.support.tenancy_leads import leads_of
from tests.support.tenancy_notices import notice_of
from tests.support.tenancy_stock import private_car

_WORDS_OF_OURS = {
    "role", "status", "kind", "lang", "theme", "digits", "slug", "password_hash", "end_reason", "key", "tag", "queue",
    "visibility", "channel", "hours", "state", "told_of", "dropped_as",
    "source", "error", "drawing", "checksum", "expected", "stage", "field", "auth",
}  # fmt: skip
_ROWS_WITH_IDS = (
    "branch", "invitation", "session", "contact", "lead", "lead_event", "reply_template", "lead_view", "listing",
    "lead_document", "lead_inbox_address", "stock_batch", "stock_view",
    "business_hours", "special_days", "sla_policy",
    "notice", "media", "feed_file", "feed_mapping", "feed_run", "feed_source", "outlet",
    "webhook", "webhook_delivery", "board_screen",
)  # fmt: skip
_SPINE = {"audit_record", "event", "feed", "job", "idempotency_key", "tick"}


class Somebody(Struct):
    """A member with a session of each kind."""

    role: str
    org: str
    person_id: Id | None = None
    session_id: Id | None = None
    bearer: str = ""
    cookie: str = ""


class Place(Struct):
    """One org: its ids by parameter name, and everything that must never be seen from elsewhere."""

    slug: str
    ids: dict[str, str]
    canaries: set[str]
    cursors: dict[str, str] = msgspec.field(default_factory=dict)
    position: str = ""


class World(Struct):
    app: Litestar
    settings: Settings
    places: dict[str, Place]
    people: list[Somebody]


async def build(app: Litestar, settings: Settings) -> World:
    """Two dealers, the platform, two persons."""
    world = World(app, settings, {}, [])
    async with db.system() as session:
        await seed_places(session)
        await seed_categories(session)
        await seed_categories(session)
        await seed_vehicles(session)
    await tenancy_stock.open_market()
    for number, (slug, kind) in enumerate(
        (
            ("zqnorth", "dealer"),
            ("zqsouth", "dealer"),
            ("zqplatform", "platform"),
            ("zqana", "person"),
            ("zqbob", "person"),
        )
    ):
        await _build_org(world, slug, kind, number)
    await _fill_every_text(settings, world)
    for place in world.places.values():
        await _take_ids(settings, place)
    world.people.append(Somebody("anonymous", ""))
    return world


async def _build_org(world: World, slug: str, kind: str, number: int) -> None:
    phones = iter(f"+9230{number}55{number}00{count:02d}" for count in range(20))
    head, *others = rules.ROLES[kind]
    form = RegisterForm(
        email=f"{head}@{slug}.pk", password=PASSWORD, name=f"{slug.title()} {head.title()}", phone=next(phones)
    )
    async with db.unit(Scope()) as session:
        user = await service.register(session, form)
        home = user.home_org_id
    if kind == "person":
        org_id = home
    else:
        async with db.unit(Scope(person_id=user.id, actor_id=user.id)) as session:
            org_id = await service.create_org(session, user.id, OrgForm(name=slug.title(), slug=slug), kind=kind)
    ids = {"org_id": str(org_id)}
    who = await _sign_in(world, f"{head}@{slug}.pk", head, slug)
    scope = Scope(org_id=org_id, person_id=user.id, actor_id=user.id)
    async with db.unit(scope) as session:
        await change_profile(session, ProfilePatch(about=f"about {slug}"))
    if kind != "person":
        async with db.unit(scope) as session:
            branch = BranchForm(
                name=f"{slug} yard", slug=slug, city=f"{slug}city", address=f"{slug} road", phone=next(phones),
                whatsapp=next(phones),
            )  # fmt: skip
            ids["branch_id"] = str(await service.open_branch(session, org_id, branch))
        for role in others:
            async with db.unit(scope) as session:
                member = UserForm(
                    email=f"{role}@{slug}.pk",
                    password=PASSWORD,
                    name=f"{slug} {role}",
                    role=role,
                    phone=next(phones),
                )
                made = await service.add_user(session, who, member)
            await _sign_in(world, f"{role}@{slug}.pk", role, slug)
            ids["user_id"] = ids["member_id"] = str(made)
        ids["listing_id"] = await private_car(who, scope, slug)
        ids |= await tenancy_stock.batches_of(who, scope, ids["listing_id"])
        for email in (f"invited@{slug}.pk", f"second@{slug}.pk"):
            async with db.unit(scope) as session:
                ids["invitation_id"] = str(await service.invite(session, who, InvitationForm(email=email, role=role)))
    if kind == "dealer":
        async with db.unit(scope) as session:
            ids |= await leads_of(session, who, slug, next(phones), ids["branch_id"])
            ids |= await tenancy_hours.hours_of(session, who, slug, ids["branch_id"])
        async with db.unit(scope) as session:
            ids |= await notice_of(session, who, Id(ids["second_lead_id"]))
        ids |= await tenancy_imports.imports_of(who, scope, slug)
        ids |= await tenancy_outlets.outlet_of(who, scope, slug)
    if kind == "person":
        ids["listing_id"] = await private_car(who, scope, None)
    if kind != "platform":
        ids |= await tenancy_media.picture_of(scope, ids["listing_id"], slug)
    ids["session_id"] = str(next(one.session_id for one in world.people if one.org == slug and one.role == head))
    ids.setdefault("user_id", str(user.id))
    ids.setdefault("person_id", ids["user_id"])
    ids.setdefault("member_id", str(user.id))
    place = Place(slug, ids, {slug, f"030{number} 55{number}00", f"30{number}55{number}00"})
    async with db.unit(scope, read=True) as session:
        place.position = await lists.position(session) or ""
        for name, page in (
            ("members", await queries.members(session, limit=1)),
            ("branches", await queries.branches(session, limit=1)),
            ("invitations", await queries.invitations(session, limit=1)),
            ("leads", await find_leads(session, Filters(view="all"), me=user.id, within=None, limit=1)),
            ("notices", await notices(session, user.id, limit=1)),
        ):
            place.cursors[name] = page.next_cursor or ""
    world.places[slug] = place


async def _sign_in(world: World, email: str, role: str, org: str) -> Principal:
    user = await accounts.by_email(email)
    assert user is not None
    async with db.unit(Scope()) as session:
        pair = await service.tokens_for(session, user, Device(agent=org))
    async with db.unit(Scope()) as session:
        browser = await service.sign_in(session, SignInForm(email=email, password=PASSWORD), Device(agent=org))
    who = await queries.recheck(browser.session_id)
    assert who is not None
    assert who.role == role
    world.people.append(Somebody(role, org, user.id, browser.session_id, pair.access_token, browser.token))
    return who


async def _fill_every_text(settings: Settings, world: World) -> None:
    """A canary into every text column of every table that names an org, whatever tables come."""
    connection = await asyncpg.connect(settings.database_owner_url)
    try:
        columns = await connection.fetch(
            "select c.table_name, c.column_name from information_schema.columns c join information_schema.columns o "
            "on o.table_name = c.table_name and o.column_name = 'org_id' and o.table_schema = 'public' "
            "where c.table_schema = 'public' and c.data_type = 'text'"
        )
        for table, column in columns:
            if table in _SPINE or column in _WORDS_OF_OURS:
                continue
            for place in world.places.values():
                await connection.execute(
                    f'update "{table}" set "{column}" = left("{column}", 20) || $1 where org_id = $2 '  # noqa: S608
                    f'and "{column}" is not null',
                    f" {place.slug}",
                    Id(place.ids["org_id"]),
                )
    finally:
        await connection.close()


async def _take_ids(settings: Settings, place: Place) -> None:
    """Every id of the org is a canary too: rows, people, sessions."""
    connection = await asyncpg.connect(settings.database_owner_url)
    try:
        for table in _ROWS_WITH_IDS:
            rows = await connection.fetch(f"select id from {table} where org_id = $1", Id(place.ids["org_id"]))  # noqa: S608
            place.canaries |= {str(row["id"]) for row in rows}
        members = await connection.fetch("select user_id from membership where org_id = $1", Id(place.ids["org_id"]))
        place.canaries |= {str(row["user_id"]) for row in members} | {place.ids["org_id"]}
    finally:
        await connection.close()
