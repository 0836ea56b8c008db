"""Which account runs PostgreSQL, and where its files lie when a home is locked."""

import os
import shutil
from pathlib import Path

import pytest

from app.core.embedded import binaries
from app.core.embedded.errors import CannotStart
from app.core.embedded.identity import Identity, reachable_directory
from app.core.embedded.postgres import Postgres
from tests.support.servers import scratch


def test_ordinary_user_runs_it_as_themselves() -> None:
    assert Identity.pick(None, uid=1000).popen == {}


def test_root_steps_down_to_an_account_of_the_system() -> None:
    picked = Identity.pick(None, uid=0)

    assert picked.account
    assert picked.account.pw_uid != 0
    assert picked.popen["extra_groups"] == []


@pytest.mark.parametrize("name", ["root", "nobody-of-that-name"])
def test_root_refuses_an_account_that_would_not_do(name: str) -> None:
    with pytest.raises(CannotStart, match=f"DESK_PG_OS_USER={name}"):
        Identity.pick(name, uid=0)


def test_directory_of_somebody_else_is_not_used() -> None:
    with scratch("theirs") as elsewhere:
        path = reachable_directory(str(elsewhere))
        path.rmdir()
        path.symlink_to(elsewhere)
        try:
            with pytest.raises(CannotStart, match="is not ours"):
                reachable_directory(str(elsewhere))
        finally:
            path.unlink()


def _cluster(home: Path) -> Postgres:
    who = Identity.pick(None)
    programs = binaries.postgres(None, who)
    return Postgres(home, home.parent / "postgres.log", programs, who, fast=True)


def test_locked_home_keeps_its_mode_and_its_data(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    first = _cluster(tmp_path / "postgres")
    first.start()
    first.stop()
    again = _cluster(tmp_path / "postgres")

    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert again.data == first.data
    assert (again.data / "PG_VERSION").exists()
    assert (again.home == tmp_path / "postgres") == (os.geteuid() != 0)
    shutil.rmtree(again.home)


def test_removed_data_directory_means_a_new_cluster(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    first = _cluster(tmp_path / "postgres")
    (first.cluster / "data").mkdir(parents=True)
    (first.cluster / "data" / "PG_VERSION").write_text("18\n")
    shutil.rmtree(tmp_path / "postgres")
    again = _cluster(tmp_path / "postgres")

    assert not again.data.exists()
    shutil.rmtree(again.home)
