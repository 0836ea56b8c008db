"""What is being written is nobody else's to find once its writer has signed out, wherever that was done."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.test_live_inbox import inbox
from tests.support.web import Web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

KEPT = "Object.keys(localStorage).filter(name => name.startsWith('draft:')).length"


@pytest.mark.parametrize("signed_in_again", [False, True])
async def test_a_session_that_ends_elsewhere_takes_its_drafts_along(
    desk: Web, chrome: Browser, signed_in_again: bool
) -> None:
    email = "sales1@ravi.demo"
    async with inbox(chrome, desk, email) as page, desk.signed_in(email) as elsewhere:
        await page.locator("#leads .lead-link").first.click()
        await page.locator("#reply-form textarea").fill("Half a sentence, and")
        before = await page.evaluate(KEPT)
        session = (await page.get_attribute("desk-socket", "scope") or "").split(".")[1]
        if signed_in_again:
            await page.context.add_cookies(await desk.session_of(email))
        async with page.expect_response("**/api/v1/me") as asked:
            await elsewhere.delete(f"/me/sessions/{session}")
        await asked.value
        await expect(page.locator("[data-live-notice=signed-out]")).to_be_visible()
        if not signed_in_again:
            await page.wait_for_function(f"{KEPT} === 0")
        await page.locator("#reply-form textarea").press_sequentially(" more")

        assert before == 1
        assert await page.evaluate(KEPT) == (1 if signed_in_again else 0)
        await page.locator("#reply-form textarea").fill("")
