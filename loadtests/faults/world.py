"""Who takes part in the fault run: the demo's dealers, their people, and a session of each."""

import json
from pathlib import Path

import msgspec
from msgspec import Struct

from app.accounts import queries as accounts
from app.accounts import service as account_service
from app.core import db, jwt, render
from app.core.base import Scope
from app.core.devices import Device
from app.core.ids import Id
from app.core.settings import Settings
from app.orgs import queries as orgs
from app.orgs import service

PEOPLE = ("owner@ravi.demo", "manager@ravi.demo", "owner@indus.demo", "manager@indus.demo")
"""Those who see every fact of their org. A person may have twenty sockets in one process."""


class Person(Struct, frozen=True):
    org_id: Id
    branch_id: Id
    person_id: Id
    session_id: Id

    @property
    def token(self) -> str:
        """A fresh one, as an API client that renews its own would have."""
        return jwt.issue("access", person_id=self.person_id, session_id=self.session_id, org_id=self.org_id)


async def build(settings: Settings) -> list[Person]:
    """Make the people; `settings` says demo, and its database is reached without proxies."""
    render.install(settings)
    database = db.Database(settings)
    db.install(database)
    try:
        await service.seed(settings)
        return [await _signed_in(email) for email in PEOPLE]
    finally:
        db.install(None)
        await database.close()


async def _signed_in(email: str) -> Person:
    user = await accounts.by_email(email)
    assert user is not None
    async with db.unit(Scope(org_id=user.default_org_id, person_id=user.id, actor_id=user.id)) as session:
        done = await account_service.start_session(
            session, user.id, user.default_org_id, Device(agent="faults"), kind="api"
        )
        branch = (await orgs.branches(session)).items[0]
    return Person(done.org_id, branch.id, done.person_id, done.session_id)


def save(people: list[Person], directory: Path) -> None:
    (directory / "people.json").write_bytes(msgspec.json.encode(people))


def people(directory: Path) -> list[Person]:
    return msgspec.json.decode((directory / "people.json").read_bytes(), type=list[Person])


def fronts(directory: Path) -> list[int]:
    """Ports of the web processes as their clients see them: those of the links to them."""
    ports: list[int] = json.loads((directory / "fronts.json").read_text())
    return ports
