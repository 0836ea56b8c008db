"""The countdown to a deadline: the same second on every screen, whatever its clock says; pushed with the row."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.test_live_inbox import inbox
from tests.support.web import Web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

SAYS = "document.getElementById('probe').shadowRoot.querySelector('span').textContent"


async def show(page: Page, due: datetime) -> None:
    await page.evaluate(
        """(due) => { const clock = document.createElement("sla-clock"); clock.id = "probe";
        clock.setAttribute("due", due); clock.setAttribute("from", due); document.body.append(clock); }""",
        due.isoformat(),
    )


def seconds(said: str) -> int:
    minutes, _, rest = said.removeprefix("\u2212").partition(":")
    return (int(minutes) * 60 + int(rest)) * (-1 if said.startswith("\u2212") else 1)


async def test_two_clocks_three_minutes_apart_show_the_same_second(chrome: Browser, desk: Web) -> None:
    due = datetime.now(UTC) + timedelta(minutes=9)
    async with (
        inbox(chrome, desk, "sales1@ravi.demo") as right,
        inbox(chrome, desk, "sales2@ravi.demo") as wrong,
    ):
        await wrong.add_init_script("const real = Date.now; Date.now = () => real() + 180000")
        await wrong.reload()
        for page in (right, wrong):
            await expect(page.locator("desk-socket")).to_have_attribute("data-state", "live")
            await show(page, due)
        await wrong.wait_for_timeout(1_100)
        said = [seconds(await page.evaluate(SAYS)) for page in (right, wrong)]
        left = (due - datetime.now(UTC)).total_seconds()

    assert abs(said[0] - said[1]) <= 1
    assert abs(said[0] - left) <= 2


async def test_a_new_lead_comes_with_its_deadline_and_loses_it_when_answered(chrome: Browser, desk: Web) -> None:
    async with inbox(chrome, desk, "sales1@ravi.demo") as page:
        await page.goto(desk.url + "/desk/inbox/new")
        await page.fill("[name=name]", "Hurry Up")
        await page.fill("[name=phone]", "0300 7654399")
        await page.press("[name=phone]", "Enter")
        await page.wait_for_url("**/desk/inbox/*-*")
        row = page.locator("#leads > li", has_text="Hurry Up")
        await expect(row.locator("sla-clock")).to_have_count(1)
        await expect(page.locator("#lead .owed sla-clock")).to_have_count(1)
        await page.locator("#reply-form textarea").fill("Come at five.")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#lead .owed")).to_have_count(0)
        await expect(row.locator("sla-clock")).to_have_count(0)


async def test_the_clock_is_paused_for_a_reason_and_started_again(chrome: Browser, desk: Web) -> None:
    async with inbox(chrome, desk, "sales1@ravi.demo") as page:
        await page.goto(desk.url + "/desk/inbox/new")
        await page.fill("[name=name]", "Wait For Me")
        await page.fill("[name=phone]", "0300 7654388")
        await page.press("[name=phone]", "Enter")
        await page.wait_for_url("**/desk/inbox/*-*")
        await page.locator("[popovertarget=lead-more]").click()
        await page.locator("#lead-more").get_by_role("button", name="Pause the clock…").click()
        await page.locator("dialog#pause").get_by_role("button", name="A test drive is booked").click()
        await expect(page.locator("#lead .strip.held")).to_contain_text("A test drive is booked")
        await expect(page.locator("#lead .owed")).to_have_count(0)
        await page.locator("[popovertarget=lead-more]").click()
        await page.locator("#lead-more").get_by_role("button", name="Start the clock again").click()
        await expect(page.locator("#lead .owed sla-clock")).to_have_count(1)
