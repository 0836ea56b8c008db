"""Storage: what is put can be fetched whole, a key never leaves the root, a signed form is for one file and a while."""

import asyncio
import base64
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from app.adapters import s3_forms, storage
from app.adapters.storage import LocalStorage, MemoryStorage, NoSuchFile, S3Storage, Storage, StorageDown
from app.core import clock
from app.core.settings import install, load

BAD_KEYS = [
    "",
    "/etc/passwd",
    "../x",
    "a/../b",
    "a//b",
    "a/",
    ".hidden",
    "a/.git",
    "a\\b",
    "a b",
    "a\0b",
    "ä",
    "x" * 301,
]


@pytest.fixture(autouse=True)
def _settings():
    install(load({}))


@pytest.fixture(params=["local", "memory"])
def files(request, tmp_path: Path) -> Storage:
    return LocalStorage(tmp_path / "files") if request.param == "local" else MemoryStorage()


async def test_what_is_put_comes_back(files: Storage):
    await files.put("a/b.txt", b"first")
    await files.put("a/b.txt", b"second")

    assert await files.get("a/b.txt") == b"second"
    assert await files.size("a/b.txt") == 6


async def test_a_large_file_goes_and_comes_in_parts(files: Storage, tmp_path: Path):
    sent, fetched = tmp_path / "sent", tmp_path / "fetched"
    sent.write_bytes(bytes(range(256)) * 50_000)
    await files.put_file("feeds/big.csv", sent)
    await files.fetch_to("feeds/big.csv", fetched)

    assert fetched.read_bytes() == sent.read_bytes()


async def test_what_is_not_there_is_named_so_and_leaves_nothing(files: Storage, tmp_path: Path):
    with pytest.raises(NoSuchFile):
        await files.get("none")
    with pytest.raises(NoSuchFile):
        await files.size("none")
    with pytest.raises(NoSuchFile):
        await files.fetch_to("none", tmp_path / "fetched")
    assert not (tmp_path / "fetched").exists()


async def test_deleting_twice_is_harmless(files: Storage):
    await files.put("a", b"x")
    await files.delete("a")
    await files.delete("a")

    with pytest.raises(NoSuchFile):
        await files.get("a")


async def test_what_is_old_goes_and_what_is_new_or_elsewhere_stays(files: Storage):
    for key in ("in/a/1", "in/b/2", "inner/3", "media/4"):
        await files.put(key, b"x")
    early = await files.delete_older("in", clock.now() - timedelta(hours=1))
    late = await files.delete_older("in", clock.now() + timedelta(hours=1))

    assert (early, late) == (0, 2)
    assert await files.size("inner/3") == await files.size("media/4") == 1
    with pytest.raises(NoSuchFile):
        await files.size("in/a/1")
    assert await files.delete_older("nothing", clock.now()) == 0


@pytest.mark.parametrize("key", BAD_KEYS)
async def test_a_key_never_leaves_the_root(files: Storage, key: str):
    with pytest.raises(ValueError, match="not a key"):
        await files.put(key, b"x")
    with pytest.raises(ValueError, match="not a key"):
        await files.get(key)
    with pytest.raises(ValueError, match="not a key"):
        files.presign_upload(key, kind="image/jpeg", most_bytes=1, within_s=1)


async def test_a_directory_in_the_way_is_one_exception(tmp_path: Path):
    files = LocalStorage(tmp_path)
    (tmp_path / "taken" / "inside").mkdir(parents=True)

    with pytest.raises(StorageDown):
        await files.put("taken", b"x")


async def test_a_silent_bucket_is_one_exception_within_the_deadline(monkeypatch):
    monkeypatch.setattr(storage, "BYTES_WITHIN_S", 0.3)
    release = asyncio.Event()

    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await release.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    bucket = S3Storage("s3://bucket", f"http://127.0.0.1:{port}", "key", "secret")

    with pytest.raises(StorageDown):
        await bucket.get("a")
    release.set()
    server.close()


async def test_signed_fields_hold_for_that_file_that_size_and_a_while(files: Storage, monkeypatch):
    form = files.presign_upload("in/1", kind="image/jpeg", most_bytes=10, within_s=60)

    assert storage.may_upload(form.fields, 10)
    assert not storage.may_upload(form.fields, 11)
    assert not storage.may_upload(form.fields, 0)
    assert not storage.may_upload({}, 1)
    for name in form.fields:
        assert not storage.may_upload({**form.fields, name: form.fields[name] + "0"}, 1)
    later = clock.now() + timedelta(seconds=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert not storage.may_upload(form.fields, 10)


async def test_a_signed_address_holds_for_that_file(files: Storage):
    path, _, query = files.presign_read("a/b", within_s=60).partition("?")
    until, signature = (part.partition("=")[2] for part in query.split("&"))

    assert path == "/files/a/b"
    assert storage.may_read("a/b", until, signature)
    assert not storage.may_read("a/c", until, signature)
    assert not storage.may_read("a/b", until + "0", signature)


def test_a_bucket_gets_a_policy_that_names_key_type_and_most_bytes():
    bucket = S3Storage("s3://cars/pre?region=sgp1", "https://sgp1.example", "AKID", "secret")
    form = bucket.presign_upload("in/1", kind="image/jpeg", most_bytes=10, within_s=60)
    policy = msgspec.json.decode(base64.b64decode(form.fields["policy"]))

    assert form.url == "https://sgp1.example/cars"
    assert form.fields["key"] == "pre/in/1"
    assert ["content-length-range", 1, 10] in policy["conditions"]
    assert {"bucket": "cars"} in policy["conditions"]
    assert {"key": "pre/in/1"} in policy["conditions"]
    assert "/sgp1/s3/aws4_request" in form.fields["x-amz-credential"]


def test_the_signature_is_the_one_amazon_documents():
    """The worked example of "Authenticating requests in browser-based uploads using POST"."""
    policy = (
        "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJz"
        "aWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJw"
        "dWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6"
        "b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2Uv"
        "Il0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRp"
        "b24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRl"
        "bnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXot"
        "YWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9"
    )
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

    assert s3_forms.signature(secret, "20151229", "us-east-1", policy) == (
        "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"
    )
