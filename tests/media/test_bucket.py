"""With a bucket: browsers send to it, the worker reads from it and writes to it, and it may be away for a while."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.adapters import storage
from app.adapters.storage import NoSuchFile, S3Storage, StorageDown
from app.core.edge.headers import content_security_policy
from app.core.jobs_ledger import burst
from app.core.settings import load
from tests.media.conftest import Car
from tests.support.bucket import KEY, NAME, SECRET, Bucket
from tests.support.pictures import good


@pytest.fixture
async def bucket() -> AsyncIterator[Bucket]:
    made = Bucket()
    async with made.open():
        yield made


@pytest.fixture
def files(bucket: Bucket) -> AsyncIterator[S3Storage]:
    kept = S3Storage(f"s3://{NAME}/desk", bucket.url, KEY, SECRET)
    storage.install(kept)
    yield kept
    storage.install(None)


async def test_what_is_put_comes_back_under_its_prefix_and_with_its_type(files: S3Storage, bucket: Bucket) -> None:
    await files.put("media/a.jpg", b"picture", kind="image/jpeg")

    assert bucket.objects == {"desk/media/a.jpg": b"picture"}
    assert bucket.kinds["desk/media/a.jpg"] == "image/jpeg"
    assert await files.get("media/a.jpg") == b"picture"
    assert await files.size("media/a.jpg") == 7
    assert await files.start("media/a.jpg", 3) == b"pic"
    await files.delete("media/a.jpg")
    with pytest.raises(NoSuchFile):
        await files.get("media/a.jpg")


async def test_a_large_file_goes_and_comes_in_parts(files: S3Storage, bucket: Bucket, tmp_path: Path) -> None:
    sent, fetched = tmp_path / "sent", tmp_path / "fetched"
    sent.write_bytes(bytes(range(256)) * 50_000)
    await files.put_file("feeds/big.csv", sent)
    await files.fetch_to("feeds/big.csv", fetched)

    assert fetched.read_bytes() == sent.read_bytes()
    assert sum("partNumber" in one for one in bucket.asked) == 3


async def test_a_bucket_that_is_away_is_one_exception_and_soon_not_asked_any_more(
    files: S3Storage, bucket: Bucket
) -> None:
    bucket.broken = True
    for _ in range(6):
        with pytest.raises(StorageDown):
            await files.get("a")
    asked = len(bucket.asked)
    with pytest.raises(StorageDown):
        await files.get("a")

    assert len(bucket.asked) == asked


async def test_a_signed_address_reads_and_an_unsigned_one_does_not(files: S3Storage, bucket: Bucket) -> None:
    await files.put("a.pdf", b"private")
    url = files.presign_read("a.pdf", within_s=60)
    async with httpx.AsyncClient(trust_env=False) as anybody:
        given, refused = await anybody.get(url), await anybody.get(url.partition("?")[0])

    assert (given.content, refused.status_code) == (b"private", 403)


async def test_a_browser_sends_to_the_bucket_and_the_car_gets_its_picture(car: Car, bucket: Bucket) -> None:
    ticket = (await car.owner.post("uploads/presign", {"content_type": "image/jpeg"})).json()
    async with httpx.AsyncClient(trust_env=False) as browser:
        sent = await browser.post(ticket["url"], data=ticket["fields"], files={"file": ("a.jpg", good())})
        forged = await browser.post(
            ticket["url"], data={**ticket["fields"], "key": "desk/media/theirs"}, files={"file": ("a.jpg", good())}
        )
        large = await browser.post(ticket["url"], data=ticket["fields"], files={"file": ("a.jpg", b"x" * 20_000_001)})
    added = await car.owner.post(car.path, {"key": ticket["key"]})
    await burst()

    assert ticket["url"] == f"{bucket.url}/{NAME}"
    assert (sent.status_code, forged.status_code, large.status_code) == (204, 403, 403)
    assert added.status_code == 201
    assert await car.states() == ["ready"]
    assert all(key.startswith("desk/media/") for key in bucket.objects)
    assert {kind for key, kind in bucket.kinds.items()} == {"image/avif", "image/webp", "image/jpeg"}


async def test_the_bucket_and_the_cdn_are_named_in_the_policy_of_pages() -> None:
    settings = load(
        {
            "STORAGE_URL": "s3://cars",
            "MEDIA_ENDPOINT": "https://sgp1.example",
            "MEDIA_ACCESS_KEY": "k",
            "MEDIA_SECRET_KEY": "s",
            "CDN_BASE_URL": "https://cdn.example",
        }
    )
    policy = dict(rule.split(" ", 1) for rule in content_security_policy(settings).split("; "))

    assert "https://sgp1.example" in policy["connect-src"].split()
    assert "https://cdn.example" in policy["img-src"].split()
    assert content_security_policy(load({})).count("https://") == 0
