"""A small market of odd cars: every state, ties, missing prices, words in both scripts, places of registration nobody
thought of, a closed dealer. The same seed makes the same cars but for their ids."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from app.accounts.schemas import RegisterForm
from app.core import db as database
from app.core.base import Db, Scope
from app.core.ids import Id
from app.listings import queries
from app.listings.service.bulk import Made, add_many, made
from app.orgs import queries as orgs
from app.orgs import service as org_service
from app.orgs.schemas import BranchForm, OrgForm
from tests.support.api import PASSWORD, cheap_passwords

CARS, SEED = 2_000, 20
_CHUNK = 100
_START = datetime(2026, 9, 1, tzinfo=UTC)
_DEALERS = ("odd-lots", "even-lots", "north-road", "shut-shop")
_CITIES = ("lahore", "lahore", "lahore", "karachi", "karachi", "islamabad", "rawalpindi", "multan", "gwadar", "sialkot")
_COLOURS = ("white", "Pearl White", "GREY", "gray metallic", "black", "octarine", "red", None, "Black over Red")
_REGISTERED = ("Lahore", "Islamabad", "Un-Registered", "Sindh", "لاہور", "Azad Jammu & Kashmir", "", None, "Lahore")
_WORDS = (
    "Original paint, first owner.", "Total genuine گاڑی ہے", "Nayi condition, bilkul okay", "sunroof; cruise control",
    "ایک ہاتھ چلی ہوئی", "Exchange possible with Alto or Mehran", "", "100% genuine (no touching) O'Brien\\s car",
)  # fmt: skip
_STATES: Sequence[dict[str, str]] = (
    *({"status": "live", "visibility": "public", "channel": "automart"},) * 12,
    {"status": "live", "visibility": "wholesale_public", "channel": "automart"},
    {"status": "live", "visibility": "private", "channel": "automart"},
    {"status": "live", "visibility": "public", "channel": "autotrader"},
    {"status": "draft", "visibility": "public", "channel": "automart"},
    {"status": "reserved", "visibility": "public", "channel": "automart"},
    {"status": "sold", "visibility": "public", "channel": "automart"},
)


async def fill(_settings: Any) -> None:
    cheap_passwords()
    chance = random.Random(SEED)
    form = RegisterForm(email="owner@odd.example", password=PASSWORD, name="Odd Owner")
    async with database.unit(Scope()) as db:
        owner = (await org_service.register(db, form)).id
    for number, slug in enumerate(_DEALERS):
        async with database.unit(Scope(person_id=owner, actor_id=owner)) as db:
            org_id = await org_service.create_org(db, owner, OrgForm(name=slug.title(), slug=slug))
        async with database.unit(Scope(org_id=org_id, person_id=owner, actor_id=owner)) as db:
            yard = BranchForm(name=slug, slug="yard", city="Lahore", phone="+924235761299")
            branch_id = await org_service.open_branch(db, org_id, yard)
        wanted = range(number, CARS, len(_DEALERS))
        for start in range(0, len(wanted), _CHUNK):
            async with database.unit(Scope(org_id=org_id)) as db:
                some = wanted[start : start + _CHUNK]
                await add_many(db, await _cars(db, chance, org_id, branch_id, owner, some))
    shut = await orgs.org_id_of(_DEALERS[-1])
    assert shut is not None
    async with database.unit(Scope(org_id=shut, person_id=owner, actor_id=owner)) as db:
        await org_service.close_org(db, shut)


async def _cars(db: Db, chance: random.Random, org_id: Id, branch_id: Id, owner: Id, numbers: range) -> list[Made]:
    kinds = await queries.catalogue(db)
    popular = sorted(kinds, key=lambda kind: -kind[1].weight)[:12]
    places = {slug: await queries.place_of(db, slug) for slug in sorted(set(_CITIES))}
    cars = []
    for number in numbers:
        make, model, trims = chance.choice(popular if chance.random() < 0.7 else kinds)
        trim = chance.choice(trims) if trims and chance.random() < 0.6 else None
        place = places[chance.choice(_CITIES)]
        at = _START + timedelta(hours=chance.randrange(24 * 60))
        private = chance.random() < 0.2
        fields = {
            "org_id": org_id,
            "branch_id": None if private else branch_id,
            "seller_id": owner if private else None,
            "stock_number": f"ODD-{number}",
            "year": chance.randrange(2005, 2026),
            "odometer_km": chance.choice((0, 50_000, 50_001, chance.randrange(250_000))),
            "asking_price": chance.choice((None, 1, 2_500_000, 9_999_999_999, chance.randrange(5, 200) * 50_000)),
            "engine_cc": chance.choice((None, 660, 1300, 1800, 20_000)),
            "fuel": chance.choice(("petrol", "petrol", "diesel", "hybrid", "phev", "electric", "cng", "lpg", None)),
            "transmission": chance.choice(("manual", "automatic", None)),
            "body": chance.choice((model.body, model.body, None)),
            "assembly": chance.choice(("local", "jdm", "cbu", None)),
            "colour": chance.choice(_COLOURS),
            "registered_in": chance.choice(_REGISTERED),
            "paint": chance.choice((None, "genuine", "touched", "panels", "showered", "repainted")),
            "auction_grade": chance.choice((None, None, "4.5", "R")),
            "condition": chance.choice(("used", "used", "new", "certified")),
            "photo_score": chance.choice((0, 0, 12)),
            "description": " ".join(chance.choices(_WORDS, k=2)),
            "created_at": at,
            "published_at": at,
            "refreshed_at": at + timedelta(days=3) if chance.random() < 0.3 else None,
            **chance.choice(_STATES),
        }
        cars.append(made(queries.Car(make, model, trim), place, fields))
    return cars
