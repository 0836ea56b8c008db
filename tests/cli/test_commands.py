"""The `desk` command from outside: a real desk, and commands beside it and without it."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.adapters.meili_http import listening
from tests.adapters.meili_standin import Standin
from tests.support.desk import Desk, desk
from tests.support.processes import Command
from tests.support.proofs import proof
from tests.support.servers import scratch

pytestmark = pytest.mark.slow
_CLI = ("-m", "app.cli")


@pytest.fixture(scope="module")
def running() -> Iterator[Desk]:
    with scratch("run") as path, desk(path / "desk", *_CLI, "dev", DESK_DEMO="1") as made:
        made.until_ready()
        asyncio.run(_drawn(made))
        yield made


async def _drawn(running: Desk) -> None:
    """A worker that draws a hundred cars would keep everybody else waiting."""
    connection = await asyncpg.connect(running.state.environment["DATABASE_OWNER_URL"])
    await connection.execute("update job set done_at = now() where kind = 'media.reactions.draw' and done_at is null")
    await connection.close()


def _run(data: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return Command(*words, DESK_DATA=str(data), **environ).said()


def _python(**environ: str) -> subprocess.CompletedProcess[str]:
    """The whole way in, by the interpreter: `migrate` of a desk elsewhere."""
    return subprocess.run(
        [sys.executable, *_CLI, "migrate"], env={**os.environ, **environ}, capture_output=True, text=True, check=False
    )


def test_ready_desk_is_ready(running: Desk) -> None:
    answer = httpx.get(f"{running.state.base_url}/readyz", trust_env=False)

    assert answer.status_code == 200
    assert answer.json()["parts"]["postgresql"] == "ok"


def test_doctor_finds_the_running_desk_and_its_schema(running: Desk) -> None:
    said = _run(running.directory.path, "doctor", "--json")
    checks = {check["name"]: check for check in json.loads(said.stdout)["checks"]}

    assert said.returncode == 0, said.stdout
    assert checks["desk"]["says"] == f"running (pid {running.process.pid})"
    assert checks["schema"]["ok"]


def test_command_beside_a_running_desk_uses_its_servers(running: Desk) -> None:
    before = running.state.processes["postgres"].pid
    said = _run(running.directory.path, "seed")

    assert (said.returncode, said.stderr) == (0, "")
    assert running.state.processes["postgres"].pid == before


def test_a_token_made_beside_a_running_desk_opens_its_api(running: Desk) -> None:
    """Whatever port and address this shell would give a desk of its own."""
    said = _run(running.directory.path, "token", "sales1@ravi.demo", DESK_PORT="8080")
    headers = {"authorization": f"Bearer {said.stdout.strip()}"}
    me = httpx.get(f"{running.state.base_url}/api/v1/me", headers=headers, trust_env=False)

    assert (me.status_code, me.json()["email"]) == (200, "sales1@ravi.demo")


def test_command_without_a_desk_starts_the_servers_for_its_own_duration() -> None:
    with scratch("run") as path:
        first, second = _run(path / "desk", "migrate", "--check"), _run(path / "desk", "seed")
        state = json.loads((path / "desk" / "state.json").read_text())

    assert (first.returncode, first.stderr) == (0, "")
    assert "schema at " in first.stdout
    assert (second.returncode, second.stderr) == (0, "")
    assert state["pid"] is None
    assert not any(entry["pid"] for entry in state["processes"].values())


def test_reindex_fills_the_engine_outside_and_mends_it(running: Desk) -> None:
    """Beside a desk that searches without one."""
    standin = Standin()
    with listening(standin) as url:
        filled = _run(running.directory.path, "reindex", "--json", MEILI_URL=url, MEILI_MASTER_KEY="a-key")
        cars = standin.indexes["listings"]
        cars.pop(next(iter(cars)))
        mended = _run(running.directory.path, "reindex", "--mend", MEILI_URL=url)
    without = _run(running.directory.path, "reindex", "--outside")

    assert filled.returncode == 0, filled.stderr
    assert json.loads(filled.stdout)["outside"]["documents"] == 130
    assert mended.stdout.startswith("outside: brought 1, taken 0"), mended.stderr
    assert (without.returncode, without.stdout) == (2, "")
    assert "MEILI_URL is not set" in without.stderr


@pytest.mark.parametrize("command", ["seed", proof("dev")])
def test_weak_password_of_the_first_admin_is_one_line_and_exit_2(command: str) -> None:
    weak = {"ADMIN_EMAIL": "root@automart.pk", "ADMIN_PASSWORD": "password12"}
    with scratch("run") as path:
        said = _run(path / "desk", command, DESK_PORT="0", **weak)
        state = json.loads((path / "desk" / "state.json").read_text())

    assert said.returncode == 2
    assert "ADMIN_PASSWORD is missing or too weak" in said.stderr
    assert len(said.stderr.splitlines()) == 1
    assert "password12" not in said.stdout + said.stderr
    assert not any(entry["pid"] for entry in state["processes"].values())


def test_help_lists_every_command() -> None:
    said = _run(Path("/nowhere"), "--help").stdout

    for name in ("dev", "doctor", "migrate", "replay", "seed", "web", "worker"):
        assert f"\n  {name} " in said


def test_doctor_without_a_desk_starts_nothing(tmp_path: Path) -> None:
    said = _run(tmp_path / "desk", "doctor")

    assert said.returncode == 0, said.stdout
    assert "not running" in said.stdout
    assert not (tmp_path / "desk").exists()


def test_migrate_names_an_unreachable_database() -> None:
    said = _python(DATABASE_URL="postgresql://desk@127.0.0.1:9/desk")

    assert said.returncode == 2
    assert said.stderr.startswith("desk: DATABASE_URL: no database at 127.0.0.1:9")
    assert len(said.stderr.splitlines()) == 1
