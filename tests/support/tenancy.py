"""Several orgs full of canaries, everybody signed in, and a walk over every route as each of them.

Every request runs in a transaction that is rolled back, so that thousands of them, closing orgs and accounts
included, leave the world as it was.
"""

import inspect
import random
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, get_type_hints
from urllib.parse import quote, urlencode
from uuid import uuid4

import asyncpg
import msgspec
from litestar import Litestar
from litestar.handlers.base import BaseRouteHandler
from litestar.routes import HTTPRoute
from msgspec import Struct

from app.accounts import queries as accounts
from app.accounts.schemas import (
    ForgotForm,
    MePatch,
    PasswordForm,
    ProfilePatch,
    RegisterForm,
    ResetForm,
    SignInForm,
)  # fmt: skip
from app.accounts.service import change_profile
from app.core import db, events, lists, security
from app.core.base import Scope
from app.core.devices import Device
from app.core.edge import csrf
from app.core.ids import Id
from app.core.security import Access, Principal
from app.core.settings import Settings
from app.desk.routes.members import AccessForm
from app.leads.queries import find_leads
from app.leads.schemas import Filters
from app.notices.queries import notices
from app.orgs import queries, rules, service
from app.orgs.schemas import (
    AcceptForm,
    BranchForm,
    BranchPatch,
    InvitationForm,
    MemberPatch,
    OrgForm,
    SwitchForm,
    UserForm,
)  # fmt: skip
from app.taxonomy.service import seed as seed_places
from app.taxonomy.service import seed_categories
from app.vehicles.service import seed as seed_vehicles
from tests.support import tenancy_hours, tenancy_imports, tenancy_market, tenancy_media, tenancy_outlets, tenancy_stock
from tests.support.api import PASSWORD
from tests.support.asgi import ORIGIN, Answer, call
from tests.support.tenancy_answers import difference
from tests.support.tenancy_leads import body_for, document, form_for, leads_of
from tests.support.tenancy_notices import choices_for, notice_of, ticks_for
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
    "webhook", "webhook_delivery",
)  # fmt: skip
_SPINE = {"audit_record", "event", "feed", "job", "idempotency_key", "tick"}
# Which Struct an HTML form fills in; JSON handlers say it themselves.
HTML_FORMS: dict[str, type[Struct]] = {
    "/sign-in": SignInForm, "/register": RegisterForm, "/forgot-password": ForgotForm,
    "/reset-password/{code:str}": ResetForm, "/invitations/{code:str}": AcceptForm, "/desk/org": SwitchForm,
    "/me": MePatch, "/me/password": PasswordForm, "/desk/invitations": InvitationForm, "/desk/branches": BranchForm,
    "/desk/branches/{branch_id:uuid}": BranchPatch, "/desk/members/{member_id:uuid}/role": MemberPatch,
    "/desk/members/{member_id:uuid}/status": AccessForm,
    **tenancy_stock.HTML_FORMS,
    **tenancy_media.HTML_FORMS,
}  # fmt: skip


class Somebody(Struct):
    """A member with a session of each kind."""

    role: str
    org: str
    person_id: Id | None = None
    session_id: Id | None = None
    bearer: str = ""
    cookie: str = ""


_IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


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


@asynccontextmanager
async def rolled_back(scope: Scope, *, read: bool = False) -> AsyncIterator[Any]:
    """`db.unit`, commit step and all, without the commit."""
    database = db.installed()
    maker = database.read_session if read else database.write_session
    async with maker(info={"scope": scope}) as session:
        transaction = await session.begin()
        try:
            yield session
            if not read:
                await session.flush()
                await events.commit_step(session)
        finally:
            await transaction.rollback()


class Route(Struct, frozen=True):
    method: str
    template: str
    handler: Any
    access: Access

    @property
    def api(self) -> bool:
        return self.template.startswith(("/api/v1/", "/v1/", "/live"))

    @property
    def params(self) -> list[str]:
        return re.findall(r"\{(\w+):", self.template)


def http_routes(app: Litestar) -> list[Route]:
    """Every route of the application; raises LookupError for one that declares no access."""
    found = []
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, entry in route.route_handler_map.items():
                handler: BaseRouteHandler = entry[0] if isinstance(entry, tuple) else entry
                if method != "OPTIONS":
                    found.append(Route(str(method), route.path, handler, security.access_of(handler)))
    return found


class Figures(Struct):
    triples: int = 0
    requests: int = 0
    leaks: list[str] = msgspec.field(default_factory=list)
    wrong: list[str] = msgspec.field(default_factory=list)
    served: Counter[str] = msgspec.field(default_factory=Counter)


class Walk:
    """As each of `people`, ask every route for the own org's things, another org's, and missing ones."""

    def __init__(self, world: World, people: list[Somebody], routes: list[Route], seed: int = 7) -> None:
        self.world, self.people, self.routes = world, people, routes
        self.figures = Figures()
        canaries = {canary for place in world.places.values() for canary in place.canaries}
        self._words = {canary for canary in canaries if not _IDS.fullmatch(canary)}
        self._chance = random.Random(seed)
        self._asked: dict[tuple[str, str, str, str], Answer] = {}

    async def run(self, enough: int = sys.maxsize) -> Figures:
        """Ends early at more than `enough` leaks."""
        for route in self.routes:
            for one in self._callers(route):
                await self._visit(route, one)
            if len(self.figures.leaks) > enough:
                break
        return self.figures

    def _callers(self, route: Route) -> Iterator[Somebody]:
        """Everybody; where no role counts, one of each org is enough."""
        seen = set[str]()
        for one in self.people:
            if route.access.kind not in ("public", "dev") or one.org not in seen:
                seen.add(one.org)
                yield one

    async def _visit(self, route: Route, one: Somebody) -> None:
        others = [place for slug, place in self.world.places.items() if slug != one.org]
        foreign = {canary for place in others for canary in place.canaries}
        own = self.world.places.get(one.org) or Place("zqnowhere", {}, set())
        other = self.world.places["zqnorth" if one.org != "zqnorth" else "zqsouth"]
        missing = Place("zqnowhere", {name: str(uuid4()) for name in other.ids}, set(), position=f"{uuid4()}:22")
        answers: dict[str, list[tuple[Answer, str, str]]] = {}
        refused = route.access.kind == "org" and not self._allowed(route, one)
        for target, place in (("own", own), ("other", other), ("missing", missing)):
            self.figures.triples += 1
            if refused and target == "missing":  # 403 before anything is looked for, as both others prove
                continue
            answers[target] = [
                (*await self._ask(route, one, place, query, foreign, target), query)
                for query in ([""] if refused else self._queries(route, place))
            ]
        if refused:
            return
        for theirs, nobodys in zip(answers["other"], answers["missing"], strict=True):
            differ = theirs[1] != nobodys[1] and difference(theirs, nobodys)
            if differ:
                self.figures.leaks.append(f"{one.role}@{one.org} {route.method} {route.template} {theirs[2]}: {differ}")
        own_ids = [name for name in route.params if name in other.ids]
        if own_ids and self._allowed(route, one):
            status = answers["other"][0][0].status
            if status != 404:
                self.figures.wrong.append(f"{one.role}@{one.org} {route.method} {route.template}: foreign id {status}")

    def _allowed(self, route: Route, one: Somebody) -> bool:
        if route.access.kind == "person":
            return bool(one.org)
        return route.access.kind == "org" and bool(one.org) and rules.may(one.role, route.access.action)

    def _queries(self, route: Route, place: Place) -> Iterator[str]:
        """None, then each query parameter that can name something of an org."""
        yield ""
        if route.method != "GET":
            return
        named = {
            "branch": place.ids.get("branch_id"), "actor": place.ids.get("user_id"), "q": place.slug,
            "entity_id": place.ids.get("user_id"), "topics": f"members:org@{place.position or 'x:1'}",
            "ids": place.ids.get("listing_id"),
        }  # fmt: skip
        for name in inspect.signature(route.handler.fn).parameters:
            if named.get(name):
                yield urlencode({name: named[name]})
            if name == "branch" and "board" in route.template:
                yield urlencode({name: place.slug})
            if name == "cursor":
                for cursor in place.cursors.values() or [""] * 5:
                    yield urlencode({"cursor": cursor or "A" * 60})

    async def _ask(
        self, route: Route, one: Somebody, place: Place, query: str, foreign: set[str], target: str
    ) -> tuple[Answer, str]:
        """The answer, and all that was sent."""
        path = _path(route, place, one if target == "own" else None)
        body, content_type = self._body(route, place)
        headers: list[tuple[str, str]] = [("accept", "application/json" if route.api else "text/html")]
        if body:
            headers.append(("content-type", content_type))
        if one.org and route.api:
            headers.append(("authorization", f"Bearer {one.bearer}"))
        else:
            headers += self._as_browser(one)
        peer = f"10.{self._chance.randrange(256)}.{self._chance.randrange(256)}.9"
        asked = f"{path}?{query}" if query else path
        sent = f"{asked} {body}"
        same = (route.method, one.org, one.role, sent)
        answer = self._asked.get(same)
        if answer is None:  # everything is rolled back: the same request again would get the same answer
            answer = await call(self.world.app, route.method, asked, headers=headers, body=body.encode(), peer=peer)
            self.figures.requests += 1
            self._asked[same] = answer
        self._judge(route, one, target, answer, sent, foreign)
        return answer, sent

    def _as_browser(self, one: Somebody) -> list[tuple[str, str]]:
        given = [("origin", ORIGIN), ("sec-fetch-site", "same-origin")]
        if one.cookie:
            given.append(("cookie", f"sid={one.cookie}"))
            given.append(("x-csrf-token", csrf.token_for(self.world.settings.secret_key, one.cookie)))
        return given

    def _judge(self, route: Route, one: Somebody, target: str, answer: Answer, asked: str, foreign: set[str]) -> None:
        where = f"{one.role}@{one.org} {route.method} {route.template} ({target})"
        if answer.error is not None or answer.status >= 500 or answer.status == 0:
            self.figures.wrong.append(f"{where}: {answer.status} {answer.error!r} {answer.body[:200]!r}")
            return
        told = (answer.body + str(answer.headers).encode()).decode(errors="replace").lower()
        for canary in foreign.intersection(_IDS.findall(told)) | {
            word for word in self._words & foreign if word in told
        }:
            if canary not in asked.lower():
                self.figures.leaks.append(f"{where}: tells {canary}")
        if target == "own" and answer.status < 400:
            self.figures.served[f"{route.method} {route.template}"] += 1
        if route.access.kind in ("public", "dev"):
            return
        if not one.org:
            signed_out = answer.status == 401 or (
                answer.status in (302, 303) and "/sign-in" in answer.headers.get("location", "")
            )
            if not signed_out:
                self.figures.wrong.append(f"{where}: {answer.status} without sign-in")
        elif not self._allowed(route, one):
            if answer.status != 403:
                self.figures.wrong.append(f"{where}: {answer.status}, the matrix says no")
        elif answer.status == 403 and "topics=" in asked and not rules.may(one.role, "member.read"):
            return  # a topic has a rule of its own
        elif answer.status in (401, 403):
            self.figures.wrong.append(f"{where}: {answer.status}, the matrix says yes: {answer.body[:160]!r}")

    def _body(self, route: Route, place: Place) -> tuple[str, str]:
        if route.method in ("GET", "HEAD"):
            return "", ""
        if route.template.startswith("/api/v1/leads/adf"):
            return document("newcomer"), "text/xml"
        told = body_for(route.method, route.template, place.ids) or (
            tenancy_hours.body_for(route.template, place.ids)
            or tenancy_imports.body_for(route.template, place.ids)
            or tenancy_outlets.body_for(route.method, route.template)
            or choices_for(route.template)
            or tenancy_market.body_for(route.template)
            or tenancy_media.body_for(route.method, route.template, place.ids)
        )
        if told is not None and "data" in inspect.signature(route.handler.fn).parameters:
            return msgspec.json.encode(told).decode(), "application/json"
        json_form = _json_form(route.handler)
        if json_form is not None:
            return msgspec.json.encode(_filled(json_form, place)).decode(), "application/json"
        if "data" not in inspect.signature(route.handler.fn).parameters:
            return "", ""
        html_form = HTML_FORMS.get(route.template)
        ticked = _typed(route.template, place.ids) or ticks_for(route.template) or {}
        filled = _filled(html_form, place) if html_form else ticked
        filled = {name: value for name, value in filled.items() if f"{{{name}:" not in route.template}
        if html_form is MemberPatch:
            filled.pop("status")
        return urlencode({k: "" if v is None else v for k, v in filled.items()}), "application/x-www-form-urlencoded"


def _json_form(handler: BaseRouteHandler) -> type[Struct] | None:
    hint = get_type_hints(handler.fn, include_extras=False).get("data")
    return hint if isinstance(hint, type) and issubclass(hint, Struct) and handler.fn.__module__.startswith(
        ("app.accounts", "app.orgs", "app.audit", "app.listings")
    ) else None  # fmt: skip


def _filled(form: type[Struct], place: Place) -> dict[str, Any]:
    """The form as somebody would send it, with the ids of `place`."""
    values: dict[str, Any] = {
        "email": "newcomer@example.pk", "password": "seven-green-boats", "current": PASSWORD,
        "new": "eight-green-boats", "name": "Newcomer", "phone": "03001112223",
        "role": "moderator" if place.slug == "zqplatform" else "sales", "slug": "newcomer",
        "city": "Multan", "code": "A" * 43, "refresh_token": "a.b.c", "status": "disabled", "lang": "ur",
        "branch_id": place.ids.get("branch_id"), "org_id": place.ids.get("org_id", str(uuid4())),
    }  # fmt: skip
    values["about"] = "quiet"
    values |= tenancy_stock.values_for(form, place.slug, place.ids) | tenancy_media.values_for(form)
    if form.__name__ == "CloseForm":
        values["password"] = PASSWORD
    return {
        field.encode_name: values[field.encode_name]
        for field in msgspec.structs.fields(form)
        if field.encode_name in values and (values[field.encode_name] is not None or not field.required)
    }


def _typed(template: str, ids: dict[str, str]) -> dict[str, str]:
    more = tenancy_imports.form_for(template) or tenancy_outlets.form_for(template) or {}
    more = more or tenancy_market.form_for(template) or {}
    return form_for(template, ids) or tenancy_hours.form_for(template, ids) or more


def _path(route: Route, place: Place, one: Somebody | None) -> str:
    fixed = {"code": "A" * 43, "number": "1", "status": "404", "path": "openapi.json", "address": tenancy_stock.MARKET,
             "holiday": tenancy_hours.HOLIDAY, "cell": "price", "category": "cars"}  # fmt: skip

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        name = tenancy_imports.id_for(route.template, name)
        if name == "change_id" and "undoing" in route.template:
            name = "applied_change_id"
        if name == "session_id" and one is not None and one.session_id is not None:
            return str(one.session_id)
        if name == "number" and "/l/" in route.template:
            return tenancy_stock.MARKET.partition("-")[0]
        fitting = fixed.get(name) or tenancy_market.part_of(route.template, name)
        return quote(place.ids.get(name) or fitting or str(uuid4()))

    return re.sub(r"\{(\w+):\w+\}", value, route.template)


__all__ = ["Walk", "World", "build", "http_routes", "rolled_back"]
