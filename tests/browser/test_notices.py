"""A missed deadline at the desk of who has the lead, on whatever page is open; the screens of alerts."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect
from sqlalchemy import text

from app.core import db
from app.core.base import Scope
from app.core.ids import Id
from app.core.settings import Settings
from tests.browser.conftest import SLOW_MACHINE_MS
from tests.browser.test_live_inbox import car_in, enquiry
from tests.conftest import installed
from tests.realtime.test_presence_browser import HIDING
from tests.support import axe
from tests.support.proofs import proof
from tests.support.until import until
from tests.support.web import Web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

ME = "sales1@ravi.demo"
_DUE = """
update lead_clock set warn_at = clock_timestamp(), due_at = clock_timestamp(), urgent = true
where lead_id = :lead and kind = 'first_response'
"""
_LOOKED_AT = "update lead set alarm_at = clock_timestamp() where id = :lead"
_NOBODY_LOOKS = "navigator.locks.query().then(all => !all.held.some(one => one.name.endsWith(':visible')))"
_IN_STEP = "document.querySelector('desk-socket').synced"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def started(started: Web, settings: Settings) -> Web:
    """With a worker: deadlines come, mails leave. Those of the demo's own leads have been looked at."""
    loop = asyncio.new_event_loop()
    loop.run_until_complete(_calm(settings))
    loop.close()
    started.start()
    started.start_worker()
    return started


@pytest_asyncio.fixture(loop_scope="session")
async def database(settings: Settings) -> AsyncIterator[None]:
    async with installed(settings):
        yield


async def _calm(settings: Settings) -> None:
    connection = await asyncpg.connect(settings.database_owner_url)
    await connection.execute("update lead set alarm_at = null")
    await connection.close()


async def mine(desk: Web) -> tuple[str, Id]:
    """A lead that its salesman has taken himself, and the org."""
    lead = await enquiry(desk, await car_in(desk, "lahore"))
    async with desk.signed_in(ME) as me:
        (await me.post(f"/leads/{lead}/claim")).raise_for_status()
        orgs = (await me.get("/orgs")).json()["items"]
    return lead, Id(next(row["org_id"] for row in orgs if row["org"] == "ravi"))


async def missed(lead: str, org_id: Id) -> None:
    """The time for an answer is over, and whatever the time of day it matters now."""
    async with db.unit(Scope(org_id=org_id)) as session:
        for statement in (_DUE, _LOOKED_AT):
            await session.execute(text(statement), {"lead": Id(lead)})


async def opened(chrome: Browser, desk: Web, path: str, script: str = "", **more: Any) -> tuple[BrowserContext, Page]:
    context = await chrome.new_context(viewport=WIDE, **more)  # type: ignore[arg-type]
    context.set_default_timeout(SLOW_MACHINE_MS)
    await context.add_cookies(await desk.session_of(ME))
    page = await context.new_page()
    if script:
        await page.add_init_script(script)
    await page.goto(desk.url + path)
    await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
    await page.wait_for_selector("#bell-region:not([data-at=''])")
    await until(lambda: page.evaluate(_IN_STEP))
    return context, page


async def test_a_missed_deadline_rings_on_an_open_stock_page_once(desk: Web, chrome: Browser, database: object) -> None:
    lead, org_id = await mine(desk)
    async with desk.signed_in(ME) as me:
        before = (await me.get("/notices")).json()["unread"]
    context, page = await opened(chrome, desk, "/desk/stock", HIDING)
    await page.evaluate("window.__same = true")
    await page.evaluate("hide(true)")
    await until(lambda: page.evaluate(_NOBODY_LOOKS))
    await missed(lead, org_id)

    await expect(page.locator("#bell .count")).to_have_text(str(before + 1))
    await expect(page).to_have_title("(1) Stock · Autotrader.pk")
    shown = await page.evaluate("__shown")
    assert [title for title, _ in shown] == ["Deadline missed"]
    assert "Somebody" not in str(shown), "no buyer's name on a lock screen"
    await page.context.set_offline(True)
    await page.wait_for_selector("desk-socket:not([data-state=live])", state="attached")
    await page.context.set_offline(False)
    await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
    await until(lambda: page.evaluate(_IN_STEP))
    assert await page.evaluate("__shown") == shown, "coming back does not ring again"
    assert await page.evaluate("window.__same")

    await page.evaluate("hide(false)")
    await page.click("#bell")
    row = page.locator("#notices > li").first
    await expect(row).to_contain_text("Deadline missed")
    await row.get_by_role("link").click()
    await page.wait_for_url(f"**/desk/inbox/{lead}")
    async with desk.signed_in(ME) as me:
        told = (await me.get("/notices")).json()
        assert told["unread"] == before, json.dumps(told)
    await context.close()


async def test_the_list_grows_and_is_read_without_a_reload(desk: Web, chrome: Browser, database: object) -> None:
    lead, org_id = await mine(desk)
    context, page = await opened(chrome, desk, "/desk/notices")
    await page.evaluate("window.__same = true")
    rows = await page.locator("#notices > li").count()
    await missed(lead, org_id)
    await expect(page.locator("#notices > li")).to_have_count(rows + 1)
    row = page.locator("#notices > li").first
    await expect(row.locator(".log")).to_contain_text("mailed")
    await row.get_by_role("button", name="Mark read").click()

    await expect(row).not_to_contain_text("Unread")
    await expect(page.locator("#bell")).not_to_contain_text("unread")
    assert await page.evaluate("window.__same")
    await context.close()


@pytest.mark.parametrize(("lang", "theme", "size"), [proof("en", "light", PHONE), ("ur", "dark", WIDE)])
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    desk: Web, chrome: Browser, database: object, lang: str, theme: Any, size: dict[str, int]
) -> None:
    lead, org_id = await mine(desk)
    await missed(lead, org_id)
    context, page = await opened(chrome, desk, "/desk/notices", bypass_csp=True, reduced_motion="reduce")
    await expect(page.locator("#notices > li.unread").first).to_be_visible()
    await context.add_cookies([{"name": "lang", "value": lang, "url": desk.url}])
    await axe.bring(context)
    await page.emulate_media(color_scheme=theme)
    found: list[Any] = []
    for path in ("/desk/notices", "/desk/notices/choices"):
        await page.goto(desk.url + path)
        await expect(page.locator("#bell .count")).to_be_visible()
        for width in (size, WIDE if size is PHONE else PHONE):
            await page.set_viewport_size(width)  # type: ignore[arg-type]
            found += [(path, width["width"], *fault) for fault in await axe.faults(page)]
            if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append((path, width["width"], "sideways"))
    await context.close()

    assert not found, json.dumps(found, indent=1, ensure_ascii=False)
