"""A colleague named in a note: picked by keys or by thumb, shown as a name, told at once, led to the note."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import SLOW_MACHINE_MS
from tests.browser.test_live_inbox import car_in, enquiry, inbox
from tests.support.web import Web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture(scope="module")
def started(started: Web) -> Web:
    """With a worker: word goes round."""
    started.start_worker()
    return started


async def test_a_colleague_is_named_by_keys_and_led_to_the_note(desk: Web, chrome: Browser) -> None:
    lead = await enquiry(desk, await car_in(desk, "lahore"))
    path = f"/desk/inbox/{lead}"
    async with desk.signed_in("manager@ravi.demo") as manager:
        (await manager.put("/notices/choices", json={"quiet": False})).raise_for_status()
    async with (
        inbox(chrome, desk, "manager@ravi.demo", "/desk/stock") as named,
        inbox(chrome, desk, "sales1@ravi.demo", path) as page,
    ):
        who = (await named.locator("#person-menu .name, .person .name").first.text_content() or "").strip()
        await page.keyboard.press("n")
        await page.keyboard.type("a@b.pk said yes. @")
        options = page.locator("#colleagues").get_by_role("option")
        await expect(options.first).to_be_visible()
        everybody = await options.count()
        await page.keyboard.press("Escape")
        await expect(page.locator("#colleagues")).to_be_hidden()
        await page.keyboard.press("Backspace")
        await page.keyboard.type(f"@{who[:3].lower()}")
        await expect(options).to_have_count(1)
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(page.locator("#note-form textarea")).to_have_value(f"a@b.pk said yes. @{who} ")
        await page.keyboard.type("please ring")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator(".entry.note .named")).to_have_text(f"@{who}")
        await expect(page.locator("#note-form textarea")).to_have_value("")
        await expect(named.locator("#bell .count")).to_have_text("1", timeout=SLOW_MACHINE_MS)
        await named.goto(desk.url + "/desk/notices")
        await named.get_by_role("link", name="You are named in a note").first.click()

        assert everybody > 1
        await expect(named.locator(".entry.note:target .named[data-client-me]")).to_be_in_viewport()
