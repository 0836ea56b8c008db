"""A fault in a job, before logs are set up and after: its trace, and nothing of the person it met."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from app.core import jobs_ledger
from app.core.ids import new_id
from app.core.settings import load
from app.core.telemetry import logs
from tests.jobs import stage as trade

PASSWORD, COOKIE = "kachnar-phool-82", "sid-of-somebody-0123456789"
BEARER = "eyJhbGciOiJIUzI1NiJ9.c2VjcmV0LWNsYWltcw.c2ln"
SECRETS = (PASSWORD, COOKIE, BEARER)


@pytest.fixture
def written() -> Iterator[Callable[[], str]]:
    """What the installed logs wrote."""
    stream, root = io.StringIO(), logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.install(load({}), process="worker", stream=stream)
    yield stream.getvalue
    logs.begin()
    root.handlers[:] = before
    root.setLevel(level)


async def break_down(_work: jobs_ledger.Work, _fact: trade.OrderPlaced) -> None:
    secret = {"password": PASSWORD, "cookie": f"sid={COOKIE}"}
    raise RuntimeError(f"no answer to Authorization: Bearer {BEARER} with {'; '.join(secret)}")


async def test_a_fault_in_a_job_says_where_and_not_with_what(stage: trade.Stage, written: Callable[[], str]) -> None:
    stage.act = break_down
    await trade.place(new_id())
    await jobs_ledger.burst()

    faults = [line for line in map(json.loads, written().splitlines()) if "exception" in line]
    assert faults
    assert "in break_down" in faults[0]["exception"]
    assert not [secret for secret in SECRETS if secret in written()]


async def test_a_fault_in_a_job_before_logs_are_set_up(stage: trade.Stage) -> None:
    last, stream, root = logging.lastResort, io.StringIO(), logging.getLogger()
    assert last is not None
    handlers, root.handlers[:] = root.handlers[:], []
    shown = logging.StreamHandler(stream)
    shown.setFormatter(last.formatter)
    root.addHandler(shown)
    try:
        stage.act = break_down
        await trade.place(new_id())
        await jobs_ledger.burst()
    finally:
        root.handlers[:] = handlers

    assert "in break_down" in stream.getvalue()
    assert not [secret for secret in SECRETS if secret in stream.getvalue()]
