"""A desk in processes of its own: `desk web`, and `desk worker` where mails must leave."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from app.core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "demo-password"


class Web:
    """`desk web` over the test's database, with the demo's people."""

    def __init__(self, settings: Settings, hub: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._environ = {
            **os.environ,
            "DATABASE_URL": settings.database_url or "",
            "DATABASE_SYSTEM_URL": settings.database_system_url or "",
            "DATABASE_OWNER_URL": settings.database_owner_url or "",
            "REDIS_URL": settings.redis_url or "",
            "DESK_DEMO": "1",
            "DESK_PORT": str(port),
            "BASE_URL": self.url,
            "LIVE_HUB": hub,
            "DESK_DATA": str(settings.desk_data),
            "WORKER_METRICS_PORT": "0",
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._worker: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen([sys.executable, "-m", "app.cli", "web"], cwd=ROOT, env=self._environ)
        for _ in range(600):
            try:
                httpx.get(self.url + "/healthz")
                return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("desk web did not start")

    def start_worker(self) -> None:
        self._worker = subprocess.Popen([sys.executable, "-m", "app.cli", "worker"], cwd=ROOT, env=self._environ)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        for process in (self._process, self._worker):
            if process is not None and process.poll() is None:
                process.send_signal(how)
                process.wait(30)

    @contextlib.asynccontextmanager
    async def signed_in(self, email: str) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(base_url=self.url + "/api/v1", timeout=30) as client:
            answer = await client.post("/auth/login", json={"email": email, "password": PASSWORD})
            client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            yield client
