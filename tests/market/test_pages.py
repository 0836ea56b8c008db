"""The market as a visitor walks it: home, results, a car, and what became of it."""

import re
from urllib.parse import quote

from tests.journeys.conftest import Visitor


def cars_in(page: str) -> list[str]:
    return re.findall(r'<li class="car-card" id="car-([0-9a-f-]+)"', page)


async def one(visitor: Visitor, query: str = "") -> str:
    """The address of a car found."""
    page = (await visitor.open(f"/cars?{query}")).text
    found = re.search(r'href="(/l/[^"]+)"', page)
    assert found, page
    return found[1]


async def test_the_first_page_shows_new_cars_and_ways_in(visitor: Visitor) -> None:
    page = (await visitor.open("/")).text

    assert len(cars_in(page)) == 8
    assert "130 cars" in page
    assert 'href="/cars/toyota"' in page
    assert 'href="/cars/in/lahore"' in page
    urdu = (await visitor.open("/ur")).text
    popular = re.findall(r'href="([^"]+)"', re.search(r'<p class="market-popular">.*?</p>', urdu)[0])  # type: ignore[index]
    assert 'href="/ur/cars/body/sedan"' in urdu
    assert {(await visitor.open(href)).status_code for href in popular} == {200}


async def test_results_narrow_by_a_plain_form_and_widen_by_chips(visitor: Visitor) -> None:
    """Empty boxes and nonsense in the address are as if they were not there."""
    form = "q=&make=toyota&model=corolla&price_min=&price_max=9000000&year_min=abc&km_max=&sort=price_asc"
    answer = await visitor.open(f"/cars?{form}")
    plain = "/cars?make=toyota&model=corolla&price_max=9000000&sort=price_asc"

    assert answer.status_code == 200
    assert f'data-here="{plain.replace("&", "&amp;")}"' in answer.text
    assert cars_in(answer.text)
    assert cars_in((await visitor.open(plain)).text) == cars_in(answer.text)
    assert 'href="/cars?make=toyota&amp;price_max=9000000&amp;sort=price_asc"' in answer.text
    assert 'value="corolla" checked' in answer.text
    assert "noindex" in answer.text


async def test_pages_follow_each_other(visitor: Visitor) -> None:
    first = (await visitor.open("/cars")).text
    second = (await visitor.open("/cars?page=2")).text

    assert len(cars_in(first)) == len(cars_in(second)) == 24
    assert not set(cars_in(first)) & set(cars_in(second))
    assert 'aria-label="Page 6"' in first
    assert 'rel="next"' in first
    assert 'rel="prev"' in second
    assert "There is no such page" in (await visitor.open("/cars?page=300")).text
    assert "No car fits" in (await visitor.open("/cars?q=rocketship")).text


def box(page: str) -> tuple[str, str]:
    """What the search box holds, and the sentence that the form was made of."""
    said = re.search(r'name="said" value="([^"]*)"', page)
    return re.search(r'<input class="input" id="q"[^>]* value="([^"]*)"', page)[1], said[1] if said else ""  # type: ignore[index]


async def test_what_was_typed_stays_to_be_typed_anew(visitor: Visitor) -> None:
    typed, again = "civic lahore mechanc", "corolla karachi"
    led = (await visitor.open(f"/cars?q={quote(typed)}&sort=newest")).headers["location"]
    spelt = (await visitor.open(led)).headers["location"]
    page = (await visitor.open(spelt)).text
    form = f"make=honda&model=civic&city=lahore&said={quote(typed)}"
    narrower = (await visitor.open(f"/cars?q={quote(typed)}&{form}&photos=1")).text
    other = (await visitor.open(f"/cars?q={quote(again)}&{form}")).headers["location"]
    fewer = (await visitor.open(f"/cars?make=honda&heard={quote('civic lahore')}")).text

    assert spelt == "/cars?q=mechanic&make=honda&model=civic&city=lahore&sort=newest&heard=civic+lahore+mechanc"
    assert box(page) == (typed, typed)
    assert cars_in(page)
    assert "Shown for mechanic." in page
    assert "/cars?q=civic+lahore+%22mechanc%22" in page
    assert box(narrower) == (typed, typed), "a filter more: the sentence is not read again"
    assert other == "/cars?make=toyota&model=corolla&city=karachi&heard=corolla+karachi", "another takes its place"
    assert box(fewer) == ("", ""), "it says no longer what is asked"


async def test_a_car_has_one_address_in_each_language(visitor: Visitor) -> None:
    address = await one(visitor, "make=honda")
    number = re.findall(r"\d+", address)[0]
    moved = await visitor.open(f"/l/{number}-old-name")
    page = await visitor.open(address)
    urdu = await visitor.open(f"/ur{address}")

    assert (moved.status_code, moved.headers["location"]) == (301, address)
    assert (await visitor.open(f"/ur/l/{number}")).headers["location"] == f"/ur{address}"
    assert page.status_code == 200
    assert '<html lang="en" dir="ltr"' in page.text
    assert '<html lang="ur" dir="rtl"' in urdu.text
    assert f'href="/ur{address}"' in page.text
    assert f'href="{address}"' in urdu.text
    assert 'name="robots" content="noindex"' in page.text, "a demo car"


async def test_a_car_can_be_asked_about_without_scripts_and_shows_no_number(visitor: Visitor) -> None:
    address = await one(visitor, "org=ravi&branch=lahore")
    number = re.findall(r"\d+", address)[0]
    page = (await visitor.open(address)).text

    assert f'action="/l/{number}/enquiry#enquiry"' in page
    assert f'action="/l/{number}/phone"' in page
    assert f'action="/l/{number}/whatsapp"' in page
    assert re.search(r'name="_idempotency_key" value="[0-9a-f-]{36}"', page)
    assert 'name="website"' in page
    assert "042•••••234" in page
    assert "35761234" not in page
    assert "5761234" not in page
    assert "14 Jail Road" in page


async def test_what_became_of_a_car_is_told(visitor: Visitor, another: Visitor) -> None:
    address = await one(another, "org=indus")
    await visitor.sign_in("owner@indus.demo")
    listing = re.findall(r'id="stock-([0-9a-f-]+)"', (await visitor.open("/desk/stock?status=live")).text)
    page = {}
    for one_of in listing:
        text = (await visitor.open(f"/desk/stock/{one_of}")).text
        if address in text:
            page = {"id": one_of}
            break
    assert page
    path = f"/desk/stock/{page['id']}"
    await visitor.send(f"{path}/sale", to="reserved")
    reserved = (await another.open(address)).text
    await visitor.send(f"{path}/sale", to="sold")
    sold = (await another.open(address)).text
    await visitor.open(path)
    await visitor.send(f"{path}/publication", to="draft")
    await visitor.send(f"{path}/storage", to="deleted")
    gone = await another.open(address)

    assert "Reserved" in reserved
    assert "/enquiry" in reserved
    assert "This car is sold" in sold
    assert "/enquiry" not in sold
    assert "noindex" in sold
    assert gone.status_code == 410
    assert " is no longer on offer." in gone.text


async def test_numbers_of_nothing_are_missing_pages(visitor: Visitor) -> None:
    for address in ("999999", "abc", "0", "1" * 30, "100001%00", "١٠٠٠٠١"):
        assert (await visitor.open(f"/l/{address}")).status_code == 404, address


async def test_only_what_is_public_is_on_the_market(visitor: Visitor, another: Visitor) -> None:
    """Every page of results, against the stock the dealer sees."""
    shown: set[str] = set()
    for page in range(1, 7):
        shown |= set(cars_in((await another.open(f"/cars?page={page}")).text))
    await visitor.sign_in("owner@indus.demo")
    for status in ("draft", "sold", "reserved"):
        hidden = set(re.findall(r'id="stock-([0-9a-f-]+)"', (await visitor.open(f"/desk/stock?status={status}")).text))
        assert hidden
        assert not hidden & shown
    assert len(shown) == 130


async def test_errors_stay_under_the_name_of_the_place(visitor: Visitor) -> None:
    for path, name in (("/l/zero", "Automart"), ("/ur/l/zero", "Automart"), ("/desk/nothing", "Autotrader")):
        page = await visitor.open(path)

        assert page.status_code == 404, path
        assert f"{name}.pk</title>" in page.text
        assert f'aria-label="{name}.pk"' in page.text or f">{name}" in page.text
