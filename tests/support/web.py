"""A desk in processes of its own: `desk web`, and `desk worker` where mails must leave."""

import contextlib
import signal
import ssl
from collections.abc import AsyncIterator
from typing import Any

import httpx

from app.core.embedded.process import free_port
from app.core.settings import Settings
from tests.support import processes
from tests.support.processes import Process

PASSWORD = "demo-password"
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading the authorities takes 30 ms, and nobody here is one


class Web:
    """`desk web` over the test's database, with the demo's people."""

    def __init__(self, settings: Settings, hub: str) -> None:
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._environ = {
            "DATABASE_URL": settings.database_url or "",
            "DATABASE_SYSTEM_URL": settings.database_system_url or "",
            "DATABASE_OWNER_URL": settings.database_owner_url or "",
            "REDIS_URL": settings.redis_url or "",
            "DESK_DEMO": "1",
            "DESK_PORT": str(self._port),
            "BASE_URL": self.url,
            "LIVE_HUB": hub,
            "DESK_DATA": str(settings.desk_data),
            "WORKER_METRICS_PORT": "0",
            "RATE_FACTOR": "1000",  # everybody here comes from one address
        }
        self._process: Process | None = None
        self._worker: Process | None = None

    def start(self) -> None:
        self._process = Process(processes.serve_web, self._environ)
        processes.until_open(self._port, self._process)

    def start_worker(self) -> None:
        self._worker = Process(processes.run_worker, self._environ)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        for process in (self._process, self._worker):
            if process is not None and process.runs:
                process.end(how)

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.runs

    def http(self, path: str = "") -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url + path, timeout=30, verify=PLAIN)

    @contextlib.asynccontextmanager
    async def signed_in(self, email: str) -> AsyncIterator[httpx.AsyncClient]:
        async with self.http("/api/v1") as client:
            answer = await client.post("/auth/login", json={"email": email, "password": PASSWORD})
            client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            yield client

    async def session_of(self, email: str) -> list[Any]:
        """The cookies of a new session, for a browser that need not fill in the form."""
        async with self.http() as client:
            form = {"email": email, "password": PASSWORD}
            answer = await client.post("/sign-in", data=form, headers={"Origin": self.url})
            assert answer.is_redirect, answer.text
            return [{"name": one.name, "value": one.value or "", "url": self.url} for one in client.cookies.jar]
