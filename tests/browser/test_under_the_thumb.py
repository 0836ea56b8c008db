"""The inbox on a phone: rows are drawn aside, the buyer is a touch away, an SMS tells its parts."""

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.conftest import SLOW_MACHINE_MS
from tests.browser.test_live_inbox import car_in, enquiry
from tests.support.web import Web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

SMALL = """
[...document.querySelectorAll('.reach-bar a, :is(.lead-actions, .write-foot) .btn, .composer label > span')]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44).map(one => one.textContent.trim())
"""


async def draw(page: Page, row: Locator, dx: int) -> None:
    """One finger, from the middle of the row, along the line."""
    box = await row.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    finger = await page.context.new_cdp_session(page)
    await finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        point = {"x": x + dx * step / 8, "y": y}
        await finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    await finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("lang", ["en", "ur"])
async def test_a_row_is_claimed_and_put_to_sleep_by_drawing_it_aside(desk: Web, chrome: Browser, lang: str) -> None:
    lead, onward = await enquiry(desk, await car_in(desk, "lahore")), 1 if lang == "en" else -1
    context = await chrome.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    context.set_default_timeout(SLOW_MACHINE_MS)
    await context.add_cookies(await desk.session_of("sales1@ravi.demo"))
    await context.add_cookies([{"name": "lang", "value": lang, "url": desk.url}])
    page = await context.new_page()
    await page.goto(desk.url + "/desk/inbox")
    await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
    row = page.locator(f"#lead-{lead}")
    await draw(page, row, 40 * onward)  # too little is nothing
    await draw(page, row, 150 * onward)
    await expect(row).not_to_have_attribute("data-assignee", "")
    await expect(page.locator("#toasts [data-undo]")).to_have_count(1)
    await draw(page, row, 150 * onward)  # it has somebody already
    await draw(page, row, -150 * onward)
    await expect(row).to_have_count(0)
    await expect(page.locator("#toasts [data-undo]")).to_have_count(2)
    async with desk.signed_in("sales1@ravi.demo") as me:
        now = (await me.get(f"/leads/{lead}")).json()
    await page.goto(f"{desk.url}/desk/inbox/{lead}")
    await page.locator(".via label", has_text="SMS").dispatch_event("click")
    await page.locator("#reply-form textarea").fill("ک" * 70)
    one = await page.locator(".parts").inner_text()
    await page.locator("#reply-form textarea").fill("ک" * 71)
    two = await page.locator(".parts").inner_text()

    assert (now["assignee_name"], bool(now["snoozed_until"])) == ("Bilal Aslam", True)
    assert page.url.endswith(lead)
    assert await page.locator(".reach-bar a").count() == 2
    assert await page.evaluate(SMALL) == []
    assert await page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert "1" in one
    assert "2.5" in one
    assert "2 ·" in two
    await context.close()
