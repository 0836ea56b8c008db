"""Pictures named by their address: fetched by the worker through the guard, tried again, and never a way inside."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from app.adapters import http
from app.core.jobs_ledger import burst
from app.media import reactions, rules
from tests.adapters.test_http import INNER, as_libc, drip, flood
from tests.media.conftest import Car, checksum, set_to
from tests.support.pictures import SVG, good

Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits two seconds for another try, nor asks a name server."""
    monkeypatch.setattr("app.core.jobs_ledger.backoff_s", lambda _failures: 0.0)
    monkeypatch.setattr(http, "_look_up", as_libc)


class Elsewhere:
    """Somebody's server, where `answers` come one after the other, the last of them again and again."""

    def __init__(self, *answers: bytes | Answering) -> None:
        self.answers, self.visits = list(answers), 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        place = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        set_to(outgoing_allow=place)
        try:
            yield f"http://{place}/front.jpg"
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        try:
            await reader.readuntil(b"\r\n\r\n")
            if callable(answer):
                await answer(reader, writer)
            else:
                writer.write(answer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def said(body: bytes, status: str = "200 OK", kind: str = "image/jpeg") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def test_a_picture_is_fetched_by_the_worker_and_not_in_the_request(car: Car) -> None:
    elsewhere = Elsewhere(said(good(), kind="text/html"))
    async with elsewhere.open() as url:
        added = await car.add_url(url)
        asked_in_request = elsewhere.visits
        await burst()
    (photo,) = await car.photos()

    assert added.status_code == 201
    assert asked_in_request == 0
    assert (photo["state"], photo["checksum"], photo["source_url"]) == ("ready", checksum(good()), url)


async def test_an_inner_address_is_refused_in_every_spelling(car: Car) -> None:
    for host in INNER:
        answer = await car.add_url(f"http://{host}/front.jpg")
        if answer.status_code == 201:  # a name that nobody knows yet: the worker looks again
            await burst()
            assert await car.states() == ["fetch_failed"], host
            await car.owner.delete(f"{car.path}/{answer.json()['id']}")
        else:
            assert (answer.status_code, answer.json()["code"]) == (422, "url_not_allowed"), host


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://user@example.com/", "http://example.com:6379/", "gopher://example.com/"]
)
async def test_what_is_no_plain_web_address_is_refused(car: Car, url: str) -> None:
    answer = await car.add_url(url)

    assert (answer.status_code, answer.json()["code"]) == (422, "url_not_allowed")


async def test_a_name_that_turns_inside_between_the_look_and_the_call_is_not_dialled(
    car: Car, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def public(_host: str, _port: int) -> list[str]:
        return ["93.184.215.14"]

    monkeypatch.setattr(http, "_look_up", public)
    assert (await car.add_url("http://rebind.example/front.jpg")).status_code == 201

    async def inner(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    monkeypatch.setattr(http, "_look_up", inner)
    await burst()
    assert await car.states() == ["url_not_allowed"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", "redirected"),
        (said(b"gone", "404 Not Found"), "fetch_failed"),
        (said(b"broken", "503 Away"), "fetch_failed"),
        (said(SVG, kind="image/svg+xml"), "not_a_picture"),
        (said(b"<!doctype html>", kind="image/jpeg"), "not_a_picture"),
        (said(b""), "not_a_picture"),
        (said(good()[:4000]), "broken"),
        (b"junk\r\n\r\n", "fetch_failed"),
    ],
)
async def test_what_cannot_be_had_fails_by_name_and_harms_no_other(car: Car, answer: bytes, code: str) -> None:
    await car.add(good(5))
    async with Elsewhere(answer).open() as url:
        await car.add_url(url)
        await burst()

    assert await car.states() == ["ready", code]


async def test_a_drip_ends_at_the_deadline_and_a_flood_at_the_cap(car: Car, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reactions, "_WITHIN_S", 0.3)
    async with Elsewhere(drip).open() as url:
        await car.add_url(url)
        await burst()
    monkeypatch.setattr(reactions, "_WITHIN_S", 30.0)
    monkeypatch.setattr(rules, "MOST_BYTES", 300_000)
    async with Elsewhere(flood).open() as url:
        await car.add_url(url)
        await burst()

    assert await car.states() == ["fetch_timeout", "too_large"]


async def test_a_server_that_is_away_for_a_moment_is_asked_again(car: Car) -> None:
    elsewhere = Elsewhere(said(b"", "503 Away"), b"", said(good()))
    async with elsewhere.open() as url:
        await car.add_url(url)
        await burst()

    assert await car.states() == ["ready"]
    assert elsewhere.visits == 3


async def test_what_failed_can_be_fetched_once_more_and_what_did_not_fail_cannot(car: Car) -> None:
    elsewhere = Elsewhere(said(b"gone", "404 Not Found"), said(good()))
    async with elsewhere.open() as url:
        await car.add_url(url)
        await burst()
        before = await car.states()
        (photo,) = await car.photos()
        retried = await car.owner.post(f"{car.path}/{photo['id']}/retry")
        await burst()

    assert before == ["fetch_failed"]
    assert retried.json()["state"] == "waiting"
    assert await car.states() == ["ready"]
    assert (await car.owner.post(f"{car.path}/{photo['id']}/retry")).json()["code"] == "not_failed"


async def test_what_was_removed_before_it_came_is_not_fetched(car: Car) -> None:
    elsewhere = Elsewhere(said(good()))
    async with elsewhere.open() as url:
        photo = (await car.add_url(url)).json()
        await car.owner.delete(f"{car.path}/{photo['id']}")
        await burst()

    assert elsewhere.visits == 0
