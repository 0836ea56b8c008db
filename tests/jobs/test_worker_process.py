"""`desk worker` as a process: waits for its database, works, and stops cleanly when told."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from app.core import db
from app.core.embedded.process import free_port
from app.core.settings import Settings
from tests.support.until import until


def environment(settings: Settings, **more: str) -> dict[str, str]:
    urls = {
        name: getattr(settings, name.lower())
        for name in ("DATABASE_URL", "DATABASE_SYSTEM_URL", "DATABASE_OWNER_URL", "REDIS_URL")
    }
    return {**os.environ, **urls, "WORKER_METRICS_PORT": "0", "PYTHONUNBUFFERED": "1", **more}


@asynccontextmanager
async def worker_of(environ: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.cli", "worker", env=environ, stderr=asyncio.subprocess.STDOUT,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def get(port: int, path: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_worker_takes_ticks_and_stops_cleanly_within_moments(database, settings: Settings):
    port = free_port()
    async with worker_of(environment(settings, WORKER_METRICS_PORT=str(port))) as worker:

        async def ticking() -> bool:
            async with db.system() as session:
                return bool((await session.execute(text("select count(*) from tick"))).scalar_one())

        await until(ticking, 60)
        health = (await get(port, "/healthz")).decode()
        assert all(
            f'"{loop}":"ok"' in health for loop in ("dispatcher", "sweeper", "schedule", "arq.default", "arq.hooks")
        )
        assert b'desk_jobs_lag_seconds{queue="leads-sla"} 0.0' in await get(port, "/metrics")
        began = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        said, _ = await asyncio.wait_for(worker.communicate(), 15)

        assert worker.returncode == 0, said.decode()[-2000:]
        assert time.monotonic() - began < 15
        assert b"Traceback" not in said


async def test_worker_waits_for_a_database_that_is_not_there_yet(settings: Settings):
    gone = "postgresql://desk_app:x@127.0.0.1:1/desk"
    async with worker_of(environment(settings, DATABASE_URL=gone, DATABASE_SYSTEM_URL=gone)) as worker:
        assert worker.stdout is not None
        async with asyncio.timeout(45):
            said = await worker.stdout.readline()
        worker.send_signal(signal.SIGTERM)
        await asyncio.wait_for(worker.communicate(), 15)

        assert b"waiting for PostgreSQL" in said
        assert worker.returncode == 0
