"""100,000 malformed requests straight into the application, database and all: none may be answered with 5xx.

    python -m loadtests.fuzz_requests [--requests 100000] [--seed 1]

The last line printed is one JSON object. `five_xx` counts answers of 500 and more and sockets closed with a fault;
what caused each is printed before it.
"""

import argparse
import asyncio
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import structlog
from litestar import Litestar
from msgspec import Struct

from app import wiring
from app.cli._attach import upgrade
from app.cli.seed import STEPS
from app.core import db
from app.core.edge import csrf
from app.core.settings import Settings, install, load
from app.main import create_app
from loadtests.malformed import Caller, Malformed, Mill
from tests.support.api import cheap_passwords
from tests.support.asgi import Answer, call, socket
from tests.support.servers import started

ROLES = ("owner@ravi.demo", "sales1@ravi.demo", "readonly@indus.demo", "admin@platform.demo", "buyer@people.demo")
PASSWORD = "demo-password"
HANG_S = 10.0
COME_BACK_EVERY = 400
JSON = ("content-type", "application/json")
FORM = ("content-type", "application/x-www-form-urlencoded")
LISTS = [f"/api/v1/{name}" for name in ("me", "me/sessions", "members", "branches", "orgs", "invitations", "audit")]


class Outcome(Struct):
    """What happened to all of them."""

    requests: int
    seed: int
    places: int
    signed_in: int
    by_status: dict[str, int]
    five_xx: int
    hangs: int
    slowest_ms: float
    seconds: float
    grown_mb: float
    examples: list[str]


class Faults:
    """structlog processor that keeps what was logged as a fault and drops the rest."""

    def __init__(self) -> None:
        self.last: list[str] = []

    def __call__(self, _logger: Any, _method: str, event: dict[str, Any]) -> Any:
        error = event.get("exc_info")
        if error is not None:
            self.last.append(f"{event.get('event')}: {type(error).__name__}: {error}"[:400])
        raise structlog.DropEvent


class Cast:
    """The demo people, signed in: requests sign them out and close their accounts, so they have to come back."""

    def __init__(self, app: Litestar, settings: Settings) -> None:
        self._app = app
        self._host = f"127.0.0.1:{settings.desk_port}"
        self._cookie = csrf.cookie_name(secure=settings.secure)
        self._secret = settings.secret_key
        self.callers: dict[str, Caller] = {}

    async def gather(self) -> list[Caller]:
        """Everybody who is not in (any more) signs in again, twice: with a token, and as a browser."""
        for email in ROLES:
            if not await self._is_in(f"token {email}"):
                await self._sign_in_by_token(email)
            if not await self._is_in(f"cookie {email}"):
                await self._sign_in_by_page(email)
        return list(self.callers.values())

    async def _is_in(self, name: str) -> bool:
        caller = self.callers.get(name)
        if caller is None:
            return False
        answer = await call(self._app, "GET", "/api/v1/me", host=self._host, headers=caller.headers)
        return answer.status == 200

    async def _sign_in_by_token(self, email: str) -> None:
        person = {"email": email, "password": PASSWORD}
        answer = await self._post("/api/v1/auth/login", msgspec.json.encode(person), JSON)
        if answer.status != 200:
            answer = await self._post("/api/v1/auth/register", msgspec.json.encode({**person, "name": "Mo"}), JSON)
        if answer.status < 300:
            bearer = b"Bearer " + answer.json["access_token"].encode()
            self.callers[f"token {email}"] = Caller([(b"authorization", bearer)])

    async def _sign_in_by_page(self, email: str) -> None:
        form = f"email={email.replace('@', '%40')}&password={PASSWORD}".encode()
        page = await self._post("/sign-in", form, FORM)
        value = page.headers.get("set-cookie", "").partition(f"{self._cookie}=")[2].partition(";")[0]
        if value:
            pair = (b"cookie", f"{self._cookie}={value}".encode())
            self.callers[f"cookie {email}"] = Caller([pair], csrf.token_for(self._secret, value))

    async def _post(self, path: str, body: bytes, kind: tuple[str, str]) -> Answer:
        return await call(self._app, "POST", path, host=self._host, body=body, headers=[kind])


async def ids(app: Litestar, host: str, known: Sequence[Caller]) -> list[str]:
    """Real ids, so that requests find something to break."""
    found: set[str] = set()
    for caller in known:
        for path in LISTS:
            answer = await call(app, "GET", path, host=host, headers=caller.headers)
            if answer.status == 200:
                found |= {str(value) for value in _values(answer.json) if isinstance(value, str) and len(value) == 36}
    return sorted(found)


def _values(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return [value for child in node.values() for value in _values(child)]
    if isinstance(node, list):
        return [value for child in node for value in _values(child)]
    return [node]


async def fuzz(app: Litestar, settings: Settings, *, requests: int, seed: int) -> Outcome:
    """Send them one after another; the application must be started."""
    faults = Faults()
    structlog.configure(processors=[faults])
    cast = Cast(app, settings)
    known = await cast.gather()
    host = f"127.0.0.1:{settings.desk_port}"
    mill = Mill(app, seed, host=host, callers=known, ids=await ids(app, host, known))
    statuses: Counter[str] = Counter()
    examples: dict[str, str] = {}
    five_xx = hangs = 0
    slowest = 0.0
    grown_from = 0.0
    begun = time.perf_counter()
    for number in range(requests):
        if number % COME_BACK_EVERY == COME_BACK_EVERY - 1:
            known = await cast.gather()
            mill.meet(known, await ids(app, host, known))
        request = mill.next(number)
        faults.last.clear()
        before = time.perf_counter()
        try:
            async with asyncio.timeout(HANG_S):
                status, error = await _send(app, request)
        except TimeoutError:
            status, error = "hang", None
            hangs += 1
        slowest = max(slowest, time.perf_counter() - before)
        statuses[status] += 1
        if status in ("hang", "raised", "0") or status.startswith(("5", "ws-fault")) or error:
            five_xx += 1
            cause = faults.last[-1] if faults.last else repr(error)
            examples.setdefault(f"{request.method} {status} {cause}"[:200], f"{cause} <- {request.shown()}")
        if number == requests // 4:
            grown_from = _memory_mb()
        if sys.stdout.isatty() and number % 1000 == 999:
            rate = number / (time.perf_counter() - begun)
            print(f"\r{number + 1:>7} of {requests}, {rate:.0f}/s, 5xx {five_xx}", end="", flush=True)
    return Outcome(
        requests=requests,
        seed=seed,
        places=len(mill.places),
        signed_in=len(cast.callers),
        by_status=dict(sorted(statuses.items())),
        five_xx=five_xx,
        hangs=hangs,
        slowest_ms=round(slowest * 1000, 1),
        seconds=round(time.perf_counter() - begun, 1),
        grown_mb=round(_memory_mb() - grown_from, 1),
        examples=list(examples.values()),
    )


async def _send(app: Any, request: Malformed) -> tuple[str, BaseException | None]:
    host = None if request.host is None else request.host.decode("latin-1")
    if request.kind == "websocket":
        sent = await socket(
            app, request.target, headers=request.headers, frames=request.frames, host=host, within_s=HANG_S
        )
        closed = next((message for message in sent if message["type"] == "websocket.close"), {})
        if closed.get("reason") == "Internal Server Error":
            return "ws-fault", None
        opened = any(message["type"] == "websocket.accept" for message in sent)
        return (f"ws-{closed.get('code', 1000)}" if opened else "ws-refused"), None
    answer = await call(
        app, request.method, request.target,
        headers=request.headers, body=request.body or b"", host=host, hang_up=request.hang_up,
    )  # fmt: skip
    return ("raised" if answer.error else str(answer.status)), answer.error


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def desk() -> Iterator[Settings]:
    """Servers of our own with the demo in them, limits out of the way."""
    with started() as servers:
        settings = load({**servers.environment(), "DESK_DEMO": "1", "RATE_FACTOR": "100000", "LOG_LEVEL": "error"})
        install(settings)
        upgrade(settings)
        wiring.install()
        asyncio.run(_fill(settings))
        yield settings


def load_like(settings: Settings) -> Settings:
    """The same settings with limits out of the way."""
    return msgspec.structs.replace(settings, rate_factor=100_000.0)


async def _fill(settings: Settings) -> None:
    database = db.Database(settings)
    db.install(database)
    for step in STEPS:
        await step(settings)
    db.install(None)
    await database.close()


async def run(settings: Settings, *, requests: int, seed: int) -> Outcome:
    app = create_app(settings)
    async with app.lifespan():
        return await fuzz(app, settings, requests=requests, seed=seed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    cheap_passwords()
    with desk() as settings:
        outcome = asyncio.run(run(settings, requests=given.requests, seed=given.seed))
    for example in outcome.examples[:40]:
        print(example)
    summary = {name: value for name, value in msgspec.to_builtins(outcome).items() if name != "examples"}
    print(json.dumps(summary))
    sys.exit(1 if outcome.five_xx else 0)


if __name__ == "__main__":
    main()
