"""Start, stop, kill and start again, with a real PostgreSQL and Valkey and two tiny programs for web and worker."""

import asyncio
import os
import signal
from pathlib import Path

import asyncpg
import httpx
import pytest

from app.core.embedded.process import alive
from tests.support.desk import STANDIN, desk, until
from tests.support.proofs import proof

pytestmark = pytest.mark.slow(7)


def _ask(url: str, question: str) -> object:
    async def ask() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    return asyncio.run(ask())


def test_ready_names_an_address_that_answers_and_ctrl_c_stops_all(data: Path) -> None:
    with desk(data) as running:
        ready = running.until_ready()
        names = set(running.state.processes)
        status = httpx.get(f"{ready.split()[1]}/readyz", trust_env=False).status_code
        pid_file = (data / "desk.pid").read_text()
        os.killpg(running.process.pid, signal.SIGINT)
        code, said = running.ended()

    assert status == 200
    assert names == {"postgres", "valkey", "web", "worker"}
    assert int(pid_file) == running.process.pid
    assert (code, said) == (0, [])
    assert running.left_running() == set()
    assert not (data / "desk.pid").exists()


def test_second_start_keeps_data_ports_and_passwords(data: Path) -> None:
    with desk(data) as first:
        first.until_ready()
        before = first.state
        _ask(before.environment["DATABASE_OWNER_URL"], "create table kept as select 7 as seven")
    with desk(data) as second:
        second.until_ready()
        seven = _ask(second.state.environment["DATABASE_OWNER_URL"], "select seven from kept")

        assert seven == 7
        assert second.state.environment == before.environment


def test_term_to_the_whole_group_twice_stops_cleanly(data: Path) -> None:
    with desk(data) as running:
        running.until_ready()
        os.killpg(running.process.pid, signal.SIGTERM)
        os.killpg(running.process.pid, signal.SIGTERM)
        code, said = running.ended()

    assert (code, said) == (0, [])
    assert running.left_running() == set()
    assert "database system is shut down" in (data / "logs/postgres.log").read_text()


def test_kill_9_leaves_nothing_and_the_next_start_works_at_once(data: Path) -> None:
    with desk(data) as killed:
        killed.until_ready()
        _ask(killed.state.environment["DATABASE_OWNER_URL"], "create table kept as select 7 as seven")
        killed.process.kill()
        with desk(data) as after:
            after.until_ready()
            seven = _ask(after.state.environment["DATABASE_OWNER_URL"], "select seven from kept")

            assert seven == 7
            assert killed.left_running() == set()


@pytest.mark.parametrize("name", ["web", "postgres", proof("worker"), proof("valkey")])
def test_what_dies_is_started_again_at_its_address(data: Path, name: str) -> None:
    with desk(data) as running:
        running.until_ready()
        before = running.state
        killed = running.pid(name)
        os.kill(killed, signal.SIGKILL)

        assert until(lambda: running.state.processes[name].pid not in (None, killed), 20)
        running.look()
        assert running.state.processes[name].port == before.processes[name].port
        assert _ask(running.state.environment["DATABASE_OWNER_URL"], "select 1") == 1
    assert running.left_running() == set()


def test_second_supervisor_is_refused_and_the_first_goes_on(data: Path) -> None:
    with desk(data) as first:
        first.until_ready()
        with desk(data) as second:
            code, said = second.ended()

        assert code == 2
        assert said == [f"desk: DESK_DATA {data} is in use by another desk (pid {first.process.pid})"]
        assert all(alive(pid) for pid in first.seen)
        assert first.state.ready


def test_web_that_never_comes_up_is_told_and_stopped(data: Path) -> None:
    with desk(data, *STANDIN, "broken") as running:
        code, said = running.ended(60)

    assert code == 2
    assert said == [f"desk: web failed: RuntimeError: no way (see {data}/logs/web.log)"]
    assert running.state.pid is None
    assert not any(entry.pid for entry in running.state.processes.values())
