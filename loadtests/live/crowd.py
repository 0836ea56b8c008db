"""Many sales people of the demo's Lahore branch, each signed in: a person may have twenty sockets in one process.

They are written straight into the tables: how people register and sign in is not what is measured.
"""

import secrets

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from app.accounts.models import AppUser, UserSession
from app.accounts.models import sealed as sealed_of_user
from app.cli import seed
from app.core import blind, clock, db, feeds, sessions
from app.core.base import Db, Scope
from app.core.crypto import digest
from app.core.feeds import Position
from app.core.ids import Id, new_id
from app.core.settings import Settings
from app.listings.models import Listing
from app.orgs.models import Branch, Membership, Org
from realtime.roster import MOST_PER_PERSON

ORG, BRANCH = "ravi", "lahore"


class Crowd(Struct, frozen=True):
    """`cookies` are header lines, one for each socket; `listings` are those that anybody may ask about."""

    org_id: Id
    cookies: list[str]
    listings: list[Id]


async def build(settings: Settings, owner_url: str, sockets: int) -> Crowd:
    """The demo's data, and as many people as so many sockets need; `owner_url` may write every table."""
    await seed.seed_all(settings)
    engine = create_async_engine(db.async_url(owner_url))
    try:
        async with async_sessionmaker(engine, class_=Db).begin() as session:
            org_id, branch_id = (
                await session.execute(
                    select(Branch.org_id, Branch.id)
                    .join(Org, Org.id == Branch.org_id)
                    .where(Org.slug == ORG, Branch.slug == BRANCH)
                )
            ).one()
            tokens = [secrets.token_urlsafe(32) for _ in range(-(-sockets // MOST_PER_PERSON))]
            people = [_person(number, org_id) for number in range(len(tokens))]
            session.add_all(people)
            await session.flush()
            session.add_all([_membership(person, org_id, branch_id) for person in people])
            session.add_all([_session(person, org_id, token) for person, token in zip(people, tokens, strict=True)])
            found = await session.scalars(
                select(Listing.id)
                .where(
                    Listing.branch_id == branch_id, Listing.status == "live", Listing.visibility == "public",
                    Listing.deleted_at.is_(None),
                )
                .order_by(Listing.stock_number)
            )  # fmt: skip
            return Crowd(org_id, [f"Cookie: {sessions.name()}={token}" for token in tokens], list(found))
    finally:
        await engine.dispose()


async def position(settings: Settings, org_id: Id) -> Position:
    """Where the org's feed ends now."""
    database = db.Database(settings)
    db.install(database)
    try:
        async with db.unit(Scope(org_id=org_id), read=True) as session:
            return await feeds.position(session)
    finally:
        db.install(None)
        await database.close()


def _person(number: int, org_id: Id) -> AppUser:
    id_, email = new_id(), f"crowd-{number}@bench.example"
    return AppUser(
        id=id_, home_org_id=org_id, default_org_id=org_id, email_sealed=sealed_of_user("email", id_, email),
        email_index=blind.unique("email", email), name_sealed=sealed_of_user("name", id_, f"Crowd {number}"),
        created_at=clock.now(),
    )  # fmt: skip


def _membership(person: AppUser, org_id: Id, branch_id: Id) -> Membership:
    return Membership(
        org_id=org_id, user_id=person.id, role="sales", branch_id=branch_id, search=[], joined_at=clock.now()
    )


def _session(person: AppUser, org_id: Id, token: str) -> UserSession:
    now = clock.now()
    return UserSession(
        id=new_id(), org_id=org_id, user_id=person.id, kind="browser", token_hash=digest(token), device="bench",
        agent="bench", network="127.0.0.0/24", created_at=now, last_seen_at=now,
        expires_at=now.replace(year=now.year + 1),
    )  # fmt: skip
