"""What a person got wrong: one clear line, code 2, nothing started."""

import platform
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from app.core.embedded import binaries
from app.core.embedded.errors import CannotStart
from app.core.embedded.identity import Identity
from app.core.embedded.process import free_port
from tests.support.desk import desk

DEV = ("-m", "app.cli", "dev")


def _refused(data: Path, **environ: str) -> str:
    with desk(data, *DEV, **environ) as running:
        code, said = running.ended()
    assert code == 2
    assert len(said) == 1, said
    assert not any(entry.pid for entry in running.state.processes.values())
    return said[0]


def test_taken_port_is_named(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = _refused(data, DESK_PORT=str(port))

    assert said.startswith(f"desk: DESK_PORT {port} is in use")


def test_data_directory_that_cannot_be_written_is_named(data: Path) -> None:
    data.write_text("a file is in the way")

    assert _refused(data / "under").startswith(f"desk: DESK_DATA {data}/under is not writable")


def test_malformed_setting_is_named(data: Path) -> None:
    assert "DESK_PORT is malformed" in _refused(data, DESK_PORT="eighty")


def test_demo_in_production_is_refused(data: Path) -> None:
    assert "SECRET_KEY is not set" in _refused(data, ENV="production", DESK_DEMO="1")


def test_unreachable_database_is_named_without_its_password(data: Path) -> None:
    port = free_port()
    said = _refused(data, DATABASE_URL=f"postgresql://desk:hunter2@127.0.0.1:{port}/desk")

    assert said.startswith(f"desk: DATABASE_URL: no database at 127.0.0.1:{port}")
    assert "hunter2" not in said


def test_wrong_program_directory_is_named(data: Path) -> None:
    assert "DESK_PG_BIN=/nowhere holds no postgres" in _refused(data, DESK_PG_BIN="/nowhere")


@pytest.mark.parametrize(
    ("find", "advice"),
    [
        (partial(binaries.find_postgres, None, Identity(None)), "set DATABASE_URL or DESK_PG_BIN"),
        (partial(binaries.find_valkey, None), "set REDIS_URL or DESK_REDIS_BIN"),
    ],
)
def test_platform_without_a_wheel_is_told_what_to_set(find: Callable[..., Path], advice: str) -> None:
    with pytest.raises(CannotStart) as refused:
        find(package=None, installed=[])

    assert platform.machine() in str(refused.value)
    assert str(refused.value).endswith(advice)
