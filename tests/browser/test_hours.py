"""Opening hours as a manager changes them: looked at, applied, and what then happens to a lead that waits."""

import re

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from app.core import clock, dates
from tests.support.web import Web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@pytest.fixture(scope="module")
def started(started: Web) -> Web:
    """With a worker: deadlines are reckoned by it."""
    started.start()
    started.start_worker()
    return started


async def opened(chrome: Browser, desk: Web, email: str, path: str) -> Page:
    context = await chrome.new_context(viewport={"width": 1440, "height": 900})
    await context.add_cookies(await desk.session_of(email))
    page = await context.new_page()
    await page.goto(desk.url + path)
    await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
    return page


async def waiting_lead(manager: httpx.AsyncClient) -> dict[str, str]:
    """Of somebody at Lahore who has just come in, while it is open day and night."""
    branches = (await manager.get("/branches")).json()["items"]
    lahore = next(one["id"] for one in branches if one["slug"] == "lahore")
    week = {**dict.fromkeys(DAYS, "00:00-24:00"), "branch_id": lahore}
    (await manager.put("/sla/hours", json=week)).raise_for_status()
    body = {"name": "Ayesha Malik", "phone": "03217654321", "branch_id": lahore}
    made = await manager.post("/leads", json=body)
    made.raise_for_status()
    found: dict[str, str] = (await manager.get(f"/leads/{made.json()['id']}")).json()
    return found


async def test_changed_hours_name_the_lead_they_move_and_then_move_it(chrome: Browser, desk: Web) -> None:
    async with desk.signed_in("manager@ravi.demo") as manager:
        lead = await waiting_lead(manager)
    page = await opened(chrome, desk, "manager@ravi.demo", "/desk/hours?branch=lahore")
    other = await opened(chrome, desk, "owner@ravi.demo", "/desk/hours?branch=lahore")
    await page.get_by_role("link", name="Change the hours").click()
    today = clock.now().astimezone(dates.ZONE).weekday()
    for number, day in enumerate(DAYS):
        shut = number in (today, (today + 1) % 7)
        await page.locator(f"#{day}").fill("" if shut else "11:00-13:00 14:30-20:00")
    await page.keyboard.press("Enter")
    row = page.get_by_role("row", name=re.compile(lead["ref"]))
    foreseen = await row.locator("td").last.inner_text()
    await page.get_by_role("button", name="Apply").click()
    await expect(page.locator(".toast")).to_contain_text("The hours are kept")
    await expect(other.locator("#hours")).to_contain_text("11:00–13:00")
    await page.goto(f"{desk.url}/desk/inbox/{lead['id']}")
    await expect(page.locator("[data-kind=deadline_moved]")).to_be_visible()
    async with desk.signed_in("manager@ravi.demo") as manager:
        moved = (await manager.get(f"/leads/{lead['id']}")).json()

    assert moved["due_at"] > lead["due_at"]
    assert "11:15" in foreseen
    await page.goto(f"{desk.url}/desk/inbox")


async def test_ramadan_is_accepted_with_its_usual_hours_by_keyboard(chrome: Browser, desk: Web) -> None:
    page = await opened(chrome, desk, "owner@ravi.demo", "/desk/hours")
    await page.get_by_role("link", name=re.compile("Set the hours")).focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#fri")).to_have_value("10:00-12:30 21:00-23:30")
    await page.locator("#last").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Apply").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#special-title ~ *, .special-days").first).to_be_visible()

    await expect(page.locator("[id^=days-]").first).to_contain_text("Ramadan")
    await expect(page.locator("[id^=days-]").first).to_contain_text("21:00–23:30")


async def test_a_rule_moves_by_keyboard_and_a_colleague_sees_it_at_once(chrome: Browser, desk: Web) -> None:
    page = await opened(chrome, desk, "owner@ravi.demo", "/desk/sla")
    other = await opened(chrome, desk, "manager@ravi.demo", "/desk/sla")
    await page.get_by_role("link", name="Add a rule").click()
    await page.get_by_label("Name").fill("Walk-ins first")
    await page.get_by_label("Walk-in").check()
    await page.get_by_label("First answer", exact=False).first.fill("5")
    await page.keyboard.press("Enter")
    await expect(other.locator("#rules > li").first).to_contain_text("Walk-ins first")
    await page.get_by_role("button", name="Move down: Walk-ins first").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#rules > li").nth(1)).to_contain_text("Walk-ins first")
    await expect(other.locator("#rules > li").nth(1)).to_contain_text("Walk-ins first")
