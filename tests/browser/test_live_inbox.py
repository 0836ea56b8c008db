"""The inbox as colleagues, another branch and another dealer have it open: who sees what, and what no push touches."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, Route, async_playwright, expect

from app import wiring
from app.accounts import queries as accounts
from app.core import db
from app.core.base import Scope
from app.core.ids import Id
from app.core.security import Principal
from app.core.settings import Settings
from app.leads.schemas import LeadForm, NoteForm
from app.leads.service import note, walk_in
from tests.support.web import PASSWORD, Web

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLOW_MACHINE_MS = 30_000
SHOWN = """[
  ...[...document.querySelectorAll('#leads > li')].slice(0, 40), ...document.querySelectorAll('.timeline > li'),
].map(one => one.id)"""
expect.set_options(timeout=SLOW_MACHINE_MS)


@pytest.fixture
def web(settings: Settings) -> Iterator[Web]:
    made = Web(settings, "raw")
    made.start()
    yield made
    made.end()


@pytest.fixture
async def chrome(chromium: str) -> AsyncIterator[Any]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()


@asynccontextmanager
async def desk(chrome: Any, web: Web, email: str, path: str = "/desk/inbox") -> AsyncIterator[Page]:
    """`email`'s inbox in a browser of its own, live; complains of any error of our scripts."""
    context = await chrome.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(SLOW_MACHINE_MS)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.goto(web.url + "/sign-in")
    await page.fill("[name=email]", email)
    await page.fill("[name=password]", PASSWORD)
    await page.press("[name=password]", "Enter")
    await page.wait_for_url("**/desk**")
    await page.goto(web.url + path)
    await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
    yield page
    assert wrong == []
    await context.close()


async def enquiry(web: Web, listing_id: str, name: str, phone: str, message: str = "Still there?") -> str:
    async with httpx.AsyncClient(base_url=web.url + "/api/v1", timeout=30) as buyer:
        body = {"listing_id": listing_id, "name": name, "phone": phone, "message": message}
        answer = await buyer.post("/leads", json=body, headers={"Idempotency-Key": phone})
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found


async def leads_of(client: httpx.AsyncClient, view: str = "all") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get(f"/leads?view={view}&limit=100")).json()["items"]
    return found


async def test_a_lead_reaches_its_branch_and_nobody_else(web: Web, chrome: Any) -> None:
    async with web.signed_in("owner@ravi.demo") as owner:
        branches = {row["slug"]: row["id"] for row in (await owner.get("/branches")).json()["items"]}
        colleague = {"email": "sales9@ravi.demo", "name": "Other Branch", "role": "sales", "password": "demo-password"}
        made = await owner.post("/users", json={**colleague, "branch_id": branches["gujranwala"]})
        assert made.status_code == 201, made.text
        car = next(lead["listing_id"] for lead in await leads_of(owner) if lead["branch"] == "lahore")
    async with (
        desk(chrome, web, "sales1@ravi.demo") as one,
        desk(chrome, web, "sales2@ravi.demo") as two,
        desk(chrome, web, "sales9@ravi.demo") as elsewhere,
        desk(chrome, web, "sales1@indus.demo") as stranger,
    ):
        rows = await elsewhere.locator("#leads > li").count(), await stranger.locator("#leads > li").count()
        before = int(await one.inner_text(".views [data-count=unassigned]"))
        lead = await enquiry(web, car, "Nosheen Live", "03009998877", "<b>now</b>")

        for page in (one, two):
            await expect(page.locator(f"#lead-{lead}")).to_contain_text("Nosheen Live")
            await expect(page.locator(f"#lead-{lead} .said")).to_contain_text("<b>now</b>")
            await expect(page.locator(".views [data-count=unassigned]")).to_have_text(str(before + 1))
        await one.wait_for_timeout(2_000)
        assert rows == (await elsewhere.locator("#leads > li").count(), await stranger.locator("#leads > li").count())
        assert await elsewhere.locator(f"#lead-{lead}").count() == await stranger.locator(f"#lead-{lead}").count() == 0


async def test_what_is_being_typed_outlives_a_hundred_pushes_and_a_killed_server(web: Web, chrome: Any) -> None:
    async with web.signed_in("sales2@ravi.demo") as colleague, desk(chrome, web, "sales1@ravi.demo") as page:
        lead = (await leads_of(colleague, "unassigned"))[0]["id"]
        await page.click(f"#lead-{lead} .lead-link")
        await page.wait_for_selector(f"#lead[data-lead='{lead}']")
        await page.keyboard.press("r")
        await page.keyboard.type("Half a sentence, and")
        field = page.locator("#reply-form textarea")
        await field.evaluate("area => area.setSelectionRange(5, 11)")

        for number in range(100):
            answer = await colleague.post(f"/leads/{lead}/notes", json={"body": f"note {number}"})
            assert answer.status_code == 201, answer.text
        await expect(page.locator(".timeline .note")).to_have_count(100)
        web.end(signal.SIGKILL)
        web.start()
        (await colleague.post(f"/leads/{lead}/notes", json={"body": "after the crash"})).raise_for_status()
        await expect(page.locator(".timeline")).to_contain_text("after the crash")

        told = await field.evaluate(
            "area => [area.value, area.selectionStart, area.selectionEnd, document.activeElement === area]"
        )
        assert told == ["Half a sentence, and", 5, 11, True]
        bodies = await page.locator(".timeline .note .bubble").all_inner_texts()
        assert [text.strip() for text in bodies] == [*(f"note {number}" for number in range(100)), "after the crash"]
        await page.reload()
        await expect(page.locator("#reply-form textarea")).to_have_value("Half a sentence, and")


async def test_five_hundred_events_of_a_time_offline_are_there_once_and_in_order(
    web: Web, chrome: Any, database: object
) -> None:
    async with web.signed_in("owner@ravi.demo") as owner, desk(chrome, web, "sales1@ravi.demo") as page:
        lead = (await leads_of(owner, "unassigned"))[0]
        await page.click(f"#lead-{lead['id']} .lead-link")
        await page.wait_for_selector(f"#lead[data-lead='{lead['id']}']")
        entries, rows = await page.locator(".timeline > li").count(), await page.locator("#leads > li").count()
        await page.context.set_offline(True)
        await page.wait_for_selector("desk-socket:not([data-state=live])", state="attached")

        told = await _meanwhile(Id(lead["id"]), Id(lead["branch_id"]), notes=460, walk_ins=40)
        await page.context.set_offline(False)
        await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
        await expect(page.locator(".timeline")).to_contain_text("note 459")
        await expect(page.locator("#leads > li")).to_have_count(rows + 40)

        notes = [text.strip() for text in await page.locator(".timeline .note .bubble").all_inner_texts()]
        assert notes == [f"note {number}" for number in range(460)]
        assert await page.locator(".timeline > li").count() == entries + 460
        shown = await page.eval_on_selector_all("#leads > li", "rows => rows.map(row => row.id)")
        assert shown[:40] == [f"lead-{lead_id}" for lead_id in reversed(told)]
        assert len(shown) == len(set(shown))
        before = await page.evaluate(SHOWN)
        await page.reload()
        await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
        assert await page.evaluate(SHOWN) == before


async def _meanwhile(lead_id: Id, branch_id: Id, *, notes: int, walk_ins: int) -> list[str]:
    """So many facts of the org, one after the other; the ids of the leads that came."""
    wiring.install()
    user = await accounts.by_email("manager@ravi.demo")
    assert user is not None
    org_id = Id(str(user.default_org_id))
    who = Principal(
        person_id=user.id, session_id=user.id, org_id=org_id, org_slug="ravi", org_name="Ravi", org_kind="dealer",
        role="manager",
    )  # fmt: skip
    scope = Scope(org_id=org_id, person_id=user.id, actor_id=user.id)
    came: list[str] = []
    every = notes // walk_ins
    for number in range(notes):
        async with db.unit(scope) as session:
            await note(session, who, lead_id, NoteForm(body=f"note {number}"))
        if number % every == 0 and len(came) < walk_ins:
            async with db.unit(scope) as session:
                form = LeadForm(name=f"Offline {len(came)}", phone=f"0301 55{len(came):05d}", branch_id=branch_id)
                came.append(str((await walk_in(session, who, form)).id))
    return came


async def test_rows_leave_and_join_the_view_that_is_shown(web: Web, chrome: Any) -> None:
    async with (
        web.signed_in("sales2@ravi.demo") as colleague,
        desk(chrome, web, "sales1@ravi.demo", "/desk/inbox?view=unassigned") as page,
    ):
        first, second, *_ = [lead["id"] for lead in await leads_of(colleague, "unassigned")]
        taken = next(lead["id"] for lead in await leads_of(colleague, "mine"))
        await page.click(f"#lead-{first} .lead-link")
        await page.wait_for_selector(f"#lead[data-lead='{first}']")

        (await colleague.post(f"/leads/{second}/claim")).raise_for_status()
        await expect(page.locator(f"#lead-{second}")).to_have_count(0)
        (await colleague.post(f"/leads/{first}/claim")).raise_for_status()
        await expect(page.locator(f"#lead-{first}[data-client-leaving]")).to_have_count(1)
        (await colleague.patch(f"/leads/{taken}/assign", json={"assignee_id": None})).raise_for_status()
        await expect(page.locator(f"#lead-{taken}")).to_be_visible()
        await page.click(f"#lead-{taken} .lead-link")
        await expect(page.locator(f"#lead-{first}")).to_have_count(0)


async def test_leads_are_worked_through_without_a_mouse(web: Web, chrome: Any) -> None:
    async with (
        web.signed_in("sales1@ravi.demo") as me,
        desk(chrome, web, "sales1@ravi.demo", "/desk/inbox?view=unassigned") as page,
    ):
        lead = (await leads_of(me, "unassigned"))[0]["id"]

        async def now() -> dict[str, Any]:
            found: dict[str, Any] = (await me.get(f"/leads/{lead}")).json()
            return found

        async def until(**wanted: Any) -> None:
            for _ in range(300):
                is_now = await now()
                if all(is_now[name] == value for name, value in wanted.items()):
                    return
                await asyncio.sleep(0.1)
            raise AssertionError((wanted, await now()))

        await page.keyboard.press("j")
        await page.wait_for_selector(f"#lead[data-lead='{lead}']")
        await page.keyboard.press("c")
        await until(assignee_name="Bilal Aslam")
        await page.keyboard.press("r")
        await page.keyboard.type("/sal")
        await expect(page.locator("#canned [aria-selected=true]")).to_contain_text("/salam")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Control+Enter")
        await until(status="contacted")
        await expect(page.locator("#reply-form textarea")).to_have_value("")
        await page.keyboard.press("Escape")
        await page.keyboard.press("e")
        await expect(page.locator("dialog#close")).to_be_visible()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await until(status="lost", lost_reason="no_answer")
        await expect(page.locator("#toasts [data-undo]").last).to_be_visible()
        await page.keyboard.press("u")
        await until(status="contacted", lost_reason=None)
        await page.keyboard.press("x")
        await expect(page.locator("#many")).to_be_visible()
        answered = asyncio.Event()

        async def late(route: Route) -> None:
            await answered.wait()
            await route.continue_()

        await page.route("**/desk/inbox/batches", late)
        await page.keyboard.press("h")
        await page.keyboard.press("Enter")
        await page.keyboard.press("?")
        await expect(page.locator("dialog#keys")).to_be_visible()
        answered.set()
        for _ in range(300):
            if (await now())["snoozed_until"]:
                break
            await asyncio.sleep(0.1)
        assert (await now())["snoozed_until"]


async def test_undo_takes_back_what_was_just_sent_though_its_answer_is_still_on_its_way(web: Web, chrome: Any) -> None:
    async with (
        web.signed_in("sales1@ravi.demo") as me,
        desk(chrome, web, "sales1@ravi.demo", "/desk/inbox?view=unassigned") as page,
    ):
        lead = (await leads_of(me, "unassigned"))[0]["id"]

        async def is_now() -> tuple[str, str | None]:
            found = (await me.get(f"/leads/{lead}")).json()
            return found["status"], found["assignee_name"]

        reached, undone, answered = asyncio.Event(), list[str](), asyncio.Event()

        async def late(route: Route) -> None:
            answer = await route.fetch()
            reached.set()
            await answered.wait()
            await route.fulfill(response=answer)

        page.on("request", lambda request: undone.append(request.url) if request.url.endswith("/undoing") else None)
        await page.keyboard.press("j")
        await page.wait_for_selector(f"#lead[data-lead='{lead}']")
        await page.keyboard.press("c")
        await expect(page.locator("#toasts [data-undo]")).to_be_visible()
        await page.route("**/status", late)
        await _close_as_lost(page)
        await reached.wait()
        assert await is_now() == ("lost", "Bilal Aslam")
        await page.keyboard.press("u")
        answered.set()
        await expect(page.locator("#toasts")).to_contain_text("Taken back: 1")
        assert await is_now() == ("new", "Bilal Aslam")
        assert len(undone) == 1

        reached.clear()
        answered.clear()
        await page.unroute("**/status")
        await page.route("**/status", lambda route: _overtaken(route, me, lead, reached, answered))
        await _close_as_lost(page)
        await reached.wait()
        await page.keyboard.press("u")
        answered.set()
        await expect(page.locator("#toasts .warn")).to_be_visible()
        assert await is_now() == ("qualified", "Bilal Aslam")
        assert len(undone) == 1, "what was refused is not taken back, nor what was done before"


async def _close_as_lost(page: Page) -> None:
    await page.keyboard.press("e")
    await expect(page.locator("dialog#close")).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")


async def _overtaken(
    route: Route, me: httpx.AsyncClient, lead: str, reached: asyncio.Event, answered: asyncio.Event
) -> None:
    (await me.patch(f"/leads/{lead}/status", json={"status": "qualified"})).raise_for_status()
    reached.set()
    await answered.wait()
    await route.continue_()
