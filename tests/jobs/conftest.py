"""Every test here has a fresh database with the stage built in it, and its own wiring."""

from collections.abc import AsyncIterator

import pytest

from app.core import events
from app.core.db import Database
from app.core.settings import Settings
from tests.jobs import stage as trade
from tests.jobs.stage import Stage


@pytest.fixture
async def stage(database: Database, settings: Settings) -> AsyncIterator[Stage]:
    await trade.build(settings)
    before = events.wires()
    events.install(trade.table())
    trade.stage.__init__()  # type: ignore[misc]  # one stage per process: the wiring names its function
    yield trade.stage
    events.install(before)
