"""The members screen as two colleagues have it open: changes arrive by themselves, through a restart as well."""

import signal
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from app.core.settings import Settings
from tests.support.web import PASSWORD, Web

pytestmark = pytest.mark.browser

SLOW_MACHINE_MS = 20_000
expect.set_options(timeout=SLOW_MACHINE_MS)


@pytest.fixture(params=["raw", "portable"])
def web(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Web]:
    made = Web(settings, request.param)
    made.start()
    yield made
    made.end()


@pytest.fixture
async def chrome(chromium: str) -> AsyncIterator[Any]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()


async def members_of(context: BrowserContext, web: Web, email: str) -> Page:
    context.set_default_timeout(SLOW_MACHINE_MS)
    page = await context.new_page()
    await page.goto(web.url + "/sign-in")
    await page.fill("[name=email]", email)
    await page.fill("[name=password]", PASSWORD)
    await page.press("[name=password]", "Enter")
    await page.wait_for_url("**/desk**")
    await page.goto(web.url + "/desk/members")
    await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
    return page


async def test_a_change_of_the_team_appears_in_every_open_tab_through_a_restart(web, chrome):
    async with web.signed_in("owner@ravi.demo") as owner, web.signed_in("sales1@ravi.demo") as colleague:
        await _change_the_team(web, chrome, owner, colleague)


async def _change_the_team(web: Web, chrome: Any, owner: httpx.AsyncClient, colleague: httpx.AsyncClient) -> None:
    team = {member["email"]: member for member in (await owner.get("/users")).json()["items"]}
    first, second = await chrome.new_context(), await chrome.new_context()
    page = await members_of(first, web, "owner@ravi.demo")
    other = await members_of(second, web, "manager@ravi.demo")
    await page.get_by_role("button", name="Invite a colleague").click()
    await page.locator("#invite-email").press_sequentially("half.a.na")
    sales1 = f"#member-{team['sales1@ravi.demo']['id']}"
    sales2 = f"#member-{team['sales2@ravi.demo']['id']}"
    order = await page.evaluate("[...document.querySelectorAll('#members > li')].map(row => row.id)")

    (await owner.post("/invitations", json={"email": "new@ravi.demo", "role": "sales"})).raise_for_status()
    await expect(other.locator("#invitations")).to_contain_text("new@ravi.demo")
    (await colleague.patch("/me", json={"name": "Renamed Colleague"})).raise_for_status()
    await expect(page.locator(sales1)).to_contain_text("Renamed Colleague")
    await expect(other.locator(sales1)).to_contain_text("Renamed Colleague")
    web.end(signal.SIGKILL)
    web.start()
    (await owner.patch(f"/users/{team['sales2@ravi.demo']['id']}", json={"role": "readonly"})).raise_for_status()
    await expect(page.locator(sales2)).to_contain_text("Read only", ignore_case=True)
    await expect(other.locator(sales2)).to_contain_text("Read only", ignore_case=True)

    assert await page.input_value("#invite-email") == "half.a.na"
    assert await page.evaluate("document.activeElement.id") == "invite-email"
    assert await page.evaluate("[...document.querySelectorAll('#members > li')].map(row => row.id)") == order
    (await owner.delete(f"/users/{team['manager@ravi.demo']['id']}/sessions")).raise_for_status()
    await expect(other.locator("[data-live-notice=signed-out]")).to_be_visible()
