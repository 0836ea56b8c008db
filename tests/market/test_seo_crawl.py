"""Every public page that can be reached from the home page or the sitemap, in both languages, as a crawler sees it."""

import json
import random
import re
from collections import defaultdict
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec
import pytest
from msgspec import Struct, field

from app.core.settings import Settings
from tests.journeys.conftest import Visitor
from tests.market.open_market import meanwhile, opened
from tests.support.api import Caller
from tests.support.proofs import in_two_sizes

_LEFT_OUT = re.compile(r"^/(desk|sign-|api|static|media|go/|seen|preferences|me$|start)")
_REQUIRED = {
    "Car": {"name", "url", "brand", "model", "vehicleModelDate", "mileageFromOdometer", "itemCondition"},
    "Offer": {"price", "priceCurrency", "availability", "areaServed", "url"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position"},
    "ItemList": {"itemListElement", "numberOfItems"},
    "WebSite": {"name", "url", "potentialAction"},
    "SearchAction": {"target", "query-input"},
    "Organization": {"name", "url", "logo"},
    "WebPage": {"url", "inLanguage"},
    "FAQPage": {"mainEntity"},
    "Question": {"name", "acceptedAnswer"},
    "Answer": {"text"},
    "QuantitativeValue": {"value", "unitCode"},
    "AutoDealer": {"name", "address", "geo", "openingHoursSpecification"},
    "OpeningHoursSpecification": {"dayOfWeek", "opens", "closes"},
    "GeoCoordinates": {"latitude", "longitude"},
    "PostalAddress": {"addressCountry", "addressLocality"},
}


class Page(Struct):
    """What a crawler takes from a page."""

    status: int
    lang: str = ""
    title: str = ""
    canonical: list[str] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    links: set[str] = field(default_factory=set)
    headings: int = 0
    data: list[Any] = field(default_factory=list)

    @property
    def found(self) -> bool:
        return "noindex" not in self.meta.get("robots", "")


class Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page, self.inside = page, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        rel = given.get("rel", "")
        if tag == "html":
            self.page.lang = given.get("lang", "")
        elif tag == "link" and rel == "canonical":
            self.page.canonical.append(given["href"])
        elif tag == "link" and rel == "alternate" and "hreflang" in given:
            assert given["hreflang"] not in self.page.others, "one of each language"
            self.page.others[given["hreflang"]] = given["href"]
        elif tag == "meta":
            name = given.get("name") or given.get("property")
            if name:
                self.page.meta[name] = given.get("content", "")
        elif tag == "a" and "href" in given:
            self.page.links.add(given["href"])
        elif tag == "h1":
            self.page.headings += 1
        self.inside = "json" if given.get("type") == "application/ld+json" else tag

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "title":
            self.page.title += data
        elif self.inside == "json":
            self.page.data.append(json.loads(data))


@pytest.fixture
async def market(settings: Settings, database: object) -> AsyncIterator[Visitor]:
    async with opened(settings) as caller:
        yield Visitor(Caller(caller.app, caller.base_url))


async def read(visitor: Visitor, path: str) -> Page:
    answer = await visitor.open(path)
    if answer.status_code in (301, 302, 303):
        return Page(answer.status_code, links={answer.headers["location"]})
    page = Page(answer.status_code)
    if answer.headers["content-type"].startswith("text/html"):
        Reader(page).feed(answer.text)
    return page


def path_of(base: str, here: str, href: str) -> str | None:
    """Of a page of ours that a crawler follows."""
    url = urlsplit(urljoin(base + here, href))
    path = url.path + (f"?{url.query}" if url.query else "")
    if f"{url.scheme}://{url.netloc}" != base or _LEFT_OUT.match(url.path):
        return None
    return path


def deep(path: str) -> bool:
    """One filtered list leads to all others: two filters are enough of them."""
    return path.count("&") >= 1 or "page=" in path


async def crawl(visitor: Visitor, base: str, most: int) -> tuple[dict[str, Page], dict[str, str]]:
    """Every page by its path, and where each was first named."""
    named = {"/": "the start", "/ur": "the start"}
    index = (await visitor.open("/sitemap.xml")).text
    for part in re.findall(r"<loc>([^<]+)</loc>", index):
        for url in re.findall(r"<loc>([^<]+)</loc>", (await visitor.open(urlsplit(part).path)).text):
            named.setdefault(urlsplit(url).path, "the sitemap")
    first, *others = named
    random.Random(7).shuffle(others)  # so that of whatever number there is something of every kind
    waiting, pages = [first, *others], dict[str, Page]()
    while waiting and len(pages) < most:
        path = waiting.pop(0)
        pages[path] = await read(visitor, path)
        for href in sorted(pages[path].links):
            to = path_of(base, path, href)
            if to and to not in named and not deep(to):
                named[to] = path
                waiting.append(to)
    return pages, named


@pytest.mark.slow
@in_two_sizes("most", sample=140, whole=420)
async def test_every_page_a_crawler_reaches_is_right(market: Visitor, most: int) -> None:
    base = str(market.http.base_url).rstrip("/")
    pages, named = await crawl(market, base, most)
    wrong = defaultdict(list)
    for path, page in pages.items():
        if page.status != 301:
            for fault in faults(path, page, pages, base):
                wrong[fault].append(f"{path} (from {named[path]})")
    reached = [page for page in pages.values() if page.status == 200]
    print(f"crawled={len(pages)} ok={len(reached)} to_be_found={sum(page.found for page in reached)}")  # noqa: T201

    assert {fault: places[:5] for fault, places in wrong.items()} == {}
    assert len(reached) > most / 2.1
    assert {page.lang for page in reached} == {"en", "ur"}


def faults(path: str, page: Page, pages: dict[str, Page], base: str) -> list[str]:
    if page.status != 200:
        return [f"answers {page.status}"]
    found = []
    if not page.title or page.headings != 1:
        found.append(f"title {page.title!r}, {page.headings} main headings")
    if (page.lang == "ur") != path.startswith("/ur"):
        found.append("the wrong language")
    if not page.canonical:
        return found if not page.found else [*found, "is to be found, but nowhere"]
    if len(page.canonical) != 1:
        found.append("several canonical addresses")
    if len(page.title) > 110 or not 40 <= len(page.meta.get("description", "")) <= 320:
        found.append(f"title of {len(page.title)}, description of {len(page.meta.get('description', ''))}")
    missing = {
        name
        for name in (
            "description", "og:title", "og:description", "og:url", "og:image", "og:locale", "og:type", "twitter:card",
            "twitter:image",
        )
        if not page.meta.get(name)
    }  # fmt: skip
    if missing:
        found.append(f"without {sorted(missing)}")
    if not page.meta.get("og:image", "").startswith(("http://", "https://")):
        found.append("a picture without its origin")
    found += pairs(page, pages, base)
    if not page.data:
        found.append("no facts for machines")
    return found + [fault for told in page.data for fault in unfit(told, base)]


def pairs(page: Page, pages: dict[str, Page], base: str) -> list[str]:
    """Each language names the other, and itself."""
    if set(page.others) != {"en-PK", "ur-PK", "x-default"}:
        return [f"languages {sorted(page.others)}"]
    found = []
    if page.canonical[0] not in page.others.values() or page.others["x-default"] != page.others["en-PK"]:
        found.append("names itself otherwise than its languages do")
    for url in (*page.others.values(), *page.canonical):
        if not url.startswith(base):
            found.append("an address without its origin")
        other = pages.get(url.removeprefix(base) or "/")
        if other is not None and other.status == 200 and other.canonical and other.others != page.others:
            found.append("the other language does not name it")
        if other is not None and other.status != 200:
            found.append(f"leads to a page that answers {other.status}")
    return found


def unfit(told: Any, base: str) -> list[str]:
    """Of JSON-LD."""
    found = []
    if isinstance(told, dict):
        kind = told.get("@type")
        if kind in _REQUIRED and set(told) != {"@id"} and (missing := _REQUIRED[kind] - set(told)):
            found.append(f"{kind} without {sorted(missing)}")
        if kind == "Offer" and (told["priceCurrency"] != "PKR" or not isinstance(told["price"], int)):
            found.append("a price that is none")
        if kind == "Car" and told["mileageFromOdometer"]["unitCode"] != "KMT":
            found.append("kilometres that are none")
        if any(name.startswith("vehicleIdentification") for name in told):
            found.append("a chassis number")
        if "item" in told and not str(told["item"]).startswith(base):
            found.append("a step without its origin")
        return found + [fault for value in told.values() for fault in unfit(value, base)]
    return [fault for value in told for fault in unfit(value, base)] if isinstance(told, list) else found


async def test_nothing_in_a_title_ends_the_facts(market: Visitor, settings: Settings) -> None:
    evil = "</script><script>alert(1)</script> & \u2028 <!--"
    one = "select min(number) from listing where status = 'live' and visibility = 'public'"
    done = f"update listing set title = '{evil}', description = '{evil}' where number = ({one}) returning number"  # noqa: S608
    [[row]] = await meanwhile(settings, done)
    address = (await market.open(f"/l/{row['number']}")).headers["location"]
    page = await read(market, address)
    car = next(one for one in page.data[0]["@graph"] if one["@type"] == "Car")

    assert car["name"] == evil
    assert car["description"] == evil
    assert "<script>alert" not in (await market.open(address)).text


async def test_what_narrows_further_is_followed_and_not_found(market: Visitor) -> None:
    base = str(market.http.base_url).rstrip("/")
    for path, robots, canonical in (
        ("/cars", "", "/cars"),
        ("/cars?make=toyota", "", "/cars/toyota"),
        (
            "/cars?make=toyota&model=corolla&city=lahore&sort=price_asc", "",
            "/cars/toyota/corolla/in/lahore",
        ),
        ("/cars?make=toyota&fuel=petrol&price_max=9000000", "noindex, follow", "/cars/toyota"),
        ("/cars?make=toyota&make=honda", "noindex, follow", "/cars"),
        ("/cars?q=rocketship", "noindex, follow", "/cars"),
        ("/cars?page=2", "", "/cars?page=2"),
        ("/cars?page=300", "noindex, follow", "/cars?page=300"),
        ("/cars?make=toyota&photos=1", "noindex, follow", "/cars/toyota"),
    ):  # fmt: skip
        page = await read(market, path)

        assert page.meta.get("robots", "") == robots, path
        assert page.canonical == [base + canonical], path
    text = (await market.open("/cars?page=2")).text
    assert f'<link rel="prev" href="{base}/cars">' in text
    assert f'<link rel="next" href="{base}/cars?page=3">' in text


async def test_apps_and_small_screens_are_named_where_they_are_configured(settings: Settings, database: object) -> None:
    given = msgspec.structs.replace(
        settings, android_package="pk.automart", ios_app_id="123456789", mobile_base_url="https://m.automart.test"
    )
    async with opened(given) as caller:
        page = await read(Visitor(Caller(caller.app, caller.base_url)), "/cars/toyota")
        text = (await caller.http.get("/cars/toyota", headers={"accept": "text/html"})).text
    async with opened(settings) as caller:
        plain = await read(Visitor(Caller(caller.app, caller.base_url)), "/cars/toyota")

    assert page.meta["al:android:package"] == "pk.automart"
    assert page.meta["al:android:url"] == page.meta["al:ios:url"] == "automart://cars/toyota"
    assert page.meta["al:ios:app_store_id"] == "123456789"
    assert 'href="https://m.automart.test/cars/toyota"' in text
    assert not [name for name in plain.meta if name.startswith("al:")]
