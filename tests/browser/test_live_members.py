"""The members screen as two colleagues have it open: changes arrive by themselves, through a restart as well."""

import signal
from collections.abc import Iterator

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from app.core.ids import new_id
from app.core.settings import Settings
from tests.support.proofs import proof
from tests.support.web import PASSWORD, Web

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture(params=["raw", proof("portable")])
def web(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Web]:
    made = Web(settings, request.param)
    made.start()
    yield made
    made.end()


async def members_of(context: BrowserContext, web: Web, email: str) -> Page:
    await context.add_cookies(await web.session_of(email))
    page = await context.new_page()
    await page.goto(web.url + "/desk/members")
    await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
    return page


async def colleagues(web: Web, owner: httpx.AsyncClient, *roles: str) -> list[str]:
    """New ones, with nothing changed about them yet; their addresses."""
    branch = (await owner.get("/branches")).json()["items"][0]["id"]
    made = [f"{role}.{new_id().hex}@ravi.demo" for role in roles]
    for email, role in zip(made, roles, strict=True):
        person = {"email": email, "name": f"New {role}", "role": role, "password": PASSWORD, "branch_id": branch}
        (await owner.post("/users", json=person)).raise_for_status()
    return made


async def test_a_change_of_the_team_appears_in_every_open_tab_through_a_restart(web: Web, chrome: Browser) -> None:
    async with web.signed_in("owner@ravi.demo") as owner:
        manager, one, two = await colleagues(web, owner, "manager", "sales", "sales")
        async with web.signed_in(one) as colleague:
            await _change_the_team(web, chrome, owner, colleague, manager, one, two)


async def _change_the_team(
    web: Web, chrome: Browser, owner: httpx.AsyncClient, colleague: httpx.AsyncClient, manager: str, one: str, two: str
) -> None:
    team = {member["email"]: member for member in (await owner.get("/users")).json()["items"]}
    first, second = await chrome.new_context(), await chrome.new_context()
    page = await members_of(first, web, "owner@ravi.demo")
    other = await members_of(second, web, manager)
    await page.get_by_role("button", name="Invite a colleague").click()
    await page.locator("#invite-email").press_sequentially("half.a.na")
    sales1 = f"#member-{team[one]['id']}"
    sales2 = f"#member-{team[two]['id']}"
    order = await page.evaluate("[...document.querySelectorAll('#members > li')].map(row => row.id)")

    new = f"{new_id().hex}@ravi.demo"
    (await owner.post("/invitations", json={"email": new, "role": "sales"})).raise_for_status()
    await expect(other.locator("#invitations")).to_contain_text(new)
    (await colleague.patch("/me", json={"name": "Renamed Colleague"})).raise_for_status()
    await expect(page.locator(sales1)).to_contain_text("Renamed Colleague")
    await expect(other.locator(sales1)).to_contain_text("Renamed Colleague")
    web.end(signal.SIGKILL)
    web.start()
    (await owner.patch(f"/users/{team[two]['id']}", json={"role": "readonly"})).raise_for_status()
    await expect(page.locator(sales2)).to_contain_text("Read only", ignore_case=True)
    await expect(other.locator(sales2)).to_contain_text("Read only", ignore_case=True)

    assert await page.input_value("#invite-email") == "half.a.na"
    assert await page.evaluate("document.activeElement.id") == "invite-email"
    assert await page.evaluate("[...document.querySelectorAll('#members > li')].map(row => row.id)") == order
    (await owner.delete(f"/users/{team[manager]['id']}/sessions")).raise_for_status()
    await expect(other.locator("[data-live-notice=signed-out]")).to_be_visible()
