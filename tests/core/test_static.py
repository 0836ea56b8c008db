"""Static files: names that carry their hash, cached for ever, packed for whoever can read it."""

import gzip
import re

import brotli
import pytest
from litestar import Litestar

from app.core import edge, static
from tests.support.asgi import call


@pytest.fixture(scope="module")
def app() -> Litestar:
    return Litestar([static.show_static], openapi_config=None, **edge.arguments())


async def test_a_hashed_name_is_cached_for_ever_and_packed(app: Litestar) -> None:
    plain = await call(app, "GET", static.url("app.css"))
    packed = await call(app, "GET", static.url("app.css"), headers=[("accept-encoding", "gzip, br")])
    zipped = await call(app, "GET", static.url("app.css"), headers=[("accept-encoding", "gzip, br;q=0")])

    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["content-type"] == "text/css; charset=utf-8"
    assert packed.headers["content-encoding"] == "br"
    assert brotli.decompress(packed.body) == plain.body
    assert gzip.decompress(zipped.body) == plain.body


async def test_a_plain_name_is_asked_about_each_time(app: Litestar) -> None:
    first = await call(app, "GET", "/static/img/icon.svg")
    again = await call(app, "GET", "/static/img/icon.svg", headers=[("if-none-match", first.headers["etag"])])

    assert first.headers["cache-control"] == "no-cache"
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/static/../pyproject.toml", "/static/css/base.css", "/static/vendor/VENDOR.toml", "/static/x"]
)
async def test_nothing_else_is_served(app: Litestar, path: str) -> None:
    assert (await call(app, "GET", f"/static/{path}")).status == 404


def test_a_changed_font_changes_the_name_of_the_css() -> None:
    plain = static.sources()
    changed = {**plain, "fonts/inter-latin.woff2": b"another"}

    assert static.build(plain).names["app.css"] != static.build(changed).names["app.css"]


def test_every_reference_names_a_file_that_exists() -> None:
    for asset in static.bundle().files.values():
        if asset.path.endswith((".css", ".js")):
            for name in re.findall(rb"/static/([\w./-]+\.\w+)", asset.content):
                assert name.decode() in static.bundle().files, (asset.path, name)


def test_what_the_build_wrote_is_used_only_for_these_sources(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static, "BUILT", tmp_path)
    plain = static.sources()
    built = static.build(plain, lambda _suffix, text: text + "\n/* built */")
    static.write_built(built, static.digest_of(plain), to=static.BUILT)
    used = static._read_built()

    assert used is not None
    assert used.release == built.release

    static.write_built(built, "of other sources", to=static.BUILT)
    assert static._read_built() is None
