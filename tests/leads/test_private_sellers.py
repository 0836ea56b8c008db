"""INV-14 of a car that no dealer sells: a mask on every page, the number only for who asks for it, and that is kept."""

import asyncpg
import msgspec
import pytest

from app.core.ids import Id
from app.core.jobs_ledger import burst
from app.core.settings import Settings
from tests.leads.conftest import Stage
from tests.support.api import PASSWORD, Caller, serving

NUMBER = "+923214567890"
CAR = {"make": "honda", "model": "civic", "year": 2021, "odometer_km": 41_000, "city": "lahore"}
PHONE = {"X-Device-Id": "a-phone-that-nobody-can-guess"}


class Sold:
    """By Bob himself: his own caller, the car's place in the API and its page."""

    def __init__(self, seller: Caller, listing: dict[str, str]) -> None:
        self.seller, self.path, self.page = seller, f"listings/{listing['id']}", listing["url"]


@pytest.fixture
async def car(stage: Stage, settings: Settings) -> Sold:
    bob = await stage.api.register("bob@people.pk", "Bob", phone="0321 4567890")
    answer = await bob.post("listings", {**CAR, "asking_price": 6_450_000})
    assert answer.status_code == 201, answer.text
    connection = await asyncpg.connect(settings.database_owner_url)
    live = "update listing set status = 'live', published_at = now(), refreshed_at = now() where id = $1"
    await connection.execute(live, Id(answer.json()["id"]))
    await connection.close()
    return Sold(bob, answer.json())


async def test_every_public_reading_has_the_mask_alone(stage: Stage, car: Sold) -> None:
    stranger = stage.api.stranger()
    shown = await stranger.get(car.path)
    everywhere = [
        shown,
        await stranger.get("listings?q=civic"),
        await stranger.get(car.page),
        await stranger.get(f"/ur{car.page}"),
        await stranger.get("/cars?make=honda&model=civic"),
        await stage.callers["owner"].get(car.path),
    ]

    assert shown.json()["seller"] == "private"
    assert shown.json()["phone_masked"] == "+9232•••••890"
    for answer in everywhere:
        assert answer.status_code == 200
        assert all(part not in answer.text for part in ("3214567", "321 4567", "4567890")), answer.url
    assert all("032•••••890" in everywhere[at].text for at in (2, 3))


async def test_the_number_is_told_on_asking_and_every_asking_is_an_event(
    stage: Stage, car: Sold, settings: Settings
) -> None:
    told = await stage.api.stranger().post(f"{car.path}/reveal", headers=PHONE)
    reader = stage.api.stranger()
    sent_on = await reader.post(f"{car.page.split('-')[0]}/phone", headers={"origin": stage.api.base_url})
    page = await reader.get(sent_on.headers["location"])
    again = await stage.api.stranger().post(f"{car.path}/reveal", headers=PHONE)
    connection = await asyncpg.connect(settings.database_owner_url)
    mine = "org_id = (select org_id from listing where id = $1) and tag like 'lead.%'"
    facts = await connection.fetch(f"select tag from event where {mine} order by seq", Id(car.path[-36:]))  # noqa: S608
    await connection.close()

    assert (told.status_code, told.json()) == (200, {"phone": NUMBER})
    assert told.headers["cache-control"] == "private, no-store"
    assert (page.status_code, f"tel:{NUMBER}" in page.text) == (200, True)
    assert (again.status_code, again.json()) == (200, {"phone": NUMBER})
    assert [row["tag"] for row in facts] == ["lead.opened", "lead.opened", "lead.repeated"]


async def test_asking_is_rate_limited(settings: Settings, car: Sold) -> None:
    async with serving(msgspec.structs.replace(settings, rate_factor=0.025)) as api:
        stranger = api.stranger()
        answers = [(await stranger.post(f"{car.path}/reveal", headers=PHONE)).status_code for _ in range(6)]

    assert answers == [200] * 4 + [429] * 2


async def test_the_mask_follows_the_person(stage: Stage, car: Sold) -> None:
    before = await stage.api.stranger().get(car.path)
    assert (await car.seller.patch("me", {"phone": "0300 7654321"})).status_code == 200
    await burst()
    after = await stage.api.stranger().get(car.path)
    assert (await car.seller.patch("me", {"phone": None})).status_code == 200
    await burst()
    none = await stage.api.stranger().get(car.path)

    assert after.json()["phone_masked"] == "+9230•••••321"
    assert before.headers["etag"] != after.headers["etag"]
    assert none.json()["phone_masked"] is None
    assert (await stage.api.stranger().post(f"{car.path}/reveal", headers=PHONE)).status_code == 404


async def test_who_leaves_leaves_no_number_behind(stage: Stage, car: Sold, settings: Settings) -> None:
    closed = await car.seller.delete("me", {"password": PASSWORD})
    await burst()
    connection = await asyncpg.connect(settings.database_owner_url)
    kept = await connection.fetchval("select contact_phone_masked from listing where id = $1", Id(car.path[-36:]))
    await connection.close()

    assert closed.status_code in (200, 204), closed.text
    assert kept is None
    assert (await stage.api.stranger().get(car.path)).status_code == 404
