"""A dealer with an empty store, and nobody asked for names."""

from collections.abc import Iterator

import pytest

from app.adapters import http
from app.core import settings as process
from tests.adapters.test_http import as_libc
from tests.feeds.conftest import api, owner, stocked, store

__all__ = ["api", "owner", "stocked", "store"]


@pytest.fixture(autouse=True)
def _outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = process.current()
    monkeypatch.setattr(http, "_look_up", as_libc)
    yield
    process.install(before)
