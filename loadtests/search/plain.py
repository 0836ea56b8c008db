"""The same questions in the straightforward way: words in a table with an index a column, a count, a page, and one
`group by` a facet."""

import asyncpg

from app.adapters.search.port import EIGHT, SearchQuery
from app.search.queries.narrowing import metres, question
from app.search.queries.places import Spot

_ORDERS = {
    "relevance": "quality_score desc, fresh_at desc, id desc", "newest": "fresh_at desc, id desc",
    "price_asc": "asking_price nulls last, fresh_at desc, id desc",
    "price_desc": "asking_price desc nulls last, fresh_at desc, id desc",
    "km_asc": "odometer_km, fresh_at desc, id desc", "year_desc": "year desc, fresh_at desc, id desc",
    "distance": "fresh_at desc, id desc",
}  # fmt: skip
_RANGES = {"year": "year", "price": "asking_price", "km": "odometer_km", "cc": "engine_cc"}


async def fill(connection: asyncpg.Connection) -> None:
    await connection.execute("drop table if exists plain_search")
    await connection.execute("""
        create table plain_search as select l.id, l.org_id, mk.slug make, md.slug model, p.slug city, l.body, l.fuel,
          l.transmission, l.assembly, case when l.branch_id is null then 'private' else 'dealer' end seller, l.year,
          l.asking_price, l.odometer_km, l.engine_cc, l.quality_score, s.fresh_at, t.words
        from listing l join listing_search s on s.id = l.id join listing_text t on t.id = l.id
        join vehicle_make mk on mk.id = l.make_id join vehicle_model md on md.id = l.model_id
        join location p on p.id = l.location_id where s.live""")
    await connection.execute("alter table plain_search add primary key (id)")
    for column in (
        "make", "model", "city", "body", "fuel", "year", "asking_price", "odometer_km", "fresh_at desc", "org_id",
    ):  # fmt: skip
        await connection.execute(f"create index on plain_search ({column})")
    await connection.execute("create index on plain_search using gin (words)")
    await connection.execute("vacuum analyze plain_search")


async def search(connection: asyncpg.Connection, query: SearchQuery, spots: list[Spot]) -> int:
    """The total; every count and the page are fetched too."""
    common: list[str] = []
    values: list[object] = []

    def value(one: object) -> str:
        values.append(one)
        return f"${len(values)}"

    for name, (least, most) in query.ranges.items():
        common += [f"{_RANGES[name]} >= {value(least)}"] if least is not None else []
        common += [f"{_RANGES[name]} <= {value(most)}"] if most is not None else []
    if query.scope.orgs is not None:
        common.append(f"org_id = any({value(list(query.scope.orgs))}::uuid[])")
    if query.words:
        common.append(f"words @@ {value(question(query.words))}::text::tsquery")
    if query.geo is not None and query.geo.radius_m is not None:
        near = [spot.slug for spot in spots if metres(query.geo, spot) <= query.geo.radius_m]
        common.append(f"city = any({value(near)}::text[])")
    own = {name: f"{name} = any({value(list(given))}::text[])" for name, given in query.filters.items()}
    every = " and ".join([*common, *own.values()]) or "true"
    total: int = await connection.fetchval(f"select count(*) from plain_search where {every}", *values)
    page = f"order by {_ORDERS[query.sort]} limit {query.per_page} offset {(query.page - 1) * query.per_page}"
    await connection.fetch(f"select id from plain_search where {every} {page}", *values)
    for name in EIGHT:
        # PostgreSQL wants every parameter used: those left out are asked in vain.
        others = " and ".join([*common, *(one for of, one in own.items() if of != name)]) or "true"
        idle = f" and ({own[name]} or true)" if name in own else ""
        await connection.fetch(f"select {name}, count(*) from plain_search where {others}{idle} group by 1", *values)
    return total
