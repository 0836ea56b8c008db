"""Pictures sent to us: a form for each, refused at a glance where they must be, looked at later, shown in our sizes."""

import asyncio
import io
from datetime import timedelta

import pytest
from PIL import Image

from app.adapters.storage import MemoryStorage, NoSuchFile
from app.core import clock, db
from app.core.jobs_ledger import burst
from jobs.housekeeping import prune_uploads
from tests.media.conftest import Car, checksum
from tests.support.api import Caller, org_of
from tests.support.pictures import FAILING, REFUSED, good, shot_upright


async def test_an_upload_becomes_a_picture_in_our_sizes_and_the_file_as_it_came_is_deleted(
    car: Car, files: MemoryStorage
) -> None:
    content = shot_upright()
    key = await car.uploaded(content)
    added = await car.owner.post(car.path, {"key": key, "checksum": checksum(content)})
    waiting = await car.photos()
    await burst()
    (photo,) = await car.photos()

    assert added.status_code == 201
    assert (waiting[0]["state"], waiting[0]["url"]) == ("waiting", None)
    assert (photo["state"], photo["type"], photo["order"]) == ("ready", "image", 0)
    assert (photo["width"], photo["height"], photo["checksum"]) == (600, 800, checksum(content))
    assert photo["listing_id"] == car.id
    assert 0 < photo["quality"] <= 100
    shown = await car.owner.stranger().http.get(photo["url"])
    with Image.open(io.BytesIO(shown.content)) as image:
        assert (image.format, image.size) == ("JPEG", (600, 800))
    with pytest.raises(NoSuchFile):
        await files.get(key)


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_seen_at_a_glance_is_refused_at_once(car: Car, name: str, files: MemoryStorage) -> None:
    make, status, code = REFUSED[name]
    ticket = (await car.owner.post("uploads/presign", {})).json()
    answer = await car.send(ticket, make())

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    with pytest.raises(NoSuchFile):
        await files.size(ticket["key"])


@pytest.mark.parametrize("name", ["svg", "huge header", "50 MB", "nothing"])
async def test_what_a_bucket_let_through_is_refused_when_it_is_named(car: Car, name: str, files: MemoryStorage) -> None:
    make, status, code = REFUSED[name]
    key = (await car.owner.post("uploads/presign", {})).json()["key"]
    await files.put(key, make())
    answer = await car.owner.post(car.path, {"key": key})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await car.photos() == []


@pytest.mark.parametrize("name", FAILING)
async def test_what_only_a_closer_look_tells_fails_by_name_and_harms_no_other(car: Car, name: str) -> None:
    make, code = FAILING[name]
    await car.add(good(1, 160, 120))
    await car.add(make())
    await car.add(good(2, 160, 120))
    await burst()

    assert await car.states() == ["ready", code, "ready"]
    assert all(photo["reason"] for photo in await car.photos() if photo["error"])


@pytest.mark.parametrize("name", ["../../etc/passwd", "con", "a\0b", "x" * 300, "шина.jpg", "<b>.svg", ""])
async def test_the_name_of_a_file_means_nothing(car: Car, name: str) -> None:
    ticket = (await car.owner.post("uploads/presign", {})).json()
    boundary = "b"
    parts = [f'--b\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n' for field, value in
             ticket["fields"].items()]  # fmt: skip
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = "".join(parts).encode() + head.encode() + good() + b"\r\n--b--\r\n"
    headers = {"content-type": f"multipart/form-data; boundary={boundary}"}
    answer = await car.owner.stranger().http.post(ticket["url"], content=body, headers=headers)
    # A name that is none, or one with NUL in it, is no file at all.
    assert answer.status_code == 204 or (name in ("", "a\0b") and answer.status_code in (400, 422)), answer.text

    if answer.status_code == 204:
        assert (await car.owner.post(car.path, {"key": ticket["key"]})).status_code == 201


async def test_a_form_is_for_one_file_one_type_and_an_hour(car: Car) -> None:
    ticket = (await car.owner.post("uploads/presign", {"content_type": "image/png", "bytes": 5000})).json()
    other = ticket["key"][:-1] + ("1" if ticket["key"].endswith("0") else "0")
    forged = {**ticket, "fields": {**ticket["fields"], "key": other}}
    late = {**ticket, "fields": {**ticket["fields"], "until": "1"}}

    assert set(ticket) == {"url", "fields", "key", "expires_in", "most_bytes"}
    assert (await car.send(forged, good())).status_code == 403
    assert (await car.send(late, good())).json()["code"] == "upload_expired"
    assert (await car.send({**ticket, "fields": {}}, good())).status_code == 403
    assert (await car.send(ticket, good())).status_code == 204
    assert (await car.owner.post("uploads/presign", {"content_type": "image/svg+xml"})).status_code == 415
    assert (await car.owner.post("uploads/presign", {"bytes": 50_000_000})).status_code == 413
    assert (await car.owner.stranger().post("uploads/presign", {})).status_code == 401


async def test_the_thirteenth_picture_is_refused_however_they_come(car: Car) -> None:
    keys = [await car.uploaded(good(seed, 160, 120)) for seed in range(15)]
    answers = await asyncio.gather(*(car.owner.post(car.path, {"key": key}) for key in keys))
    refused = [answer for answer in answers if answer.status_code != 201]

    assert len(refused) == 3
    assert {(one.status_code, one.json()["code"]) for one in refused} == {(422, "too_many_pictures")}
    assert "at most 12" in refused[0].json()["detail"]
    assert len(await car.photos()) == 12
    assert (await car.add_url("http://127.0.0.1/a.jpg")).status_code == 422


async def test_an_upload_belongs_to_one_picture_of_one_listing_of_one_org(car: Car, api: Caller) -> None:
    key = await car.uploaded(good())
    first, again = [await car.owner.post(car.path, {"key": key}) for _ in range(2)]
    other = await org_of(api, "northside", "mo@northside.pk")
    await other.post("branches", {"name": "Multan", "slug": "multan", "city": "Multan"})
    theirs = await other.post(
        "listings",
        {"make": "honda", "model": "city", "year": 2020, "odometer_km": 1, "branch": "multan"},
    )
    stolen = await other.post(f"listings/{theirs.json()['id']}/media", {"key": await car.uploaded(good(2))})

    assert first.json()["id"] == again.json()["id"]
    assert len(await car.photos()) == 1
    assert (stolen.status_code, stolen.json()["code"]) == (422, "upload_missing")
    for path in (f"in/{key.split('/')[1]}/../x", "media/x", "", "in/x", "/etc/passwd"):
        assert (await car.owner.post(car.path, {"key": path})).status_code in (400, 422), path
    assert (await other.get(car.path)).status_code == 404
    assert (await other.post(car.path, {"key": key})).status_code in (404, 422)


async def test_neither_nor_both_is_refused(car: Car) -> None:
    for body in ({}, {"key": "in/x", "url": "https://example.com"}, {"key": None, "url": None}):
        answer = await car.owner.post(car.path, body)
        assert answer.status_code == 422, body
        assert answer.json()["errors"]


async def test_what_arrived_is_held_against_its_checksum(car: Car) -> None:
    content = good()
    await car.add(content, checksum=checksum(content[:-1]))
    await car.add(good(2), checksum=checksum(good(2)))
    await burst()

    assert await car.states() == ["checksum_differs", "ready"]


async def test_the_same_file_twice_is_one_picture(car: Car) -> None:
    photos = await car.filled(good(), good(), good(2))

    assert [photo["error"] or photo["state"] for photo in photos] == ["ready", "same_picture", "ready"]


async def test_an_upload_that_never_arrived_is_named_so(car: Car) -> None:
    key = (await car.owner.post("uploads/presign", {})).json()["key"]
    answer = await car.owner.post(car.path, {"key": key})

    assert (answer.status_code, answer.json()["code"]) == (422, "upload_missing")


async def test_a_sleeping_branch_colleague_or_reader_may_not_add(car: Car) -> None:
    member = {"email": "r@southside.pk", "password": "kachnar-phool-82", "name": "Reader", "role": "readonly"}
    assert (await car.owner.post("users", member)).status_code == 201
    reader = await car.owner.stranger().sign_in("r@southside.pk")

    assert (await reader.post("uploads/presign", {})).status_code == 403
    assert (await reader.post(car.path, {"url": "https://example.com/a.jpg"})).status_code == 403
    assert (await reader.get(car.path)).status_code == 200


async def test_uploads_that_nobody_named_are_deleted_after_two_days(car: Car, files: MemoryStorage) -> None:
    key = await car.uploaded(good())
    async with db.system() as session:
        await prune_uploads(session, clock.now() + timedelta(days=1))
        kept = await files.size(key)
        await prune_uploads(session, clock.now() + timedelta(days=3))

    assert kept > 0
    with pytest.raises(NoSuchFile):
        await files.size(key)
