"""What caches may keep of the market, and that an unchanged page costs nothing."""

import re
from base64 import b64encode
from hashlib import sha256

import brotli
import pytest

from tests.journeys.conftest import Visitor
from tests.market.test_pages import one

SHARED = "public, max-age=0, s-maxage=60, stale-while-revalidate=300"


@pytest.mark.parametrize("path", ["/", "/ur", "/cars", "/ur/cars?make=toyota", "car", "/ur car"])
async def test_a_strangers_page_may_be_shared_and_is_not_sent_twice(visitor: Visitor, path: str) -> None:
    if path.endswith("car"):
        path = path.split(" ")[0].removesuffix("car") + await one(visitor)
    first = await visitor.open(path)
    again = await visitor.open(path, **{"if-none-match": first.headers["etag"]})
    other = await visitor.open(path, **{"if-none-match": 'W/"0000"'})

    assert first.status_code == 200
    assert first.headers["cache-control"] == SHARED
    assert "Cookie" in first.headers["vary"]
    assert "set-cookie" not in first.headers
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert (other.status_code, other.text.count("</html>")) == (200, 1)


async def test_pages_travel_packed(visitor: Visitor) -> None:
    async with visitor.http.stream("GET", "/cars", headers={"accept-encoding": "br"}) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    plain = await visitor.open("/cars", **{"accept-encoding": "identity"})

    assert answer.headers["content-encoding"] == "br"
    assert int(answer.headers["content-length"]) == len(raw)
    assert brotli.decompress(raw).decode() == plain.text
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize("cookie", ["theme=dark", "digits=urdu"])
async def test_who_reads_in_their_own_way_gets_a_page_of_their_own(visitor: Visitor, cookie: str) -> None:
    shared = await visitor.open("/ur/cars")
    own = await visitor.open("/ur/cars", cookie=cookie)

    assert own.headers["cache-control"] == "private, no-cache"
    assert own.text != shared.text
    assert own.headers["etag"] != shared.headers["etag"]


async def test_nothing_of_a_session_is_ever_shared(visitor: Visitor) -> None:
    address = await one(visitor)
    await visitor.sign_in("owner@ravi.demo")
    for path in ("/", "/cars", address):
        page = await visitor.open(path, **{"accept-encoding": "br"})

        assert page.headers["cache-control"].startswith("private"), path
        assert "content-encoding" not in page.headers
        assert re.search(r'name="csrf-token" content="[^"]+"', page.text)


async def test_browsers_are_told_what_to_get_ready(visitor: Visitor) -> None:
    named = (await visitor.open("/cars")).headers["speculation-rules"]
    rules = await visitor.open(named.strip('"'))

    assert rules.headers["content-type"] == "application/speculationrules+json"
    assert rules.json()["prerender"][0]["where"]["href_matches"] == ["/l/:address", "/ur/l/:address"]
    assert "speculation-rules" not in (await visitor.open("/sign-in")).headers


async def test_the_first_paint_waits_for_nothing_but_the_page(visitor: Visitor) -> None:
    """What stands in the page itself is allowed by its digest, and nothing else is."""
    for path in ("/", "/ur/cars", "/cars/toyota", await one(visitor)):
        page = await visitor.open(path)
        head = page.text.partition("</head>")[0]
        policy = page.headers["content-security-policy"]
        inside = [text for _, text in re.findall(r"<(style|script)>(.*?)</", head, re.DOTALL)]

        assert len(inside) == 2, path
        for text in inside:
            assert f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in policy
        assert "unsafe" not in policy
        assert 'rel="stylesheet"' not in head
        assert not re.search(r"<script (?![^>]*(?:defer|module|ld\+json))", head), "a script that is waited for"
        assert 'rel="preload" href' not in head, "no font is asked for ahead"
