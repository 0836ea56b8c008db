"""C-05: /v1/… is /api/v1/…, whatever the answer."""

import pytest

from app.core.settings import Settings
from tests.support.api import serving


@pytest.mark.parametrize("path", ["listings?limit=2", "me", "nothing-here", "leads/counts"])
async def test_the_short_name_of_a_path_is_the_same_path(settings: Settings, path: str) -> None:
    async with serving(settings) as anybody:
        short, whole = [await anybody.get(f"/{prefix}/{path}") for prefix in ("v1", "api/v1")]

    assert short.status_code == whole.status_code
    assert short.headers["content-type"] == whole.headers["content-type"]
    assert short.content.replace(short.headers["x-request-id"].encode(), b"") == whole.content.replace(
        whole.headers["x-request-id"].encode(), b""
    )


async def test_only_a_whole_first_part_is_an_alias(settings: Settings) -> None:
    async with serving(settings) as anybody:
        assert (await anybody.get("/v1")).status_code == 404
        assert (await anybody.get("/v1x/listings")).status_code == 404
        assert (await anybody.get("/v1/listings")).status_code == 200
