"""A listing's pictures put in order, removed, brought back and, in the end, gone; and what they add to its quality."""

import asyncpg
import pytest

from app.adapters.storage import MemoryStorage, NoSuchFile
from app.core import db
from app.core.base import Scope
from app.core.ids import Id
from app.core.jobs_ledger import burst
from app.core.settings import Settings
from app.media import queries, rules
from app.media.timers import TIMERS
from app.orgs import queries as orgs
from jobs.sweeper import Sweeper
from tests.listings.test_api import made
from tests.media.conftest import Car
from tests.support.pictures import good, saved, scene


async def test_order_is_kept_and_the_first_is_the_cover(car: Car) -> None:
    photos = await car.filled(good(1), good(2), good(3))
    order = [photos[2]["id"], photos[0]["id"], photos[1]["id"]]
    answer = await car.owner.patch(car.path, {"order": order})
    await car.publish()
    hit = (await car.owner.stranger().get("listings")).json()["hits"][0]

    assert [photo["id"] for photo in answer.json()] == order
    assert [photo["order"] for photo in answer.json()] == [0, 1, 2]
    assert order[0] in hit["photo"]["url"]


@pytest.mark.parametrize("change", ["missing", "twice", "foreign", "none"])
async def test_an_order_of_other_pictures_changes_nothing(car: Car, change: str) -> None:
    photos = await car.filled(good(1), good(2))
    one, two = (photo["id"] for photo in photos)
    order = {"missing": [two], "twice": [two, two], "foreign": [two, one, car.id], "none": []}[change]
    answer = await car.owner.patch(car.path, {"order": order})

    assert (answer.status_code, answer.json()["code"]) == (409, "order_stale")
    assert [photo["id"] for photo in await car.photos()] == [one, two]


async def test_what_was_removed_comes_back_to_its_place(car: Car) -> None:
    photos = await car.filled(good(1), good(2), good(3))
    first = photos[0]["id"]
    removed = await car.owner.delete(f"{car.path}/{first}")
    left = [photo["id"] for photo in await car.photos()]
    again = await car.owner.delete(f"{car.path}/{first}")
    back = await car.owner.post(f"{car.path}/{first}/restore")

    assert removed.status_code == 204
    assert left == [photo["id"] for photo in photos[1:]]
    assert again.status_code == 404
    assert back.json()["state"] == "ready"
    assert [photo["id"] for photo in await car.photos()] == [photo["id"] for photo in photos]


async def test_a_day_later_its_files_are_gone_and_it_cannot_come_back(
    car: Car, files: MemoryStorage, settings: Settings
) -> None:
    (photo,) = await car.filled(good(1))
    kept = await queries.served(Id(photo["id"]))
    await car.owner.delete(f"{car.path}/{photo['id']}")
    assert await files.size(kept.files[0].key) > 0
    connection = await asyncpg.connect(settings.database_owner_url)
    await connection.execute("update media set purge_at = now() - interval '1 second'")
    while await Sweeper(TIMERS).turn():
        pass
    late = await car.owner.post(f"{car.path}/{photo['id']}/restore")
    await burst()
    rows = await connection.fetchval("select count(*) from media")
    await connection.close()

    assert late.status_code == 404
    assert rows == 0
    for file in kept.files:
        with pytest.raises(NoSuchFile):
            await files.size(file.key)


async def test_photos_raise_the_quality_of_a_listing_and_its_place_in_the_search(car: Car) -> None:
    other = await made(car.owner, stock_number="A-2")
    await car.owner.post(f"listings/{other['id']}/publish")
    await car.publish()
    before = (await car.owner.get(f"listings/{car.id}")).json()
    await car.filled(*(saved(scene(1600, 1200, seed), quality=88) for seed in range(4)))
    after = (await car.owner.get(f"listings/{car.id}")).json()
    found = (await car.owner.stranger().get("listings")).json()["hits"]
    for photo in await car.photos():
        await car.owner.delete(f"{car.path}/{photo['id']}")
    await burst()
    bare = (await car.owner.get(f"listings/{car.id}")).json()

    assert after["quality_score"] > before["quality_score"] == bare["quality_score"]
    assert after["version"] == before["version"]
    assert [hit["id"] for hit in found] == [car.id, other["id"]]
    edited = await car.owner.patch(f"listings/{car.id}", {"description": "x" * 400})
    assert edited.json()["quality_score"] > bare["quality_score"]


def test_points_grow_with_number_and_goodness() -> None:
    assert rules.points([]) == 0
    assert rules.points([100] * 8) == rules.points([100] * 12) == rules.MOST_POINTS
    assert rules.points([40]) < rules.points([90]) < rules.points([90, 90])


async def test_the_same_photo_on_another_car_is_known_by_its_looks(car: Car) -> None:
    other = Car(car.owner, await made(car.owner, stock_number="A-2"))
    (theirs,) = await other.filled(saved(scene(1200, 900, 7).resize((700, 525)), quality=50))
    ours = await car.filled(saved(scene(1200, 900, 7).crop((12, 9, 1188, 891))), good(8))
    org = (await car.owner.get("me")).json()["memberships"][0]
    async with db.unit(Scope(org_id=await _org_id(org["org"])), read=True) as session:
        alike = await queries.alike(session, Id(car.id))

    assert alike == {Id(ours[0]["id"]): Id(other.id)}
    assert theirs["state"] == "ready"


async def _org_id(slug: str) -> Id:
    found = await orgs.org_id_of(slug)
    assert found is not None
    return found


async def test_what_happened_is_on_record(car: Car) -> None:
    photos = await car.filled(good(1), good(2))
    await car.owner.patch(car.path, {"order": [photos[1]["id"], photos[0]["id"]]})
    await car.owner.delete(f"{car.path}/{photos[0]['id']}")
    records = (await car.owner.get("audit?limit=50")).json()["items"]
    actions = [record["action"] for record in records]

    assert [actions.count(f"media.{what}") for what in ("added", "ready", "ordered", "removed")] == [2, 2, 1, 1]
