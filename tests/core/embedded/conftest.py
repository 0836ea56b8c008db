"""A data directory that the server's account can reach."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.servers import scratch


@pytest.fixture
def data() -> Iterator[Path]:
    with scratch("run") as path:
        yield path / "desk"
