"""INV-05: the whole truth table, role × visibility × channel × status, held by the scope and by the policy alike."""

from collections.abc import Iterator
from itertools import product

import asyncpg
import pytest
from sqlalchemy import select

from app.core import base, db
from app.core.base import Scope
from app.core.ids import Id, new_id
from app.core.settings import Settings
from app.listings import queries, rules
from app.listings.errors import ListingGone
from app.listings.models import Listing, ListingPrice
from app.listings.rules.visibility import CHANNELS, STATUSES, VISIBILITIES, Viewer
from tests.listings.test_api import made, southside
from tests.support.api import Caller, org_of

Key = tuple[str, str, str]
EVERY = [(visibility, channel, status) for visibility, channel, status in product(VISIBILITIES, CHANNELS, STATUSES)]


class World:
    """A listing of every kind, and every kind of reader."""

    def __init__(self, ids: dict[Id, Key], orgs: dict[Viewer, Id | None]) -> None:
        self.ids, self.orgs = ids, orgs

    async def seen_by(self, viewer: Viewer) -> set[Key]:
        async with db.unit(Scope(org_id=self.orgs[viewer]), read=True) as session:
            found = await session.scalars(select(Listing.id).where(Listing.id.in_(self.ids)))
            return {self.ids[one] for one in found}

    async def prices_seen_by(self, viewer: Viewer) -> set[Key]:
        async with db.unit(Scope(org_id=self.orgs[viewer]), read=True) as session:
            seen = select(ListingPrice.listing_id).where(ListingPrice.listing_id.in_(self.ids))
            return {self.ids[one] for one in await session.scalars(seen)}

    async def read_by(self, viewer: Viewer) -> set[Key]:
        """Through the page's own query."""
        found = set()
        async with db.unit(Scope(org_id=self.orgs[viewer]), read=True) as session:
            for one, key in self.ids.items():
                try:
                    await queries.public_listing_of(session, one)
                except ListingGone:
                    continue
                found.add(key)
        return found


@pytest.fixture
async def world(api: Caller, settings: Settings) -> World:
    owner = await southside(api)
    first = await made(owner)
    northside = await org_of(api, "northside", "ana@northside.pk")
    bob = await api.register("bob@people.pk")
    connection = await asyncpg.connect(settings.database_owner_url)
    ids: dict[Id, Key] = {}
    columns = [
        row["column_name"]
        for row in await connection.fetch(
            "select column_name from information_schema.columns where table_name = 'listing' and column_name "
            "not in ('id', 'number', 'visibility', 'channel', 'status', 'stock_number')"
        )
    ]
    listed = ", ".join(columns)
    for visibility, channel, status in EVERY:
        key = new_id()
        ids[key] = (visibility, channel, status)
        await connection.execute(
            f"insert into listing (id, visibility, channel, status, {listed}) "  # noqa: S608
            f"select $1, $2, $3, $4, {listed} from listing where id = $5",
            key, visibility, channel, status, Id(first["id"]),
        )  # fmt: skip
        await connection.execute(
            "insert into listing_price (id, org_id, listing_id, price, at) "
            "select $1, org_id, id, asking_price, now() from listing where id = $2", new_id(), key,
        )  # fmt: skip
    await connection.execute(
        "insert into org (id, slug, name, kind, created_at) values ($1, 'pf', 'P', 'platform', now())", new_id()
    )
    platform = await connection.fetchval("select id from org where slug = 'pf'")
    await connection.close()

    async def org_id_of(caller: Caller) -> Id:
        me = (await caller.get("orgs")).json()["items"]
        return Id(next(one["org_id"] for one in me if one["current"]))

    orgs: dict[Viewer, Id | None] = {
        "own": await org_id_of(owner),
        "dealer": await org_id_of(northside),
        "person": await org_id_of(bob),
        "platform": platform,
        "anonymous": None,
    }
    return World(ids, orgs)


@pytest.fixture
def scope_off() -> Iterator[None]:
    base.guard_off(True)
    yield
    base.guard_off(False)


def wanted(viewer: Viewer) -> set[Key]:
    return {key for key in EVERY if rules.visible(viewer, *key)}


async def hold(world: World) -> None:
    for viewer in world.orgs:
        assert await world.seen_by(viewer) == wanted(viewer), viewer
        assert await world.prices_seen_by(viewer) == wanted(viewer), viewer


async def test_scope_and_policy_together_say_what_the_table_says(world: World) -> None:
    await hold(world)
    for viewer in world.orgs:
        assert await world.read_by(viewer) == {key for key in wanted(viewer) if key[2] in rules.SHOWN}, viewer


async def test_the_policy_alone_says_it(world: World, scope_off: None) -> None:
    await hold(world)


async def test_the_scope_alone_says_it(world: World, settings: Settings) -> None:
    connection = await asyncpg.connect(settings.database_owner_url)
    for table in ("listing", "listing_price"):
        await connection.execute(f"alter table {table} disable row level security")
    await connection.close()
    await hold(world)


async def test_what_is_seen_of_others_cannot_be_changed(world: World, scope_off: None) -> None:
    """By the policy alone: neither update nor delete reaches another org's listing."""
    live = next(one for one, key in world.ids.items() if key == ("public", "automart", "live"))
    async with db.unit(Scope(org_id=world.orgs["dealer"])) as session:
        listing = await session.get(Listing, live)
        assert listing is not None
        gone = await session.execute(Listing.__table__.delete().where(Listing.__table__.c.id == live))
        changed = await session.execute(
            Listing.__table__.update().where(Listing.__table__.c.id == live).values(title="x")
        )

        price = ListingPrice.__table__.delete().where(ListingPrice.__table__.c.listing_id == live)

        assert (gone.rowcount, changed.rowcount) == (0, 0)
        assert (await session.execute(price)).rowcount == 0
