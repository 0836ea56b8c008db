"""What search engines are shown: every page that is to be found, and nothing else."""

import gzip
import re
from collections.abc import AsyncIterator
from datetime import datetime
from urllib.parse import unquote, urlsplit

import pytest
from defusedxml.ElementTree import fromstring

from app.core.settings import Settings
from app.market.seo import WORDS
from tests.journeys.conftest import Visitor
from tests.market.open_market import meanwhile, opened
from tests.support.api import Caller

_LOC = re.compile(r"<loc>([^<]+)</loc>")


@pytest.fixture
async def market(settings: Settings, database: object) -> AsyncIterator[Visitor]:
    async with opened(settings) as caller:
        yield Visitor(Caller(caller.app, caller.base_url))


async def located(visitor: Visitor) -> dict[str, list[str]]:
    """The paths each part of the sitemap holds."""
    index = (await visitor.open("/sitemap.xml")).text
    parts = [urlsplit(url).path for url in _LOC.findall(index)]
    return {
        part: [unquote(urlsplit(url).path) for url in _LOC.findall((await visitor.open(part)).text)] for part in parts
    }


async def test_it_holds_every_public_car_in_both_languages_and_no_other(market: Visitor, settings: Settings) -> None:
    public = (
        "select number, status in ('live', 'reserved') and visibility = 'public' and channel = 'automart'"
        " and deleted_at is null from listing"
    )
    cars = dict(tuple(row) for row in (await meanwhile(settings, public))[0])
    parts = await located(market)
    found = [path for part, paths in parts.items() if "/cars-" in part for path in paths]
    numbers = {int(re.findall(r"/l/(\d+)-", path)[0]) for path in found}

    assert numbers == {number for number, public in cars.items() if public}
    assert set(cars) - numbers, "there are others to leave out"
    assert len(found) == 2 * len(numbers)
    assert all(len(paths) <= 50_000 for paths in parts.values())


async def test_its_pages_have_at_least_three_cars(market: Visitor, settings: Settings) -> None:
    pages = [path for part, paths in (await located(market)).items() if "/pages-" in part for path in paths]

    assert {"/", "/ur", "/cars", "/ur/cars", "/cars/toyota", "/ur/cars/ٹویوٹا", "/cars/in/lahore"} <= set(pages)
    assert {f"{lang}/{name}" for lang in ("", "/ur") for name in WORDS} <= set(pages)
    for path in pages[4::7]:
        answer = await market.open(path)
        assert answer.status_code == 200, path
        assert "noindex" not in answer.text, path
    few = (
        "select c.slug from listing_search s join search_code c on c.kind = 'model' and c.code = s.model "
        "where s.live group by 1 having count(*) < 3 order by 1 limit 1"
    )
    [[thin]] = await meanwhile(settings, few)
    path = f"/cars/{thin['slug']}"
    assert path not in pages
    assert 'name="robots" content="noindex, follow"' in (await market.open(path)).text


async def test_it_is_well_formed_dated_and_names_the_other_language(market: Visitor, settings: Settings) -> None:
    await meanwhile(settings, "update listing set changed_at = '2026-01-02T03:04:05Z'")
    index = fromstring((await market.open("/sitemap.xml")).text)
    part = next(one.text for one in index.findall(".//{*}loc") if "/cars-" in (one.text or ""))
    urls = list(fromstring((await market.open(urlsplit(part or "").path)).text))

    for url in urls:
        loc = url.findtext("{*}loc") or ""
        others = {one.get("hreflang"): one.get("href") for one in url.findall("{*}link")}
        assert set(others) == {"en-PK", "ur-PK", "x-default"}
        assert loc in others.values()
        at = datetime.fromisoformat(url.findtext("{*}lastmod") or "")
        assert at.isoformat() == "2026-01-02T03:04:05+00:00"


async def test_a_change_of_a_car_is_its_lastmod(market: Visitor, settings: Settings) -> None:
    *_, [changed], [same] = await meanwhile(
        settings,
        "update listing set changed_at = '2026-01-02T03:04:05Z'",
        "update listing set asking_price = 1234567, version = version + 1 where number = 100010",
        "select changed_at > now() - interval '1 minute' as lately from listing where number = 100010",
        "select changed_at > now() - interval '1 minute' as lately from listing where number = 100011",
    )

    assert (changed["lately"], same["lately"]) == (True, False)


async def test_who_has_it_is_not_sent_it_again_and_it_travels_packed(market: Visitor) -> None:
    index = await market.open("/sitemap.xml")
    part = next(urlsplit(url).path for url in _LOC.findall(index.text) if "/cars-" in url)
    for path in ("/sitemap.xml", part):
        async with market.http.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
            raw = b"".join([chunk async for chunk in answer.aiter_raw()])
        again = await market.open(path, **{"if-none-match": answer.headers["etag"]})

        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(raw).decode() == (await market.open(path)).text
        assert answer.headers["cache-control"] == "public, max-age=3600"
        assert (again.status_code, again.content) == (304, b"")
    for path in ("/sitemaps/cars-999.xml", "/sitemaps/pages-0.xml", "/sitemaps/x.xml", "/sitemaps/cars--1.xml"):
        assert (await market.open(path)).status_code == 404, path


async def test_robots_name_the_sitemap_and_keep_to_public_pages(market: Visitor) -> None:
    robots = (await market.open("/robots.txt")).text
    closed = re.findall(r"Disallow: (\S+)", robots)

    assert robots.startswith("User-agent: *\nAllow: /\n")
    assert f"Sitemap: {market.http.base_url}/sitemap.xml".replace("//sitemap", "/sitemap") in robots
    assert not any(path.startswith(one) for one in closed for path in ("/", "/cars", "/l/100001-x", "/ur/cars"))


async def test_a_demo_is_found_by_nobody(visitor: Visitor) -> None:
    index = await visitor.open("/sitemap.xml")

    assert (index.status_code, _LOC.findall(index.text)) == (200, [])
    for path in ("/", "/ur", "/cars", "/cars/toyota", "/cars?make=toyota"):
        assert 'name="robots" content="noindex' in (await visitor.open(path)).text, path
