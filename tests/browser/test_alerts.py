"""Whoever works elsewhere on the desk, and looks away, hears of a new lead: once, however many tabs are open."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import SLOW_MACHINE_MS
from tests.browser.test_live_inbox import car_in, enquiry
from tests.realtime.test_presence_browser import HIDING
from tests.support.web import Web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

PLACES = ("/desk/stock", "/desk", "/desk/inbox")


async def opened(chrome: Browser, desk: Web, email: str) -> list[Page]:
    """One browser with a tab at each of the places."""
    context = await chrome.new_context()
    context.set_default_timeout(SLOW_MACHINE_MS)
    await context.add_cookies(await desk.session_of(email))
    tabs = []
    for place in PLACES:
        tab = await context.new_page()
        await tab.add_init_script(HIDING)
        await tab.goto(desk.url + place)
        await tab.wait_for_selector("desk-socket[data-state=live]", state="attached")
        await tab.locator("#tally data").first.wait_for(state="attached")
        await tab.mouse.click(5, 5)
        tabs.append(tab)
    return tabs


async def sounded(tabs: list[Page]) -> tuple[int, int]:
    """Tones and notifications of the whole browser."""
    tones = [await tab.evaluate("window.__tones ?? 0") for tab in tabs]
    return sum(tones), sum([len(await tab.evaluate("__shown")) for tab in tabs])


async def test_a_lead_calls_from_every_page_of_the_desk_once(desk: Web, chrome: Browser) -> None:
    car = await car_in(desk, "lahore")
    near, far = await opened(chrome, desk, "sales1@ravi.demo"), await opened(chrome, desk, "sales1@indus.demo")
    titles = [[await tab.title() for tab in tabs] for tabs in (near, far)]
    for tab in (*near, *far):
        await tab.evaluate("hide(true)")
    await enquiry(desk, car)
    for tab, title in zip(near, titles[0], strict=True):
        await expect(tab).to_have_title(f"(1) {title}")
    once = await sounded(near)
    await near[0].reload()
    await near[0].wait_for_selector("desk-socket[data-state=live]", state="attached")
    await near[0].locator("#tally data").first.wait_for(state="attached")
    await near[0].evaluate("hide(true)")
    await enquiry(desk, await car_in(desk, "karachi"))
    for tab, title in zip(far, titles[1], strict=True):
        await expect(tab).to_have_title(f"(1) {title}")

    assert once == (1, 1)
    assert await sounded(near[:1]) == (0, 0), "a page that is loaded afterwards is called for nothing"
    assert await sounded(far) == (1, 1)
