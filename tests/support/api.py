"""The JSON API in this process, as somebody: `await api.as_("owner@ravi.test")` signs in and carries the token."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
import msgspec
from argon2 import PasswordHasher
from litestar import Litestar

from app.core import passwords
from app.core.settings import Settings
from app.main import create_app

PASSWORD = "kachnar-phool-82"
V1 = "/api/v1"


class Caller:
    """One client with or without a token; keeps no cookies unless told to."""

    def __init__(self, app: Litestar, base_url: str, headers: dict[str, str] | None = None) -> None:
        self.app = app
        self.base_url = base_url
        address = f"10.{random.randrange(256)}.{random.randrange(256)}.7"  # rate limits count each caller alone
        transport = httpx.ASGITransport(app=app, client=(address, 40000))  # type: ignore[arg-type]
        self.http = httpx.AsyncClient(transport=transport, base_url=base_url, headers=headers)

    async def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        if body is not None:
            more["json"] = body
        return await self.http.request(method, path if path.startswith("/") else f"{V1}/{path}", **more)

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self("GET", path, **more)

    async def post(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self("POST", path, body, **more)

    async def patch(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self("PATCH", path, body, **more)

    async def put(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self("PUT", path, body, **more)

    async def delete(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self("DELETE", path, body, **more)

    def stranger(self) -> "Caller":
        """Somebody else, from another address."""
        return Caller(self.app, self.base_url)

    def bearing(self, token: str) -> "Caller":
        return Caller(self.app, self.base_url, {"authorization": f"Bearer {token}"})

    async def register(self, email: str, name: str = "Somebody", **more: Any) -> "Caller":
        made = await self.post("auth/register", {"email": email, "password": PASSWORD, "name": name, **more})
        assert made.status_code == 201, made.text
        return self.bearing(made.json()["access_token"])

    async def sign_in(self, email: str, password: str = PASSWORD) -> "Caller":
        answer = await self.post("auth/login", {"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        return self.bearing(answer.json()["access_token"])


_apps: dict[Settings, Litestar] = {}
_in_use: set[int] = set()


@contextmanager
def _app(settings: Settings) -> Iterator[Litestar]:
    """One that is free gets new parts: to make one takes as long as most tests."""
    shape = msgspec.structs.replace(settings, database_url=None, database_system_url=None, database_owner_url=None)
    app = _apps.get(shape)
    if app is None or id(app) in _in_use:
        app = create_app(settings)
        _apps.setdefault(shape, app)
    else:
        app.state.parts.renew(settings)
    _in_use.add(id(app))
    try:
        yield app
    finally:
        _in_use.discard(id(app))


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Caller]:
    """The application over its own pools, started and stopped in one task as a server does."""
    with _app(settings) as app:
        async with _served(settings, app) as caller:
            yield caller


@asynccontextmanager
async def _served(settings: Settings, app: Litestar) -> AsyncIterator[Caller]:
    started, done = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set()
            await done.wait()

    running = asyncio.create_task(live())
    await asyncio.wait([running, asyncio.create_task(started.wait())], return_when=asyncio.FIRST_COMPLETED)
    try:
        yield Caller(app, settings.base_url)
    finally:
        done.set()
        await running


def cheap_passwords() -> None:
    """Argon2 with next to no work: tests sign in hundreds of times."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords._nobody = passwords._hasher.hash("nobody")


async def org_of(api: Caller, slug: str, email: str) -> Caller:
    """The owner of a new dealership, acting in it."""
    owner = await api.register(email)
    made = await owner.post("orgs", {"name": slug.title(), "slug": slug})
    assert made.status_code == 201, made.text
    return await api.sign_in(email)
