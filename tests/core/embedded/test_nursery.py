"""Children that are born of a process which has read the program already."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core.embedded.children import Child
from app.core.embedded.nursery import Forked, Nursery
from app.core.embedded.process import alive
from tests.support.desk import until

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="children are born of a fork on Linux")
_BORN = "tests.support.born"


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    made = Nursery(tmp_path / "nursery.log", {**os.environ, "SHAPE": "of the nursery"}, ("app.core.ids",))
    made.start()
    assert made.wait(20), (tmp_path / "nursery.log").read_text()
    yield made
    made.stop()


def _child(nursery: Nursery, tmp_path: Path, name: str, *arguments: str) -> Child:
    child = Child(name, ("-m", _BORN, *arguments), tmp_path / f"{name}.log", {**_PLAIN, "COLOUR": name}, nursery)
    child.start()
    return child


_PLAIN = {name: value for name, value in os.environ.items() if name != "SHAPE"}


def _said(child: Child) -> dict[str, Any]:
    assert until(lambda: child.log.exists() and child.log.read_text().endswith("\n")), child.log
    told: dict[str, Any] = json.loads(child.log.read_text())
    return told


def test_a_child_is_ours_and_like_one_started_in_full(nursery: Nursery, tmp_path: Path) -> None:
    red, blue = _child(nursery, tmp_path, "red", "stay"), _child(nursery, tmp_path, "blue", "7")

    told, other = _said(red), _said(blue)
    assert isinstance(red.process, Forked)
    assert (told["pid"], told["parent"]) == (red.process.pid, os.getpid())
    assert told["session"] == told["pid"]
    assert (told["arguments"], told["colour"], told["shape"]) == (["stay"], "red", None)
    assert not set(told["ids"]) & set(other["ids"])
    assert told["chance"] != other["chance"]
    assert until(lambda: blue.exit_code() == 7)

    red.ask_to_stop()
    assert until(lambda: red.exit_code() == -signal.SIGTERM)


def test_without_its_nursery_a_child_is_started_in_full_and_the_next_is_born_again(
    nursery: Nursery, tmp_path: Path
) -> None:
    assert nursery._process
    nursery._process.kill()
    nursery._process.wait()

    plain = _child(nursery, tmp_path, "plain", "0")
    assert isinstance(plain.process, subprocess.Popen)
    assert _said(plain)["colour"] == "plain"
    assert until(lambda: plain.exit_code() == 0)
    assert nursery.wait(20)
    after = _child(nursery, tmp_path, "after", "0")
    assert isinstance(after.process, Forked)
    assert until(lambda: after.exit_code() == 0)


def test_who_lost_its_parent_is_let_go_of_and_ours_are_kept(nursery: Nursery, tmp_path: Path) -> None:
    ours = _child(nursery, tmp_path, "ours", "3")
    assert ours.process
    orphan = subprocess.run(
        [sys.executable, "-c", "import os,time\npid=os.fork()\nprint(pid) if pid else time.sleep(0.2)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    until(lambda: not alive(int(orphan.stdout)))
    _said(ours)
    time.sleep(0.1)

    for known in ({ours.process.pid}, set[int]()):
        nursery.reap(known)
        if known:
            assert ours.exit_code() == 3

    assert not Path(f"/proc/{int(orphan.stdout)}").exists()


def test_nothing_outlives_the_supervisor(tmp_path: Path) -> None:
    """Whoever held the nursery is killed: what it bore is gone with it."""
    program = (
        "import os,sys,time\nfrom pathlib import Path\nfrom app.core.embedded.children import Child\n"
        "from app.core.embedded.nursery import Nursery\nhere=Path(sys.argv[1])\n"
        "nursery=Nursery(here/'n.log',os.environ,('app.core.ids',)); nursery.start(); assert nursery.wait(20)\n"
        f"child=Child('c',('-m','{_BORN}','stay'),here/'c.log',os.environ,nursery); child.start()\n"
        "print(child.process.pid, nursery._process.pid, flush=True)\ntime.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    pids = [int(said) for said in holder.stdout.readline().split()]
    assert until(lambda: (tmp_path / "c.log").exists() and (tmp_path / "c.log").read_text() != "")

    holder.kill()
    holder.wait()
    holder.stdout.close()

    assert len(pids) == 2
    assert until(lambda: not any(map(alive, pids)))
