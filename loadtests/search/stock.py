"""Stock of any size straight into the tables: some thousands of cars in full, then copies that differ in what is asked
for. Real makes and models by how often they are advertised, cities by how many people sell there."""

import random
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import asyncpg
from msgspec import Struct

from app.core import clock
from app.core import db as database
from app.core.ids import Id, new_id
from app.listings import queries
from app.listings.service.bulk import made
from app.listings.service.coding import coded
from app.listings.service.generator import Spread, invent
from app.listings.service.indexing import named_in, numbered, search_row, text_row
from loadtests.search.texts import description

PATTERNS, ORGS = 20_000, 3_000
_TABLES = ("listing", "listing_search", "listing_text")
_CITIES = {
    "lahore": 22, "karachi": 21, "islamabad": 13, "rawalpindi": 7, "faisalabad": 4, "peshawar": 4, "multan": 3,
    "gujranwala": 3, "sialkot": 2, "hyderabad": 1.5, "bahawalpur": 1.2, "sargodha": 1.2, "quetta": 1,
}  # fmt: skip
"""Parts in a hundred; the others share the rest."""
_LIVE = {"status": "live", "visibility": "public", "channel": "automart"}
_SHIFTED = """
-- Another car of the same pattern: another price, mileage, day and number; what the rows say agrees.
create function pg_temp.moved(value bigint, n bigint, step bigint) returns bigint immutable language sql as $$
  select case when n = 0 then value else greatest(step, value + (hashint8(n) % 40) * step) end
$$;
"""


class Sold(Struct, frozen=True):
    """What there is to ask about."""

    cars: int
    orgs: list[str]
    cities: list[tuple[str, float]]
    models: list[tuple[str, str, int]]


async def fill(owner_url: str, cars: int, seed: int) -> Sold:
    """Needs a superuser: foreign keys and triggers rest meanwhile."""
    chance = random.Random(seed)
    connection = await asyncpg.connect(owner_url, command_timeout=1800)
    try:
        orgs = await _orgs(connection)
        async with database.system() as db:
            kinds = await queries.catalogue(db)
            book = await queries.stock_book(db)
        spread = Spread.of(kinds)
        places = [place for place in book.every_place if place.kind == "city"]
        weights = [(place.slug, _CITIES.get(place.slug, 0.4)) for place in places]
        rows = [_car(chance, spread, places, weights, orgs) for _ in range(min(PATTERNS, cars))]
        searched = [search_row(one.listing, one.car.make, one.car.model, one.car.trim, one.place) for one in rows]
        async with database.system() as db:
            await coded(db, {named for row in searched for named in named_in(row)})
        async with database.system() as db:
            searched = await numbered(db, searched, is_open=True)
        texts = [text_row(one.listing, one.car.make, one.car.model, one.car.trim, one.place) for one in rows]
        listed = [one.listing for one in rows]
        await _written(connection, cars, listed, searched, texts)
    finally:
        await connection.close()
    models = [(make.slug, model.slug, model.weight or 40) for make, model, _trims in kinds]
    return Sold(cars, [slug for slug, _org, _branch in orgs], weights, models)


def _car(
    chance: random.Random,
    spread: Spread,
    places: list[Any],
    weights: list[tuple[str, float]],
    orgs: list[tuple[str, Id, Id]],
) -> Any:
    place = chance.choices(places, [weight for _slug, weight in weights])[0]
    car, fields = invent(chance, spread, place.slug)
    _slug, org_id, branch_id = orgs[min(int(chance.paretovariate(0.7)) - 1, len(orgs) - 1)]
    at = clock.now() - timedelta(minutes=chance.randrange(60 * 24 * 60))
    state = dict(_LIVE)
    if chance.random() < 0.2:
        state["status"] = chance.choice(("sold", "draft", "expired", "reserved"))
    if chance.random() < 0.1:
        state["visibility"] = chance.choice(("private", "wholesale_public"))
    if chance.random() < 0.07:
        state["channel"] = "autotrader"
    return made(
        car,
        place,
        {
            **fields, **state, "org_id": org_id, "branch_id": branch_id, "description": description(chance),
            "created_at": at, "published_at": at, "refreshed_at": at, "photo_score": chance.choice((0, 12, 20)),
        },
    )  # fmt: skip


async def _orgs(connection: asyncpg.Connection) -> list[tuple[str, Id, Id]]:
    found = await connection.fetch(
        "select o.slug, o.id, b.id from org o join branch b on b.org_id = o.id "
        "where o.slug like 'bench-%' order by o.slug"
    )
    if found:
        return [tuple(row) for row in found]
    made = [(f"bench-{number:04d}", new_id(), new_id()) for number in range(ORGS)]
    now = clock.now()
    await connection.executemany(
        "insert into org (id, slug, name, kind, created_at) values ($1, $2, $3, 'dealer', $4)",
        [(org, slug, slug.title(), now) for slug, org, _branch in made],
    )
    await connection.executemany(
        "insert into branch (id, org_id, slug, name, city, phone, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
        [(branch, org, f"{slug}-yard", "Yard", "Lahore", "+924235761299", now) for slug, org, branch in made],
    )
    return made


async def _written(
    connection: asyncpg.Connection, cars: int, listed: list[Any], searched: list[Any], texts: list[Any]
) -> None:
    await connection.execute("set session_replication_role = replica")
    await connection.execute(_SHIFTED)
    indexes = await _dropped(connection)
    await connection.execute("truncate listing, listing_search, listing_text, listing_tally cascade")
    patterns = (("listing", [_values(one) for one in listed]), ("listing_search", searched), ("listing_text", texts))
    for table, rows in patterns:
        await _patterns(connection, table, rows)
    await connection.execute(
        "create temp table copies as select p.id as of, n, case when n = 0 then p.id else gen_random_uuid() end as id, "
        "row_number() over () as number from pattern_listing p cross join generate_series(0, $1) n "
        "order by n, p.id limit $2".replace("$1", str(cars // len(listed))).replace("$2", str(cars))
    )
    for table in _TABLES:
        await _copies(connection, table)
    for definition in indexes:
        await connection.execute(definition)
    await connection.execute(
        "insert into listing_tally (facet, code, amount) select v.facet, v.code, count(*) from listing_search t "
        "cross join lateral (values ('model', t.model), ('city', t.city), ('kinds', t.kinds), ('looks', t.looks), "
        "('registered', t.registered)) v(facet, code) where live group by v.facet, v.code"
    )
    await connection.execute("set session_replication_role = default")
    for table in (*_TABLES, "listing_tally"):
        await connection.execute(f"vacuum analyze {table}")


def _values(listing: Any) -> dict[str, Any]:
    left_out = ("number", "attributes", "changed_at")
    return {c.name: getattr(listing, c.name) for c in listing.__table__.columns if c.name not in left_out}


async def _dropped(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch(
        "select indexrelid::regclass::text name, pg_get_indexdef(indexrelid) made from pg_index i "
        "where indrelid = any($1::regclass[]) and not exists "
        "(select from pg_constraint c where c.conindid = indexrelid)",
        list(_TABLES),
    )
    for row in rows:
        await connection.execute(f"drop index {row['name']}")
    return [row["made"] for row in rows]


async def _patterns(connection: asyncpg.Connection, table: str, rows: Iterable[dict[str, Any]]) -> None:
    """A temporary table with words as text, which COPY takes."""
    rows = list(rows)
    names = list(rows[0])
    shape = ", ".join("words::text as words" if name == "words" else name for name in names)
    await connection.execute(f"create temp table pattern_{table} as select {shape} from {table} with no data")
    await connection.copy_records_to_table(
        f"pattern_{table}", records=[tuple(row[name] for name in names) for row in rows], columns=names
    )


async def _copies(connection: asyncpg.Connection, table: str) -> None:
    columns = await connection.fetch(
        "select column_name from information_schema.columns where table_name = $1 order by ordinal_position",
        f"pattern_{table}",
    )
    names = [row["column_name"] for row in columns]
    other = {
        "id": "c.id",
        "words": "p.words::tsvector",
        "asking_price": "pg_temp.moved(p.asking_price, c.number * c.n, 25000)",
        "odometer_km": "pg_temp.moved(p.odometer_km, c.number * c.n * 7, 900)::int",
        "published_at": "p.published_at - c.n * interval '37 minutes' - (c.number % 60000) * interval '1 second'",
        "refreshed_at": "p.refreshed_at - c.n * interval '37 minutes' - (c.number % 60000) * interval '1 second'",
        "fresh_at": "p.fresh_at - c.n * interval '37 minutes' - (c.number % 60000) * interval '1 second'",
        "rank": "p.rank - (c.n * 2220 + c.number % 60000)::int",
    }  # fmt: skip
    values = ", ".join(other.get(name, f"p.{name}") for name in names)
    await connection.execute(
        f"insert into {table} ({', '.join(names)}) select {values} from copies c join pattern_{table} p on p.id = c.of"
    )
