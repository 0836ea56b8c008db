"""People at the desk: the application in this process with the demo's accounts, and a visitor who fills in forms."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from app import wiring
from app.adapters.mail import MemoryMailer, install
from app.core.settings import Settings
from tests.support.api import Caller, cheap_passwords, serving

PASSWORD = "demo-password"


class Visitor:
    """A browser without JavaScript: keeps cookies, sends the token of the page it came from, follows no redirect."""

    def __init__(self, caller: Caller) -> None:
        self.http = caller.http
        self.http.headers.update({"accept": "text/html", "origin": caller.base_url})
        self.page = ""

    async def open(self, path: str, **headers: str) -> httpx.Response:
        answer = await self.http.get(path, headers=headers)
        self.page = answer.text
        return answer

    async def send(self, path: str, *, htmx: bool = False, **fields: Any) -> httpx.Response:
        token = re.search(r'name="csrf-token" content="([^"]*)"', self.page)
        headers = {"hx-request": "true"} if htmx else {}
        data = {**fields, "_csrf_token": token[1] if token else ""}
        return await self.http.post(path, data=data, headers=headers)

    async def sign_in(self, email: str) -> "Visitor":
        await self.open("/sign-in")
        answer = await self.send("/sign-in", email=email, password=PASSWORD)
        assert answer.status_code == 303, answer.text
        return self


@pytest.fixture
def stocked(peopled: str) -> str:
    return peopled


@pytest.fixture
async def desk(settings: Settings, database: object) -> AsyncIterator[Caller]:
    cheap_passwords()
    wiring.install()
    async with serving(settings) as caller:
        yield caller


@pytest.fixture
def visitor(desk: Caller) -> Visitor:
    return Visitor(Caller(desk.app, desk.base_url))


@pytest.fixture
def another(desk: Caller) -> Visitor:
    return Visitor(Caller(desk.app, desk.base_url))


@pytest.fixture
def mails() -> Iterator[MemoryMailer]:
    """What would have been sent, once `burst()` has kept the promises."""
    kept = MemoryMailer()
    install(kept)
    yield kept
    install(None)
