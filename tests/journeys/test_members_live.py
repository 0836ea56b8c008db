"""Two people at two screens: what one changes the other sees, and a server that dies takes nothing along."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from app import wiring
from app.accounts import queries as accounts
from app.core import db
from app.core.base import Scope
from app.core.embedded.process import free_port
from app.core.security import Principal
from app.core.settings import Settings
from app.orgs import queries, service
from app.orgs.schemas import MemberPatch
from app.orgs.service import seed
from tests.support.api import cheap_passwords

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]


class Server:
    """One `desk web` process over the test's database, killed and started again as a test likes."""

    def __init__(self, settings: Settings, data: Path, hub: str) -> None:
        self.port = free_port(None)
        self.url = f"http://127.0.0.1:{self.port}"
        self.environ = {
            **os.environ,
            "DATABASE_URL": settings.database_url or "",
            "DATABASE_SYSTEM_URL": settings.database_system_url or "",
            "DATABASE_OWNER_URL": settings.database_owner_url or "",
            "REDIS_URL": settings.redis_url or "",
            "DESK_DEMO": "1", "DESK_DATA": str(data), "DESK_PORT": str(self.port), "BASE_URL": self.url, "LIVE_HUB": hub,
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "web"], cwd=ROOT, env=self.environ,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        async with httpx.AsyncClient() as client:
            for _ in range(600):
                try:
                    if (await client.get(f"{self.url}/readyz")).status_code == 200:
                        return
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.1)
        raise AssertionError("the web process did not get ready")

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait(20)
            self.process = None


@pytest.fixture(params=["raw", "portable"])
async def server(request, settings: Settings, database: object, tmp_path: Path) -> AsyncIterator[Server]:
    cheap_passwords()
    wiring.install()
    await seed(settings)
    made = Server(settings, tmp_path, request.param)
    await made.start()
    yield made
    made.end()


@pytest.fixture
async def chrome(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        await browser.close()


async def at_members(chrome: Browser, server: Server, email: str, lang: str) -> tuple[Page, list[str]]:
    """Signed in, on the members screen, with the line up; and what the console complains of."""
    context = await chrome.new_context()
    context.set_default_timeout(20_000)
    await context.add_cookies([{"name": "lang", "value": lang, "url": server.url}])
    page, complaints = await context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    await page.goto(f"{server.url}/sign-in?next=/desk/members")
    await page.fill("#email", email)
    await page.fill("#password", "demo-password")
    await page.click("form[action='/sign-in'] button.primary")
    await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
    return page, complaints


async def change_role(settings: Settings, email: str, role: str) -> None:
    """As another process would: through the service, with the server down or up."""
    owner, member = await accounts.by_email("owner@ravi.demo"), await accounts.by_email(email)
    assert owner
    assert member
    org = next(mine for mine in await queries.memberships_of(owner.id) if mine.org == "ravi")
    scope = Scope(org_id=org.org_id, person_id=owner.id, actor_id=owner.id)
    who = Principal(
        person_id=owner.id, session_id=owner.id, org_id=org.org_id, org_slug="ravi", org_name="Ravi Motors",
        org_kind="dealer", role="owner",
    )  # fmt: skip
    async with db.unit(scope) as session:
        await service.change_member(session, who, member.id, MemberPatch(role=role))


async def test_change_shows_on_the_other_screen_and_survives_a_crash(chrome, server, settings: Settings):
    owner, complaints = await at_members(chrome, server, "owner@ravi.demo", "en")
    manager, more = await at_members(chrome, server, "manager@ravi.demo", "ur")
    rows = manager.locator("#members > li")
    before = await rows.count()

    await owner.click("button[commandfor=invite]")
    await owner.fill("#invite-email", "fresh@ravi.test")
    await owner.click("#invite-form button.primary")
    await expect(manager.locator("#invitations > li", has_text="fresh@ravi.test")).to_have_count(1)
    await expect(owner.locator("#invitations > li", has_text="fresh@ravi.test")).to_have_count(1)

    await manager.click("button[commandfor=invite]")
    await manager.locator("#invite-email").press_sequentially("half.typed@rav")
    server.end()
    await change_role(settings, "sales1@ravi.demo", "finance")
    await change_role(settings, "sales2@ravi.demo", "ops")
    await server.start()
    await manager.locator("#invite-email").press_sequentially("i.test")

    changed = owner.locator("#members > li", has_text="sales1@ravi.demo")
    await expect(changed).to_contain_text("Finance", timeout=20_000)
    await expect(owner.locator("#members > li", has_text="sales2@ravi.demo")).to_contain_text("Operations")
    assert await manager.input_value("#invite-email") == "half.typed@ravi.test"
    assert await manager.evaluate("document.activeElement.id") == "invite-email"
    await expect(manager.locator("#members > li", has_text="sales1@ravi.demo")).to_have_count(1)
    for page in (owner, manager):
        ids = await page.evaluate("[...document.querySelectorAll('#members > li')].map(row => row.id)")
        assert len(ids) == len(set(ids)) == before
        assert await page.locator("#invitations > li").count() == 1
    assert complaints + more == []


async def test_removed_member_is_told_and_thrown_out(chrome, server):
    owner, _ = await at_members(chrome, server, "owner@ravi.demo", "en")
    sales, _ = await at_members(chrome, server, "sales1@ravi.demo", "en")
    await owner.click("#members > li:has-text('sales1@ravi.demo') a.only-heads")
    await owner.click("button[commandfor=remove]")
    await owner.click("#remove button[type=submit]")

    await expect(sales.locator("desk-socket")).not_to_have_attribute("data-state", "live")
    await sales.reload()
    await expect(sales).to_have_url(f"{server.url}/sign-in?next=/desk/members")
