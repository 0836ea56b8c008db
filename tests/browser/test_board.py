"""The board as a manager has it open: alive, opening its rows, fit for every reader and every width."""

import json
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import SLOW_MACHINE_MS
from tests.browser.test_live_inbox import car_in, enquiry, inbox
from tests.support import axe
from tests.support.proofs import proof
from tests.support.web import Web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

PHONE, WIDE = 390, 1440


def tile(page: Page, label: str) -> Any:
    return page.locator(".figure-tile", has=page.locator(".label", has_text=label)).locator(".value")


async def test_a_tile_follows_what_happens_without_a_reload(desk: Web, chrome: Browser) -> None:
    car, elsewhere = await car_in(desk, "lahore"), await car_in(desk, "gujranwala")
    async with (
        inbox(chrome, desk, "manager@ravi.demo", "/desk/board?branch=lahore") as branch,
        inbox(chrome, desk, "manager@ravi.demo", "/desk/board?branch=all&period=7") as whole,
    ):
        arrived = [int(await tile(page, "Arrived").inner_text()) for page in (branch, whole)]
        stamp = await branch.inner_text(".board-stamp time")
        await branch.locator("#panel-hours summary").click()
        await branch.evaluate("window.stayed = true")
        await branch.focus("#panel-members a")
        for listing in (elsewhere, car):
            await enquiry(desk, listing)

        await expect(tile(branch, "Arrived")).to_have_text(str(arrived[0] + 1))
        await expect(tile(whole, "Arrived")).to_have_text(str(arrived[1] + 2))
        await expect(branch.locator(".board-stamp time")).not_to_have_text(stamp)
        assert await branch.evaluate("window.stayed")
        assert await branch.locator("#panel-hours details").get_attribute("open") is not None
        assert await branch.evaluate("document.activeElement.closest('#panel-members') !== null")


async def test_a_figure_opens_its_rows_which_no_push_adds_to(desk: Web, chrome: Browser) -> None:
    car = await car_in(desk, "lahore")
    async with inbox(chrome, desk, "manager@ravi.demo", "/desk/board?branch=lahore") as page:
        await enquiry(desk, car, "Before The List")
        shown = int(await tile(page, "Arrived").inner_text())
        await expect(tile(page, "Arrived")).not_to_have_text(str(shown - 1))
        await tile(page, "Arrived").click()
        chip = page.locator(".narrowed .chip", has_text="Arrived")
        await expect(chip).to_be_visible()
        rows = await page.locator("#leads > li").count()
        everything = int(await page.inner_text(".views [data-count=all]"))
        lead = await enquiry(desk, car, "After The List")

        await expect(page.locator(".views [data-count=all]")).to_have_text(str(everything + 1))
        assert await page.locator("#leads > li").count() == rows
        await chip.click()
        await expect(page.locator(f"#lead-{lead}")).to_be_visible()
        await expect(chip).to_have_count(0)


async def test_an_age_of_stock_opens_the_cars_of_that_age(desk: Web, chrome: Browser) -> None:
    async with inbox(chrome, desk, "owner@ravi.demo", "/desk/board?branch=gujranwala") as page:
        link = page.locator("#panel-stock .hbars a[href*='age=0-30']")
        count = int((await link.locator("bdi").inner_text()).replace(",", ""))
        await link.click()

        await expect(page.locator("#stock > li")).to_have_count(count)
        await page.locator(".narrowed .chip").click()
        await expect(page.locator(".narrowed .chip")).to_have_count(0)


@pytest.mark.parametrize(
    ("lang", "theme", "width"),
    [("ur", "light", PHONE), proof("en", "dark", WIDE), proof("en", "light", PHONE), proof("ur", "dark", WIDE)],
)
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    desk: Web, chrome: Browser, lang: str, theme: str, width: int
) -> None:
    context = await chrome.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if theme == "dark" else "light", bypass_csp=True,
        reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(SLOW_MACHINE_MS)
    await context.add_cookies(await desk.session_of("owner@ravi.demo"))
    await context.add_cookies([{"name": "lang", "value": lang, "url": desk.url}])
    await axe.bring(context)
    page = await context.new_page()
    found: list[tuple[Any, ...]] = []
    for path in ("/desk/board?branch=lahore&period=30", "/desk/board?branch=all&period=7"):
        await page.goto(desk.url + path)
        for summary in await page.locator(".twin summary").all():
            await summary.click()
        # In a window as tall as the page no bar lies over a figure.
        tall = await page.evaluate("document.documentElement.scrollHeight")
        await page.set_viewport_size({"width": width, "height": tall + 200})
        found += [(path, *fault) for fault in await axe.faults(page)]
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((path, "sideways"))
    assert await page.get_attribute("html", "lang") == lang
    await context.close()

    assert not found, json.dumps(found, indent=1, ensure_ascii=False)
