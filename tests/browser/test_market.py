"""The market as buyers use it: by keyboard, back and forth, without JavaScript, live, in Urdu, and for every eye."""

import asyncio
import itertools
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.support import axe, pictures
from tests.support.browser import Browsers
from tests.support.proofs import proof
from tests.support.web import Web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

SLOW_MACHINE_MS = 20_000
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"
CARDS = "#cars > .car-card"
NO_SCRIPTS = re.compile(r"\.js$")


@pytest.fixture(scope="module")
def started(started: Web) -> Web:
    """With a worker, for the pictures."""
    started.start()
    started.start_worker()
    return started


@pytest_asyncio.fixture(loop_scope="session")
async def browser(browsers: Browsers) -> Browser:
    return await browsers.one()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, desk: Web) -> AsyncIterator[Page]:
    context = await _context(browser, desk)
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    await context.close()
    assert not faults


async def _context(browser: Browser, desk: Web, **more: Any) -> BrowserContext:
    context = await browser.new_context(base_url=desk.url, **{"viewport": WIDE, "reduced_motion": "reduce", **more})
    context.set_default_timeout(SLOW_MACHINE_MS)
    context.set_default_navigation_timeout(SLOW_MACHINE_MS)
    return context


async def _cars(page: Page) -> list[str]:
    return await page.locator(CARDS).evaluate_all("cards => cards.map(card => card.id)")


async def _a_car(page: Page, query: str = "") -> str:
    await page.goto(f"/cars?{query}")
    return await page.locator("#cars a[href*='/l/']").first.get_attribute("href") or ""


async def test_filters_by_keyboard_and_the_list_of_every_address(page: Page, desk: Web) -> None:
    """Back, forward, reload and a pasted address show the list they showed before."""
    await page.goto("/cars")
    all_cars = await _cars(page)
    await page.locator("input[name=make][value=nissan]").focus()
    await page.keyboard.press("Space")
    await page.wait_for_url("**/cars?make=nissan")
    await expect(page.locator(".srp-chips .chip")).to_have_count(2)
    named = await _cars(page)
    await expect(page.locator("input[name=make][value=nissan]")).to_be_focused()
    await page.locator("select[name=price_max]").select_option("2500000")
    await page.wait_for_url("**/cars?make=nissan&price_max=2500000")
    await expect(page.locator(".srp-chips .chip")).to_have_count(3)
    cheap = await _cars(page)

    assert len(all_cars) == 24
    assert named
    assert set(cheap) < set(named)

    await page.go_back()
    await page.wait_for_url("**/cars?make=nissan")
    await expect(page.locator(CARDS)).to_have_count(len(named))
    assert await _cars(page) == named
    await expect(page.locator("select[name=price_max]")).to_have_value("")
    await page.go_forward()
    await page.wait_for_url("**price_max=2500000")
    await expect(page.locator(CARDS)).to_have_count(len(cheap))
    assert await _cars(page) == cheap
    await page.reload()
    assert await _cars(page) == cheap
    pasted = await (await _context(page.context.browser or pytest.fail("closed"), desk)).new_page()
    await pasted.goto(page.url)
    assert await _cars(pasted) == cheap
    await pasted.context.close()

    await page.get_by_role("link", name=re.compile("Remove filter: up to")).press("Enter")
    await page.wait_for_url("**/cars?make=nissan")
    await expect(page.locator(".srp-chips .chip")).to_have_count(2)
    assert await _cars(page) == named


async def test_the_sheet_of_filters_on_a_phone_needs_no_script(browser: Browser, desk: Web) -> None:
    context = await _context(browser, desk, viewport=PHONE, java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/cars")
    await expect(page.locator("#filters")).to_be_hidden()
    await page.get_by_role("button", name="Filters").click()
    await page.locator("#filters").get_by_label("Suzuki").check()
    await page.locator("select[name=price_max]").select_option("3000000")
    await page.get_by_role("button", name=re.compile("Show .* cars")).click()
    await page.wait_for_url(re.compile(r"/cars\?.*make=suzuki.*price_max=3000000"))

    assert await page.locator(CARDS).count() > 0
    await context.close()


async def test_what_fits_nothing_suggests_the_nearest_questions(page: Page) -> None:
    await page.goto("/cars?make=toyota&fuel=diesel&price_max=500000")
    await expect(page.get_by_text("No car fits")).to_be_visible()
    relaxed = page.locator(".relaxed a")
    await expect(relaxed).to_have_count(1)
    told = re.findall(r"\d+", await relaxed.locator("strong").inner_text())[0]
    await relaxed.click()
    await page.wait_for_url("**/cars?make=toyota&fuel=diesel")

    assert await page.locator("#cars .car-card").count() == int(told)


async def test_every_page_says_the_same_without_javascript(page: Page, browser: Browser, desk: Web) -> None:
    """The words of each page, whatever only scripts can do aside."""
    car = await _a_car(page)
    number = re.findall(r"\d+", car)[0]
    without = await _context(browser, desk, java_script_enabled=False)
    bare = await without.new_page()
    words = (
        "const all = document.querySelector('main').cloneNode(true);"
        "all.querySelectorAll('.js-only, noscript, dialog, time, [data-kept]').forEach(one => one.remove());"
        "return all.textContent.replace(/\\s+/g, ' ')"
    )
    for path in ("/", "/cars?make=honda", car, f"/compare?ids={number}", "/shortlist", f"/ur{car}"):
        await page.goto(path)
        await bare.goto(path)
        told = await page.evaluate(f"() => {{ {words} }}")
        html = await bare.content()
        plain = await page.evaluate(
            f"(html) => {{ const document = new DOMParser().parseFromString(html, 'text/html'); {words} }}", html
        )

        assert told == plain, path
    await without.close()


async def _pictured(desk: Web) -> str:
    """The address of a car with three pictures, as soon as a worker has made them."""
    async with desk.signed_in("owner@ravi.demo") as owner, desk.http() as nobody:
        car = (await owner.get("/listings?org=ravi&sort=km_asc")).json()["hits"][0]
        for seed in range(3):
            ticket = (await owner.post("/uploads/presign", json={"content_type": "image/jpeg"})).json()
            file = {"file": ("front.jpg", pictures.good(seed))}
            sent = await nobody.post(ticket["url"], data=ticket["fields"], files=file)
            assert sent.status_code == 204, sent.text
            await owner.post(f"/listings/{car['id']}/media", json={"key": ticket["key"]})
        for _try in range(120):
            made = (await owner.get(f"/listings/{car['id']}/media")).json()
            if sum(one["state"] == "ready" for one in made) >= 3:
                return str(car["url"])
            await asyncio.sleep(0.5)
    raise AssertionError(made)


async def test_the_gallery_goes_by_keyboard_and_over_the_whole_screen(page: Page, desk: Web) -> None:
    await page.goto(await _pictured(desk))
    frame = page.locator(".shots > .shots-frame")
    count = await frame.locator("li").count()
    assert count > 1
    await frame.locator(".shots-strip").focus()
    await page.keyboard.press("ArrowRight")
    await expect(frame.locator("[data-at]")).to_have_text("2")
    await page.get_by_role("button", name="Full screen").press("Enter")
    dialog = page.locator(".shots-dialog")
    await expect(dialog).to_be_visible()
    await expect(dialog.locator("[data-at]")).to_have_text("2")
    await page.keyboard.press("End")
    await expect(dialog.locator("[data-at]")).to_have_text(str(count))
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(frame.locator("[data-at]")).to_have_text(str(count))
    await expect(page.get_by_role("button", name="Full screen")).to_be_focused()


async def test_up_to_four_are_ticked_over_pages_and_compared(page: Page) -> None:
    await page.goto("/cars")
    await page.locator(".beside input").nth(0).check()
    await page.locator(".beside input").nth(1).check()
    await page.get_by_role("link", name="Next").click()
    await page.wait_for_url("**/cars?page=2")
    await page.locator(".beside input").nth(0).check()
    await page.locator(".beside input").nth(1).check()
    await expect(page.locator(".beside input").nth(2)).to_be_disabled()
    await page.get_by_role("button", name="Compare").click()
    await page.wait_for_url("**/compare?*")

    await expect(page.locator(".compare thead th")).to_have_count(4)
    rows = await page.locator(".compare tbody tr").count()
    await page.get_by_role("button", name="Differences only").click()
    await page.wait_for_url("**differ=1")
    assert 1 < await page.locator(".compare tbody tr").count() < rows
    assert await page.locator(".compare tr.same").count() == 0


async def test_the_shortlist_stays_on_the_device_and_tells_how_its_cars_are_now(page: Page, desk: Web) -> None:
    car = await _a_car(page, "org=ravi&branch=lahore&sort=price_asc")
    number = re.findall(r"\d+", car)[0]
    await page.goto(car)
    await page.locator(".pdp-deeds [data-heart]").click()
    await expect(page.locator("[data-kept-count]")).to_have_text("1")
    async with desk.signed_in("owner@ravi.demo") as owner:
        found = (await owner.get("/listings?org=ravi&branch=lahore&sort=price_asc")).json()["hits"][0]
        assert found["number"] == int(number)
        before = found["asking_price"]
        answer = await owner.patch(f"/listings/{found['id']}", json={"asking_price": before - 100_000})
        assert answer.status_code == 200, answer.text
    await page.goto("/shortlist")
    await expect(page.locator("[data-kept=short] .car-card")).to_have_count(1)
    await expect(page.locator("[data-kept=short]")).to_contain_text("PKR 1 lakh less since you kept it")
    await expect(page.locator(".seen")).to_be_visible()
    await page.goto("/")
    await expect(page.locator("[data-kept=seen] .car-card")).to_have_count(1)


async def test_an_open_page_follows_price_and_sale_without_a_session(page: Page, browser: Browser, desk: Web) -> None:
    """In both languages at once; what a person has typed stays. The price of another car of that dealer is silent."""
    car = await _a_car(page, "org=indus&sort=price_desc")
    urdu = await (await _context(browser, desk)).new_page()
    frames: list[str] = []
    page.on("websocket", lambda ws: ws.on("framereceived", lambda payload: frames.append(str(payload))))
    await page.goto(car)
    await urdu.goto(f"/ur{car}")
    await page.get_by_label("Your name").fill("Ana")
    async with desk.signed_in("owner@indus.demo") as owner:
        hits = (await owner.get("/listings?org=indus&sort=price_desc")).json()["hits"]
        first, other = hits[0], hits[1]
        assert str(first["number"]) in car
        await _until(lambda: any('"op":"patch"' in frame for frame in frames), page)
        heard = len(frames)
        await owner.patch(f"/listings/{other['id']}", json={"asking_price": other["asking_price"] - 50_000})
        await owner.patch(f"/listings/{first['id']}", json={"asking_price": 12_300_000})
        await expect(page.locator(".pdp-price")).to_have_text("PKR 1.23 crore")
        await expect(urdu.locator(".pdp-price")).to_contain_text("1.23")
        await expect(page.locator("#say")).not_to_be_empty()
        told = [frame for frame in frames[heard:] if '"op":"patch"' in frame]
        assert len(told) == 1
        assert str(other["id"]) not in "".join(frames)
        await owner.patch(f"/listings/{first['id']}/status", json={"status": "sold"})
        await expect(page.locator("#offer")).to_contain_text("This car is sold")
        await expect(page.locator(".pdp-ask")).to_be_hidden()
        await expect(urdu.locator(".pdp-bar, .pdp-ask").first).to_be_hidden()
    assert await page.get_by_label("Your name").input_value() == "Ana"
    await urdu.context.close()


async def _until(true: Any, page: Page) -> None:
    for _turn in range(200):
        if true():
            return
        await page.wait_for_timeout(50)
    raise AssertionError("it did not come about")


async def test_where_sockets_are_blocked_the_page_asks_again(page: Page, desk: Web) -> None:
    await page.route_web_socket(re.compile("/live"), lambda ws: ws.close(code=4429))
    car = await _a_car(page, "org=ravi&branch=gujranwala&sort=price_desc")
    await page.goto(car)
    async with desk.signed_in("owner@ravi.demo") as owner:
        first = (await owner.get("/listings?org=ravi&branch=gujranwala&sort=price_desc")).json()["hits"][0]
        await owner.patch(f"/listings/{first['id']}", json={"asking_price": 11_100_000})
        await expect(page.locator(".pdp-price")).to_have_text("PKR 1.11 crore", timeout=60_000)


async def test_an_advert_is_reported_without_javascript(browser: Browser, desk: Web) -> None:
    context = await _context(browser, desk, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(await _a_car(page))
    await page.get_by_text("Report this advert").click()
    await page.get_by_label("The price is not the real one").check()
    await page.get_by_label("What should we know?").fill("They asked for five lakh more.")
    await page.get_by_role("button", name="Send report").click()
    await expect(page.get_by_text("Thank you. We look into it")).to_be_visible()
    await context.close()


PLACES = (
    "/",
    "/cars?make=toyota&photos=1",
    "/cars?make=toyota&fuel=diesel&price_max=500000",
    "{car}",
    "{compare}",
    "/shortlist",
    "/privacy",
)


SEEN = [("en", "light", WIDE), ("ur", "dark", PHONE)]
ALL = itertools.product(("en", "ur"), ("light", "dark"), (WIDE, PHONE))


@pytest.mark.parametrize(("lang", "scheme", "size"), [*SEEN, *(proof(*look) for look in ALL if look not in SEEN)])
async def test_nothing_for_axe_and_nothing_sideways(
    browser: Browser, desk: Web, lang: str, scheme: Any, size: Any
) -> None:
    context = await _context(browser, desk, viewport=size, color_scheme=scheme)
    await axe.bring(context)
    page = await context.new_page()
    car = await _a_car(page)
    numbers = await page.locator("input[name=ids]").evaluate_all("boxes => boxes.slice(0, 4).map(box => box.value)")
    places = [one.format(car=car, compare=f"/compare?ids={','.join(numbers)}") for one in PLACES]
    for place in places:
        await page.goto(place if lang == "en" else f"/ur{place}" if place != "/" else "/ur")

        assert await axe.faults(page) == [], place
        assert not await page.evaluate(SIDEWAYS), place
        if lang == "en":
            fonts = await page.evaluate("performance.getEntriesByType('resource').map(one => one.name).join()")
            assert "nastaliq" not in fonts, place
    await context.close()
