"""A market to search in: every model of the catalogue, the common ones in many cities and years, always the same."""

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app import wiring
from app.core import clock
from app.core import db as database
from app.core.base import Scope
from app.core.settings import Settings
from app.listings import queries
from app.listings.service.bulk import Made, add_many, made
from app.listings.service.generator import Kind, Spread, invent
from app.orgs import queries as orgs
from app.orgs.service import seed as seed_people
from app.taxonomy.models import Location
from tests.support.api import cheap_passwords

_CITIES = (
    "lahore", "karachi", "islamabad", "rawalpindi", "faisalabad", "multan", "peshawar", "gujranwala", "sialkot",
    "hyderabad", "quetta", "sargodha", "bahawalpur", "abbottabad", "mingora", "wah-cantt",
)  # fmt: skip
_EXTRAS = ("Sunroof.", "Leather seats.", "Alloy rims.", "Android panel.", "")
_CHUNK = 250
_PUBLIC = {"status": "live", "visibility": "public", "channel": "automart", "demo": True}
_HIDDEN: tuple[dict[str, Any], ...] = (
    {**_PUBLIC, "status": "draft"}, {**_PUBLIC, "visibility": "private"},
    {**_PUBLIC, "visibility": "wholesale_public", "channel": "autotrader"}, {**_PUBLIC, "status": "sold"},
)  # fmt: skip


async def fill(settings: Settings) -> None:
    cheap_passwords()
    wiring.install()
    await seed_people(settings)
    org_id = await orgs.org_id_of("ravi")
    assert org_id
    scope = Scope(org_id=org_id)
    async with database.unit(scope, read=True) as db:
        branch = (await queries.branch_of(db, "lahore")).id
        places = {city: await queries.place_of(db, city) for city in _CITIES}
        kinds = await queries.catalogue(db)
    stock = _cars(kinds, places, {"org_id": org_id, "branch_id": branch})
    for start in range(0, len(stock), _CHUNK):
        async with database.unit(scope) as db:
            await add_many(db, stock[start : start + _CHUNK])


def _cars(kinds: list[Kind], places: Mapping[str, Location], known: dict[str, Any]) -> list[Made]:
    """Thought up outside of any transaction: on a busy machine that takes a while."""
    chance, now = random.Random("a market to search in"), clock.now()
    stock: list[Made] = []
    for kind in kinds:
        for at in range(_how_many(kind)):
            city = _CITIES[at % len(_CITIES)]
            car, fields = invent(chance, Spread.of([kind]), city)
            fields["description"] += f" {_EXTRAS[len(stock) % len(_EXTRAS)]}"
            shown = _HIDDEN[len(stock) // 25 % 4] if len(stock) % 25 == 24 else _PUBLIC
            made_at = now - timedelta(minutes=7 * len(stock))
            dates = {"created_at": made_at, "published_at": made_at, "refreshed_at": made_at}
            number = {"stock_number": f"Q-{len(stock) + 1}"}
            stock.append(made(car, places[city], {**fields, **shown, **known, **number, **dates}))
    return stock


def _how_many(kind: Kind) -> int:
    """By how often the model is advertised."""
    weight = kind[1].weight
    return 288 if weight > 2_500 else 80 if weight > 800 else 32 if weight > 200 else 10
