"""The stock a demo starts with. Running it again changes nothing; a demo car somebody deleted stays deleted."""

import random
from datetime import timedelta
from typing import Any

from app.core import clock
from app.core import db as database
from app.core.base import Db, Scope
from app.core.ids import Id
from app.core.settings import Settings
from app.listings import queries
from app.listings.service.bulk import Made, add_many, made
from app.listings.service.generator import Kind, Spread, invent
from app.media import service as media
from app.media.rules import drawings_of
from app.orgs import queries as orgs

_PUBLIC = {"status": "live", "visibility": "public", "channel": "automart"}
# Beside the public ones each branch has a few of every other kind.
_OTHERS: tuple[tuple[int, dict[str, Any]], ...] = (
    (3, {**_PUBLIC, "status": "draft"}),
    (1, {**_PUBLIC, "status": "draft", "doubt": "price", "asking_price": None}),
    (2, {**_PUBLIC, "visibility": "private"}),
    (3, {**_PUBLIC, "visibility": "wholesale_public", "channel": "autotrader"}),
    (2, {**_PUBLIC, "status": "reserved"}),
    (3, {**_PUBLIC, "status": "sold"}),
)
# org: (branch, city, prefix of its stock numbers, how many are public and live)
_BRANCHES = {
    "ravi": (("lahore", "lahore", "RL", 60), ("gujranwala", "gujranwala", "RG", 30)),
    "indus": (("karachi", "karachi", "IK", 40),),
}
_SHOWROOM = frozenset(
    ("toyota", "suzuki", "honda", "daihatsu", "kia", "hyundai", "nissan", "changan", "mg", "haval", "proton", "peugeot")
)


async def seed(settings: Settings) -> str:
    """Cars of the demo dealers, where DESK_DEMO says so."""
    if not settings.desk_demo:
        return "demo stock: none outside a demo"
    new = 0
    for slug, branches in _BRANCHES.items():
        org_id = await orgs.org_id_of(slug)
        if org_id is not None:
            for branch, city, prefix, public in branches:
                new += await _fill(org_id, branch, city, prefix, public)
    return f"demo stock: {new} new cars"


async def _fill(org_id: Id, branch: str, city: str, prefix: str, public: int) -> int:
    async with database.unit(Scope(org_id=org_id)) as db:
        there = await queries.stock_numbers(db, prefix)
        cars = [one for one in await _cars(db, org_id, branch, city, prefix, public) if _number(one) not in there]
        if cars:
            await add_many(db, cars)
            shown = [one.listing for one in cars if one.listing.status != "draft"]
            await media.sketch(db, [(one.id, drawings_of(one.body, one.colour)) for one in shown])
        return len(cars)


async def _cars(db: Db, org_id: Id, branch: str, city: str, prefix: str, public: int) -> list[Made]:
    """The same cars every time; only their dates follow the day of the seed."""
    place, stands = await queries.place_of(db, city), await queries.branch_of(db, branch)
    spread = Spread.of([kind for kind in await queries.catalogue(db) if _usual(kind)])
    kinds = [(_PUBLIC, public), *((kind, count) for count, kind in _OTHERS)]
    chance, now, cars = random.Random(f"demo {prefix}"), clock.now(), list[Made]()  # noqa: S311 - a demo, not a secret
    for kind, count in kinds:
        for _number_of_kind in range(count):
            car, fields = invent(chance, spread, city)
            made_at = now - timedelta(hours=2 + 11 * (public + 20 - len(cars)) + chance.randrange(9))
            dates = {"created_at": made_at - timedelta(hours=3)}
            if kind["status"] != "draft":
                dates |= {"published_at": made_at, "refreshed_at": made_at}
            if kind["status"] == "sold":
                dates["sold_at"] = made_at + timedelta(hours=90)
            known = {"org_id": org_id, "branch_id": stands.id, "stock_number": f"{prefix}-{len(cars) + 1001}"}
            cars.append(made(car, place, {**fields, **kind, **known, **dates, "demo": True}))
    return cars


def _usual(kind: Kind) -> bool:
    """What a showroom of this size has: of the makes everybody asks for, built until lately."""
    make, model, _trims = kind
    return make.slug in _SHOWROOM and model.weight >= 30 and (model.year_to is None or model.year_to >= 2016)


def _number(one: Made) -> str | None:
    return one.listing.stock_number
