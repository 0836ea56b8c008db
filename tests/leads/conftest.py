"""Two dealers over a fresh database: one with two branches, staff and cars, and a stranger's."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import msgspec
import pytest
from msgspec import Struct, field
from sqlalchemy import select

from app.adapters import mail, messages
from app.core import clock, db, jwt
from app.core.base import Scope
from app.core.embedded.servers import Servers
from app.core.ids import Id, new_id
from app.core.settings import Settings, install
from app.listings.models import Listing
from app.taxonomy.models import Location
from app.taxonomy.service import seed as seed_places
from app.vehicles.models import Model
from app.vehicles.service import seed as seed_vehicles
from tests.conftest import over
from tests.support.api import PASSWORD, Caller, cheap_passwords, org_of, serving
from tests.support.clones import Clones


class Stage(Struct, kw_only=True):
    """Who and what there is: callers by name, ids of orgs, branches, people and cars."""

    api: Caller
    callers: dict[str, Caller] = field(default_factory=dict)
    people: dict[str, Id] = field(default_factory=dict)
    orgs: dict[str, Id] = field(default_factory=dict)
    branches: dict[str, Id] = field(default_factory=dict)
    cars: dict[str, Id] = field(default_factory=dict)

    def scope(self, org: str = "ravi") -> Scope:
        return Scope(org_id=self.orgs[org])

    async def enquiry(self, car: str = "corolla", phone: str = "0300 1234567", **more: object) -> dict[str, object]:
        """A lead opened by somebody outside."""
        body = {"listing_id": str(self.cars[car]), "name": "Ali Raza", "phone": phone, "message": "Still there?"}
        answer = await self.api.stranger().post("leads", {**body, **more})
        assert answer.status_code in (200, 201), answer.text
        return answer.json()


class Kept(Struct):
    """The world as it was made once, and who was signed in: whom a token of the test's own time speaks for."""

    database: str
    stage: Stage
    signed_in: dict[str, jwt.Claims]

    def token(self, name: str) -> str:
        """As a refreshed one: those of the world's making are over after a quarter of an hour of tests."""
        who = self.signed_in[name]
        return jwt.issue("access", person_id=who.person_id, session_id=who.session_id, org_id=who.org_id)


@pytest.fixture(scope="session")
def dealers(servers: Servers, template: Clones) -> Iterator[Kept]:
    """Made once per process: a hundred tests start from it."""
    name = template.make()
    made = over(servers, name)
    install(made)
    yield asyncio.run(_fill(made, name))
    template.drop(name)


@pytest.fixture
def stocked(dealers: Kept) -> str:
    return dealers.database


@pytest.fixture
async def stage(settings: Settings, dealers: Kept) -> AsyncIterator[Stage]:
    async with serving(settings) as api:
        callers = {name: api.bearing(dealers.token(name)) for name in dealers.signed_in}
        yield msgspec.structs.replace(dealers.stage, api=api, callers=callers)


async def _fill(settings: Settings, database: str) -> Kept:
    cheap_passwords()
    async with serving(settings) as api:
        async with db.system() as session:
            await seed_places(session)
            await seed_vehicles(session)
        made = Stage(api=api)
        for slug, branches in (("ravi", ("lahore", "gujranwala")), ("indus", ("karachi",))):
            await _dealer(made, slug, branches)
        await _hire(made, "ravi", "sales1", "sales", "lahore")
        await _hire(made, "ravi", "sales2", "sales", "lahore")
        await _hire(made, "ravi", "sales3", "sales", "gujranwala")
        await _hire(made, "ravi", "manager", "manager", None)
        await _hire(made, "ravi", "readonly", "readonly", None)
        await _cars(made)
        signed_in = {name: jwt.read("access", _bearer(caller)) for name, caller in made.callers.items()}
    return Kept(database, made, signed_in)


def _bearer(caller: Caller) -> str:
    return caller.http.headers["authorization"].removeprefix("Bearer ")


async def _dealer(made: Stage, slug: str, branches: tuple[str, ...]) -> None:
    owner = await org_of(made.api, slug, f"owner@{slug}.pk")
    name = "owner" if slug == "ravi" else f"{slug}-owner"
    made.callers[name] = owner
    me = (await owner.get("me")).json()
    made.people[name] = Id(me["id"])
    made.orgs[slug] = next(Id(row["org_id"]) for row in (await owner.get("orgs")).json()["items"] if row["org"] == slug)
    for branch in branches:
        body = {"name": branch.title(), "slug": branch, "city": branch.title(), "phone": "04235761234"}
        answer = await owner.post("branches", body)
        assert answer.status_code == 201, answer.text
        made.branches[branch] = Id(answer.json()["id"])


async def _hire(made: Stage, org: str, name: str, role: str, branch: str | None) -> None:
    email = f"{name}@{org}.pk"
    body = {"email": email, "name": name.title(), "role": role, "password": PASSWORD}
    if branch:
        body["branch_id"] = str(made.branches[branch])
    answer = await made.callers["owner"].post("users", body)
    assert answer.status_code == 201, answer.text
    made.people[name] = Id(answer.json()["id"])
    made.callers[name] = await made.api.sign_in(email)


async def _cars(made: Stage) -> None:
    for org, branch, name, slug, price in (
        ("ravi", "lahore", "corolla", "corolla", 4_850_000),
        ("ravi", "gujranwala", "civic", "civic", 6_450_000),
        ("indus", "karachi", "alto", "alto", 2_300_000),
    ):
        async with db.unit(made.scope(org)) as session:
            model = (await session.scalars(select(Model).where(Model.slug == slug))).first()
            city = (await session.scalars(select(Location).where(Location.slug == branch))).one()
            assert model is not None
            made.cars[name] = new_id()
            now = clock.now()
            session.add(
                Listing(
                    id=made.cars[name], org_id=made.orgs[org], branch_id=made.branches[branch],
                    make_id=model.make_id, model_id=model.id, year=2019, title=f"{model.name} 2019",
                    asking_price=price, odometer_km=54_000, location_id=city.id, status="live",
                    stock_number=f"S-{name}", created_at=now, published_at=now, refreshed_at=now,
                )
            )  # fmt: skip


@pytest.fixture
def outbox() -> Iterator[mail.MemoryMailer]:
    mailer = mail.MemoryMailer()
    mail.install(mailer)
    yield mailer
    mail.install(None)


@pytest.fixture
def phone() -> Iterator[messages.MemoryMessenger]:
    """The SMS and WhatsApp gateway."""
    messenger = messages.MemoryMessenger()
    messages.install(messenger)
    yield messenger
    messages.install(None)
