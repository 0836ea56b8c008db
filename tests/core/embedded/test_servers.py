"""The servers that tests run on go away with the test process, however it ends."""

import json
import subprocess
import sys

from app.core.embedded.process import alive
from tests.support.desk import until

_HOLD = """
import json, sys
from tests.support.servers import started
with started() as servers:
    print(json.dumps([server.process.pid for server in servers.all]), flush=True)
    sys.stdin.read()
"""


def test_killed_test_process_takes_its_servers_along() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        pids = json.loads(process.stdout.readline())
        before = [alive(pid) for pid in pids]
        process.kill()

    assert before == [True, True]
    assert until(lambda: not any(map(alive, pids)), 10)
