"""Any number of invented cars at invented dealers, to see the desk at size. The same number makes the same stock."""

import random
import secrets
from collections.abc import Callable
from datetime import timedelta

from app.accounts import queries as accounts
from app.accounts.models import AppUser
from app.accounts.schemas import RegisterForm
from app.core import clock
from app.core import db as database
from app.core.base import Db, Scope
from app.core.ids import Id
from app.listings import queries
from app.listings.service.bulk import Made, add_many, made
from app.listings.service.generator import Spread, invent
from app.orgs import queries as orgs
from app.orgs import service as org_service
from app.orgs.schemas import BranchForm, OrgForm
from app.taxonomy.models import Location

DEALERS, CHUNK = 40, 500
_CITIES = ("lahore", "karachi", "islamabad", "rawalpindi", "faisalabad", "multan", "peshawar", "sialkot")
_OWNER = "owner@synthetic.example"


async def fill(count: int, *, told: Callable[[int], None] = lambda _done: None) -> int:
    """`count` live public cars in all, spread over the synthetic dealers; how many were new. `told` hears progress."""
    owner = await _owner()
    new = 0
    for number in range(min(DEALERS, count)):
        org_id, branch_id = await _dealer(owner, number)
        wanted = range(number, count, DEALERS)
        for start in range(0, len(wanted), CHUNK):
            chunk = wanted[start : start + CHUNK]
            new += await _chunk(org_id, branch_id, _CITIES[number % len(_CITIES)], chunk)
            told(len(chunk))
    return new


async def _chunk(org_id: Id, branch_id: Id, city: str, wanted: range) -> int:
    async with database.unit(Scope(org_id=org_id)) as db:
        there = await queries.stock_numbers(db, "S-")
        place, spread = await queries.place_of(db, city), Spread.of(await queries.catalogue(db))
        cars = [_car(spread, place, org_id, branch_id, one) for one in wanted if f"S-{one + 1:07d}" not in there]
        if cars:
            await add_many(db, cars)
        return len(cars)


def _car(spread: Spread, place: Location, org_id: Id, branch_id: Id, number: int) -> Made:
    chance = random.Random(f"synthetic {number}")  # noqa: S311 - test data, not a secret
    car, fields = invent(chance, spread, place.slug)
    at = clock.now() - timedelta(minutes=chance.randrange(60 * 24 * 60))
    return made(
        car,
        place,
        {
            **fields,
            "org_id": org_id,
            "branch_id": branch_id,
            "stock_number": f"S-{number + 1:07d}",
            "status": "live",
            "visibility": "public",
            "channel": "automart",
            "created_at": at,
            "published_at": at,
            "refreshed_at": at,
        },
    )


async def _owner() -> AppUser:
    """Nobody signs in as this person: the password is thrown away."""
    found = await accounts.by_email(_OWNER)
    if found is not None:
        return found
    form = RegisterForm(email=_OWNER, password=secrets.token_urlsafe(24), name="Synthetic Stock")
    async with database.unit(Scope()) as db:
        return await org_service.register(db, form)


async def _dealer(owner: AppUser, number: int) -> tuple[Id, Id]:
    slug = f"synthetic-{number + 1:02d}"
    city = _CITIES[number % len(_CITIES)]
    org_id = await orgs.org_id_of(slug)
    if org_id is None:
        async with database.unit(Scope(person_id=owner.id, actor_id=owner.id)) as db:
            form = OrgForm(name=f"{city.title()} Car Centre {number + 1}", slug=slug)
            org_id = await org_service.create_org(db, owner.id, form)
    async with database.unit(Scope(org_id=org_id, person_id=owner.id, actor_id=owner.id)) as db:
        return org_id, await _branch(db, org_id, city)


async def _branch(db: Db, org_id: Id, city: str) -> Id:
    there = (await orgs.branches(db, archived=True, limit=1)).items
    if there:
        return there[0].id
    form = BranchForm(name=city.title(), slug=city, city=city.title(), phone="+924235761299")
    return await org_service.open_branch(db, org_id, form)
