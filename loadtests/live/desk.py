"""A whole desk of its own for the bench: embedded servers, the demo's data, web processes as in production."""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from app.core import migrate, settings
from app.core.embedded.children import Child
from app.core.embedded.process import free_port
from app.core.embedded.servers import Servers
from app.core.embedded.state import DataDirectory
from app.core.settings import Settings
from loadtests.live import crowd
from loadtests.live.client import Client
from loadtests.live.crowd import BRANCH, Crowd

ROOT = Path(__file__).parents[2]
PROGRAMS = ("DESK_PG_BIN", "DESK_REDIS_BIN", "DESK_PG_OS_USER")
_PATIENCE_S = 60


class Web:
    """One web process."""

    def __init__(self, child: Child, port: int) -> None:
        self.child, self.port = child, port
        self.url = f"http://127.0.0.1:{port}"

    @property
    def pid(self) -> int:
        assert self.child.process is not None
        return self.child.process.pid

    def figure(self, name: str) -> float:
        """The sum of one of its metrics."""
        lines = httpx.get(f"{self.url}/metrics", timeout=10).text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.split("{")[0].split(" ")[0] == name)


class Desk:
    """Over servers that run; the people and their cars are made by `prepare`."""

    def __init__(self, path: Path) -> None:
        path.chmod(0o711)
        self.path = path
        self._directory = DataDirectory(path)
        programs = {name: os.environ[name] for name in PROGRAMS if name in os.environ}
        self._servers = Servers(self._directory, self._directory.hold(), settings.load(programs))
        self.crowd: Crowd | None = None
        self.storms = 0
        self._webs = 0

    def start(self) -> None:
        self._servers.start()

    def stop(self) -> None:
        self._servers.stop()
        self._directory.let_go()

    @property
    def owner_url(self) -> str:
        return self._servers.environment()["DATABASE_OWNER_URL"]

    @property
    def redis_url(self) -> str:
        return self._servers.environment()["REDIS_URL"]

    @property
    def valkey_pid(self) -> int:
        assert self._servers.valkey is not None
        assert self._servers.valkey.process is not None
        return self._servers.valkey.process.pid

    @property
    def server_pids(self) -> dict[str, int]:
        """PostgreSQL and Valkey."""
        return {server.name: server.process.pid for server in self._servers.all if server.process is not None}

    def settings(self) -> Settings:
        return settings.load(self.environ())

    def prepare(self, sockets: int) -> None:
        """Schema, demo data and a crowd for at least so many sockets."""
        self.migrate()
        found = self.settings()
        settings.install(found)
        self.crowd = asyncio.run(crowd.build(found, self.owner_url, sockets))
        (self.path / "cookies").write_text("\n".join(self.crowd.cookies))

    def migrate(self) -> None:
        environ = self._servers.environment()
        passwords = {role: self._servers.state.password(f"desk_{role}") for role in ("app", "system")}
        migrate.upgrade(
            environ["DATABASE_OWNER_URL"], app_password=passwords["app"], system_password=passwords["system"]
        )

    @contextmanager
    def web(self, **environ: str) -> Iterator[Web]:
        """A process that serves, for as long as the block lasts."""
        self._webs += 1
        port = free_port()
        own = {"DESK_PORT": str(port), "BASE_URL": f"http://127.0.0.1:{port}"}
        log = self.path / f"web-{self._webs}.log"
        child = Child(f"web-{self._webs}", ("-m", "app.cli", "web"), log, {**self.environ(), **own, **environ})
        child.start()
        try:
            web = Web(child, port)
            _wait_for(web, log)
            yield web
        finally:
            child.ask_to_stop()
            child.insist(time.monotonic() + 20)

    async def audience(self, command: list[str], web: Web, sockets: int, *options: str) -> Client:
        """Pages of the branch's inbox, standing where the feed ends now."""
        assert self.crowd is not None
        at = await crowd.position(self.settings(), self.crowd.org_id)
        return Client(
            command, "--port", str(web.port), "--path", f"/live?topics=inbox:{BRANCH}@{at}", "--sockets", str(sockets),
            "--headers", str(self.path / "cookies"), "--wait-for-first", "--mark", 'id=\\"lead-', "--bad",
            '"op":"reset"', *options,
        )  # fmt: skip

    def environ(self) -> dict[str, str]:
        # Nobody's own settings: what is measured is the product's defaults. The limits are for strangers, not for us.
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return {
            **kept, **self._servers.environment(), "PYTHONPATH": str(ROOT), "DESK_DATA": str(self.path),
            "DESK_DEMO": "1", "RATE_FACTOR": "10000", "LOG_LEVEL": "warning",
        }  # fmt: skip


def _wait_for(web: Web, log: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        if web.child.exit_code() is not None:
            break
        try:
            httpx.get(f"{web.url}/readyz", timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit(f"the web process did not start: {log.read_text()[-1000:]}")
