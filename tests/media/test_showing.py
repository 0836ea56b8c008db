"""Who gets to see a picture: anybody of a car on the market, under a plain address; else whoever has a signed one."""

from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import select

from app.adapters import storage
from app.adapters.storage import MemoryStorage, StorageDown
from app.core import base, clock, db
from app.core.base import Scope
from app.core.settings import Settings
from app.media.models import Media
from tests.media.conftest import Car, set_to
from tests.support.api import Caller, org_of
from tests.support.pictures import good

ATTACKS = (
    lambda url: url.partition("?")[0],
    lambda url: url[:-1] + ("0" if url[-1] != "0" else "1"),
    lambda url: url.replace("until=", "until=9"),
    lambda url: url.partition("&")[0],
    lambda url: url + "&until=1",
)


async def test_pictures_of_a_public_car_are_on_its_page_its_card_and_for_ever(car: Car) -> None:
    await car.filled(good(1), good(2))
    await car.publish()
    anybody = car.owner.stranger()
    listing = (await anybody.get(f"listings/{car.id}")).json()
    hit = (await anybody.get("listings")).json()["hits"][0]
    page = (await anybody.http.get(listing["url"])).text
    shown = await anybody.http.get(listing["photo"]["url"])
    again = await anybody.http.get(listing["photo"]["url"], headers={"if-none-match": shown.headers["etag"]})

    assert len(listing["photos"]) == 2
    assert hit["photo"] == listing["photo"] == listing["photos"][0]
    assert "?" not in listing["photo"]["url"]
    assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert shown.headers["content-type"] == "image/jpeg"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert again.status_code == 304
    assert all(photo["avif"] in page and photo["webp"] in page for photo in listing["photos"])
    for kind in ("avif", "webp", "jpeg"):
        for candidate in listing["photo"][kind].split(", "):
            address, width = candidate.split(" ")
            answer = await anybody.http.get(address)
            assert (answer.status_code, width[-1]) == (200, "w")
            assert answer.headers["content-type"] == f"image/{kind}"


@pytest.mark.parametrize("state", ["draft", "private", "wholesale_public"])
async def test_pictures_of_any_other_car_need_a_signed_address_that_ends(
    car: Car, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (photo,) = await car.filled(good())
    if state != "draft":
        await car.owner.patch(f"listings/{car.id}", {"visibility": state})
        await car.publish()
        (photo,) = await car.photos()
    anybody, url = car.owner.stranger(), photo["url"]
    shown = await anybody.http.get(url)

    assert shown.status_code == 200
    assert shown.headers["cache-control"].startswith("private")
    for attack in ATTACKS:
        assert (await anybody.http.get(attack(url))).status_code in (400, 404, 422), attack(url)
    assert (await car.owner.http.get(url.partition("?")[0])).status_code == 404
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert (await anybody.http.get(url)).status_code == 404


async def test_a_signed_address_stays_the_same_for_a_while(car: Car) -> None:
    await car.filled(good())

    assert (await car.photos())[0]["url"] == (await car.photos())[0]["url"]


async def test_a_car_that_leaves_the_market_takes_its_pictures_along(car: Car) -> None:
    await car.filled(good())
    await car.publish()
    url = (await car.owner.stranger().get(f"listings/{car.id}")).json()["photo"]["url"]
    before = await car.owner.stranger().http.get(url)
    await car.owner.post(f"listings/{car.id}/unpublish")

    assert before.status_code == 200
    assert (await car.owner.stranger().http.get(url)).status_code == 404


async def test_a_removed_picture_is_gone_at_once(car: Car) -> None:
    (photo,) = await car.filled(good())
    await car.publish()
    url = (await car.owner.stranger().get(f"listings/{car.id}")).json()["photo"]["url"]
    await car.owner.delete(f"{car.path}/{photo['id']}")

    assert (await car.owner.stranger().http.get(url)).status_code == 404
    assert (await car.owner.stranger().get(f"listings/{car.id}")).json()["photos"] == []


async def test_a_cdn_serves_what_is_public_and_nothing_else(car: Car) -> None:
    set_to(cdn_base_url="https://cdn.example")
    (private,) = await car.filled(good(1, 800, 600))
    await car.publish()
    public = (await car.owner.stranger().get(f"listings/{car.id}")).json()["photo"]

    assert private["url"].startswith("/media/")
    assert public["url"].startswith("https://cdn.example/media/")
    assert public["avif"].count("https://cdn.example/media/") == 3 - public["avif"].count("1280w")


async def test_an_unknown_size_or_picture_is_not_found(car: Car) -> None:
    (photo,) = await car.filled(good())
    await car.publish()
    for path in (f"/media/{photo['id']}/9999.jpg", f"/media/{photo['id']}/x", f"/media/{car.id}/640.jpg", "/media/x/y"):
        assert (await car.owner.stranger().http.get(path)).status_code == 404, path


async def test_a_storage_that_is_away_says_so(car: Car, files: MemoryStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    (photo,) = await car.filled(good())

    async def away(_key: str) -> bytes:
        raise StorageDown

    monkeypatch.setattr(files, "get", away)
    assert (await car.owner.http.get(photo["url"])).status_code == 503


async def test_a_private_file_needs_its_signed_address(car: Car, files: MemoryStorage) -> None:
    await files.put("documents/a.pdf", b"private")
    url = files.presign_read("documents/a.pdf", within_s=60)
    anybody = car.owner.stranger().http
    given = await anybody.get(url)

    assert given.content == b"private"
    assert given.headers["content-disposition"] == "attachment"
    for attack in (*ATTACKS, lambda one: one.replace("a.pdf", "b.pdf")):
        assert (await anybody.get(attack(url))).status_code in (400, 404, 422), attack(url)
    assert (await anybody.get(storage.FILES + "/../state.json")).status_code == 404


@pytest.mark.parametrize("guard", ["scope", "policy"])
@pytest.mark.parametrize("visibility", ["public", "wholesale_public", "private"])
async def test_each_guard_alone_shows_a_picture_to_whom_its_listing_is_shown(
    car: Car, api: Caller, settings: Settings, guard: str, visibility: str
) -> None:
    await car.filled(good())
    await car.owner.patch(f"listings/{car.id}", {"visibility": visibility})
    await car.publish()
    other = await org_of(api, "northside", "mo@northside.pk")
    dealer = next(one for one in (await other.get("orgs")).json()["items"] if one["current"])["org_id"]
    owner = next(one for one in (await car.owner.get("orgs")).json()["items"] if one["current"])["org_id"]
    if guard == "policy":
        base.guard_off(True)
    else:
        connection = await asyncpg.connect(settings.database_owner_url)
        for table in ("media", "listing"):
            await connection.execute(f"alter table {table} disable row level security")
        await connection.close()
    seen = {}
    try:
        for name, org_id in (("own", owner), ("dealer", dealer), ("anybody", None)):
            async with db.unit(Scope(org_id=org_id), read=True) as session:
                seen[name] = len(list(await session.scalars(select(Media.id))))
    finally:
        base.guard_off(False)

    assert (
        seen
        == {
            "public": {"own": 1, "dealer": 1, "anybody": 1},
            "wholesale_public": {"own": 1, "dealer": 1, "anybody": 0},
            "private": {"own": 1, "dealer": 0, "anybody": 0},
        }[visibility]
    )
