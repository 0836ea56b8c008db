"""The real inbox with colleagues in it: who has a lead open, who writes, who is asked, and when they are gone."""

import re
import time
from collections.abc import Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import SLOW_MACHINE_MS
from tests.support.web import PASSWORD, Web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

SOON_MS = 2_000
SILENCE = "00:10"
Inbox = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def inbox(chrome: Browser, desk: Web) -> Inbox:
    """Opens the inbox, or one lead, as somebody with a browser of their own."""

    async def opens(email: str, path: str = "/desk/inbox") -> Page:
        context = await chrome.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(SLOW_MACHINE_MS)
        await context.add_cookies(await desk.session_of(email))
        page = await context.new_page()
        await page.goto(desk.url + path)
        await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
        return page

    return opens


async def first_lead(page: Page) -> str:
    """One that nobody has answered, so that a reply may be sent."""
    return str(await page.locator("#leads > li").first.get_attribute("id")).removeprefix("lead-")


async def test_colleagues_see_each_other_and_nobody_else_does(inbox: Inbox) -> None:
    sales = await inbox("sales1@ravi.demo")
    lead = await first_lead(sales)
    elsewhere = await inbox("sales1@indus.demo")
    onlooker = await inbox("readonly@ravi.demo", f"/desk/inbox/{lead}")
    row = sales.locator(f"#lead-{lead} .onlookers")
    await expect(row).to_have_attribute("title", re.compile("has this open"), timeout=SOON_MS)
    await sales.click(f"#lead-{lead} .lead-link")
    await expect(onlooker.locator("#lead .lead-head .onlookers")).to_have_attribute(
        "title", re.compile("Bilal Aslam"), timeout=SOON_MS
    )
    closed = time.monotonic()
    await onlooker.context.close()
    await expect(row).to_have_count(0, timeout=SLOW_MACHINE_MS)
    print(f"gone {time.monotonic() - closed:.1f} s after the tab closed")  # noqa: T201

    await expect(elsewhere.locator(".onlookers")).to_have_count(0)


async def test_a_colleague_who_writes_is_shown_and_sending_asks_once(inbox: Inbox) -> None:
    mine = await inbox("sales1@ravi.demo")
    lead = await first_lead(mine)
    await mine.goto(mine.url.split("/desk")[0] + f"/desk/inbox/{lead}")
    theirs = await inbox("sales2@ravi.demo", f"/desk/inbox/{lead}")
    await mine.wait_for_selector("desk-socket[data-state=live]", state="attached")
    sent: list[str] = []
    mine.on("request", lambda request: sent.append(request.url) if request.url.endswith("/replies") else None)
    await theirs.clock.install()
    await theirs.locator("#reply-form textarea").press_sequentially("Jee haan, gari")
    strip = mine.locator(f"#typing-{lead}")
    await expect(strip).to_have_text("Sana Tariq is writing…", timeout=SOON_MS)
    await mine.fill("#reply-form textarea", "Salam, it is here.")
    await mine.press("#reply-form textarea", "Control+Enter")
    await expect(strip).to_contain_text("Sana Tariq is writing to this buyer.")
    assert sent == []
    await mine.keyboard.press("Enter")  # the question has the focus
    await expect(mine.locator(f"#timeline-{lead}")).to_contain_text("Salam, it is here.")
    await expect(mine.locator("#reply-form textarea")).to_have_value("")
    await expect(theirs.locator(f"#timeline-{lead}")).to_contain_text("Salam, it is here.")
    await expect(theirs.locator("#reply-form textarea")).to_have_value("Jee haan, gari")

    assert len(sent) == 1
    await theirs.clock.fast_forward(SILENCE)
    await expect(strip).to_be_empty(timeout=SOON_MS)  # silent for a while is not writing


async def test_sound_and_quiet_hours_are_kept_over_signing_out(inbox: Inbox) -> None:
    page = await inbox("sales2@ravi.demo", "/me")
    await page.uncheck("#alert-settings [name=sound]")
    await page.fill("#alert-settings [name=from]", "22:00")
    await page.fill("#alert-settings [name=to]", "08:00")
    await page.press("#alert-settings [name=to]", "Tab")
    await page.evaluate("document.querySelector('form[action=\"/sign-out\"]').submit()")
    await page.wait_for_url("**/sign-in**")
    await page.fill("[name=email]", "sales2@ravi.demo")
    await page.fill("[name=password]", PASSWORD)
    await page.press("[name=password]", "Enter")
    await page.wait_for_url("**/desk**")
    await page.goto(page.url.split("/desk")[0] + "/me")

    await expect(page.locator("#alert-settings [name=sound]")).not_to_be_checked()
    await expect(page.locator("#alert-settings [name=from]")).to_have_value("22:00")
    await expect(page.locator("#alert-settings [name=to]")).to_have_value("08:00")
