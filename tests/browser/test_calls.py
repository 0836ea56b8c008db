"""Those to call now, rung from the list: put down once, asked how it went, gone when they talked."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.test_live_inbox import car_in, enquiry, inbox
from tests.support.web import Web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

NO_DIALLER = "document.addEventListener('click', (one) => one.target.closest('[href^=tel]') && one.preventDefault())"
KEYS = "[...document.querySelectorAll('#leads > li')].map(row => row.dataset.call)"


async def test_a_buyer_is_rung_from_the_list_and_leaves_it_once_they_talked(chrome: Browser, desk: Web) -> None:
    async with inbox(chrome, desk, "manager@ravi.demo") as page:
        await page.keyboard.press("g")
        await page.keyboard.press("c")
        await page.wait_for_url("**view=call")
        lead = await enquiry(desk, await car_in(desk, "lahore"), name="Rings Now")
        row, entries = page.locator(f"#lead-{lead}"), page.locator("#lead .entry.call")
        await expect(row).to_be_visible()
        keys = await page.evaluate(KEYS)
        assert len(keys) > 1
        assert keys == sorted(keys)
        many = await page.locator("[data-count=call]").inner_text()
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/calls") else None)
        await page.evaluate(NO_DIALLER)

        await row.locator("a.call").dblclick()
        await expect(page.locator("#sheet .went-big button").first).to_be_focused()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(page.locator("#toasts")).to_contain_text("The clock runs on")
        await expect(page.locator("#sheet")).to_be_hidden()
        assert len(sent) == 1
        await row.locator(".lead-link").click()
        await expect(entries).to_have_count(1)
        await expect(entries).to_contain_text("nobody answered")
        await expect(row).to_be_visible()

        await page.keyboard.press("p")
        await page.locator("#sheet .talked").click()
        await expect(entries).to_have_count(2)
        await expect(entries.last).to_contain_text("they talked")
        await expect(page.locator("#lead .lead-head")).to_have_attribute("data-status", "contacted")
        await expect(page.locator("[data-count=call]")).to_have_text(str(int(many) - 1))
        await page.keyboard.press("j")
        await page.keyboard.press("k")
        await expect(row).to_have_count(0)
