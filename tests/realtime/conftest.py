"""The proof board in processes of its own, and clients that check what they are told."""

import asyncio
import signal
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from app.core import events, live
from app.core.embedded.process import free_port
from app.core.embedded.servers import Servers
from app.core.ids import Id, new_id
from app.core.settings import Settings, load
from tests.realtime.proof import app, facts
from tests.support import processes, web
from tests.support.clones import URLS, Clones, named
from tests.support.processes import Process


class Board:
    """One process of the proof board that can be killed and started again on the same port."""

    def __init__(self, settings: Settings, *, hub: str = "raw", beat_s: float = 10) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environ = {
            "DATABASE_URL": settings.database_url or "",
            "DATABASE_SYSTEM_URL": settings.database_system_url or "",
            "REDIS_URL": settings.redis_url or "",
            "DESK_PORT": str(self.port),
            "BASE_URL": self.url,
            "LIVE_HUB": hub,
            "BEAT_S": str(beat_s),
            "DATABASE_POOL": "6",
        }
        self._process: Process | None = None

    def start(self) -> None:
        self._process = Process(app.main, self._environ)
        processes.until_open(self.port, self._process)

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.runs

    def end(self, how: signal.Signals = signal.SIGKILL) -> int:
        assert self._process
        return self._process.end(how, within_s=20)

    def close(self) -> None:
        if self.runs:
            self.end()

    def signal(self, how: signal.Signals) -> None:
        assert self._process
        self._process.send(how)

    async def figure(self, name: str) -> float:
        async with httpx.AsyncClient(verify=web.PLAIN) as http:
            lines = (await http.get(self.url + "/figures")).text.splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


class Guest:
    """Somebody with a session in an org."""

    def __init__(self, org: Id, *, role: str = "owner", branch: str = "") -> None:
        self.org, self.person, self.session, self.role, self.branch = org, new_id(), new_id(), role, branch

    @property
    def token(self) -> str:
        return f"{self.org}.{self.person}.{self.session}.{self.role}.{self.branch}"

    @property
    def name(self) -> str:
        return f"Guest {str(self.person)[-4:]}"

    def as_bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture
def org() -> UUID:
    return new_id()


@pytest.fixture(scope="module")
def settings(servers: Servers, template: Clones) -> Iterator[Settings]:
    """One database with the board's tables for a module's tests, each of which has an org of its own."""
    name = template.make()
    addresses = {variable: named(url, name) for variable, url in servers.environment().items() if variable in URLS}
    asyncio.run(_add_tables(addresses["DATABASE_OWNER_URL"]))
    yield load({**addresses, "REDIS_URL": servers.environment()["REDIS_URL"], "DATABASE_POOL": "4"})
    template.drop(name)


async def _add_tables(owner_url: str) -> None:
    connection = await asyncpg.connect(owner_url)
    await connection.execute(facts.SCHEMA)
    await connection.close()


@pytest.fixture(autouse=True)
def wired() -> Iterator[None]:
    table, topics = events.wires(), live.kinds()
    facts.install()
    yield
    events.install(table)
    live.install(topics)


@pytest.fixture
def boards() -> Iterator[list[Board]]:
    """Boards that end with the test; append them here."""
    made: list[Board] = []
    yield made
    for board in made:
        board.close()


def on_either_hub(*, portable: Any = "portable") -> Any:
    """The fixture `running_board`; with `portable=proof("portable")` on that hub in the proofs only."""

    @pytest.fixture(params=["raw", portable], scope="module")
    def running_board(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Board]:
        board = Board(settings, hub=request.param)
        yield board
        board.close()

    return running_board


running_board = on_either_hub()


@pytest.fixture
def board(running_board: Board, database: object) -> Board:
    """A running board, raw and then portable, over the database installed in this process too."""
    if not running_board.runs:
        running_board.start()
    return running_board
