"""The inbox as colleagues, another branch and another dealer have it open: who sees what, and what no push touches."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from app import wiring
from app.accounts import queries as accounts
from app.core import db
from app.core.base import Scope
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.core.settings import Settings
from app.leads.schemas import LeadForm, NoteForm
from app.leads.service import note, walk_in
from tests.browser.conftest import SLOW_MACHINE_MS
from tests.conftest import installed
from tests.support.proofs import in_two_sizes
from tests.support.web import PASSWORD, Web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

SHOWN = """[
  ...[...document.querySelectorAll('#leads > li')].slice(0, 40), ...document.querySelectorAll('.timeline > li'),
].map(one => one.id)"""


@pytest_asyncio.fixture(loop_scope="session")
async def database(settings: Settings) -> AsyncIterator[None]:
    """The desk's, in the loop of the browser."""
    async with installed(settings):
        yield


@asynccontextmanager
async def inbox(chrome: Browser, desk: Web, email: str, path: str = "/desk/inbox") -> AsyncIterator[Page]:
    """`email`'s inbox in a browser of its own, live; complains of any error of our scripts."""
    context = await chrome.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(SLOW_MACHINE_MS)
    await context.add_cookies(await desk.session_of(email))
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.goto(desk.url + path)
    await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
    yield page
    assert wrong == []
    await context.close()


async def enquiry(desk: Web, listing_id: str, name: str = "Somebody", message: str = "Still there?") -> str:
    """A new lead, the first of its branch's inbox."""
    phone = f"0300{new_id().int % 10**7:07d}"
    async with desk.http("/api/v1") as buyer:
        body = {"listing_id": listing_id, "name": name, "phone": phone, "message": message}
        answer = await buyer.post("/leads", json=body, headers={"Idempotency-Key": phone})
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found


async def leads_of(client: httpx.AsyncClient, view: str = "all") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get(f"/leads?view={view}&limit=100")).json()["items"]
    return found


async def car_in(desk: Web, branch: str) -> str:
    """One that is for sale there."""
    async with desk.http("/api/v1") as buyer:
        answer = await buyer.get("/listings", params={"branch": branch})
        found: str = next(car["id"] for car in answer.raise_for_status().json()["hits"] if car["branch"] == branch)
        return found


async def test_a_lead_reaches_its_branch_and_nobody_else(desk: Web, chrome: Browser) -> None:
    async with desk.signed_in("owner@ravi.demo") as owner:
        branches = {row["slug"]: row["id"] for row in (await owner.get("/branches")).json()["items"]}
        email = f"sales.{new_id().hex}@ravi.demo"
        colleague = {"email": email, "name": "Other Branch", "role": "sales", "password": PASSWORD}
        made = await owner.post("/users", json={**colleague, "branch_id": branches["gujranwala"]})
        assert made.status_code == 201, made.text
    car, theirs = await car_in(desk, "lahore"), await car_in(desk, "gujranwala")
    strangers = await car_in(desk, "karachi")
    async with (
        inbox(chrome, desk, "sales1@ravi.demo") as one,
        inbox(chrome, desk, "sales2@ravi.demo") as two,
        inbox(chrome, desk, email) as elsewhere,
        inbox(chrome, desk, "sales1@indus.demo") as stranger,
    ):
        rows = [await page.locator("#leads > li").count() for page in (elsewhere, stranger)]
        before = int(await one.inner_text(".views [data-count=unassigned]"))
        lead = await enquiry(desk, car, "Nosheen Live", "<b>now</b>")

        for page in (one, two):
            await expect(page.locator(f"#lead-{lead}")).to_contain_text("Nosheen Live")
            await expect(page.locator(f"#lead-{lead} .said")).to_contain_text("<b>now</b>")
            await expect(page.locator(".views [data-count=unassigned]")).to_have_text(str(before + 1))
        for page, other in ((elsewhere, theirs), (stranger, strangers)):  # what came later has come
            await expect(page.locator(f"#lead-{await enquiry(desk, other)}")).to_be_visible()
        assert [await page.locator("#leads > li").count() - 1 for page in (elsewhere, stranger)] == rows
        assert await elsewhere.locator(f"#lead-{lead}").count() == await stranger.locator(f"#lead-{lead}").count() == 0


async def test_what_is_being_typed_outlives_a_hundred_pushes_and_a_killed_server(desk: Web, chrome: Browser) -> None:
    lead = await enquiry(desk, await car_in(desk, "lahore"))
    async with desk.signed_in("sales2@ravi.demo") as colleague, inbox(chrome, desk, "sales1@ravi.demo") as page:
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
        desk.end(signal.SIGKILL)
        desk.start()
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


@in_two_sizes("events", sample=100, whole=500)
async def test_hundreds_of_events_of_a_time_offline_are_there_once_and_in_order(
    desk: Web, chrome: Browser, database: object, events: int
) -> None:
    walk_ins = 20
    notes = events - walk_ins
    await enquiry(desk, await car_in(desk, "lahore"))
    async with desk.signed_in("owner@ravi.demo") as owner, inbox(chrome, desk, "sales1@ravi.demo") as page:
        lead = next(lead for lead in await leads_of(owner, "unassigned") if lead["branch"] == "lahore")
        await page.click(f"#lead-{lead['id']} .lead-link")
        await page.wait_for_selector(f"#lead[data-lead='{lead['id']}']")
        entries, rows = await page.locator(".timeline > li").count(), await page.locator("#leads > li").count()
        await page.context.set_offline(True)
        await page.wait_for_selector("desk-socket:not([data-state=live])", state="attached")

        told = await _meanwhile(Id(lead["id"]), Id(lead["branch_id"]), notes=notes, walk_ins=walk_ins)
        await page.context.set_offline(False)
        await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
        await expect(page.locator(".timeline")).to_contain_text(f"note {notes - 1}")
        await expect(page.locator("#leads > li")).to_have_count(rows + walk_ins)

        read = [text.strip() for text in await page.locator(".timeline .note .bubble").all_inner_texts()]
        assert read == [f"note {number}" for number in range(notes)]
        assert await page.locator(".timeline > li").count() == entries + notes
        shown = await page.eval_on_selector_all("#leads > li", "rows => rows.map(row => row.id)")
        assert shown[:walk_ins] == [f"lead-{lead_id}" for lead_id in reversed(told)]
        assert len(shown) == len(set(shown))
        before = await page.evaluate(SHOWN)
        await page.reload()
        await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
        assert await page.evaluate(SHOWN) == before


async def _meanwhile(lead_id: Id, branch_id: Id, *, notes: int, walk_ins: int) -> list[str]:
    """So many facts of the org, in order; the ids of the leads that came."""
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
    for first in range(0, notes, every):
        async with db.unit(scope) as session:
            for number in range(first, min(first + every, notes)):
                await note(session, who, lead_id, NoteForm(body=f"note {number}"))
            if len(came) < walk_ins:
                form = LeadForm(
                    name=f"Offline {len(came)}", phone=f"0301{new_id().int % 10**7:07d}", branch_id=branch_id
                )
                came.append(str((await walk_in(session, who, form)).id))
    return came


async def test_rows_leave_and_join_the_view_that_is_shown(desk: Web, chrome: Browser) -> None:
    car = await car_in(desk, "lahore")
    first, second, taken = [await enquiry(desk, car) for _ in range(3)]
    async with (
        desk.signed_in("sales2@ravi.demo") as colleague,
        inbox(chrome, desk, "sales1@ravi.demo", "/desk/inbox?view=unassigned") as page,
    ):
        (await colleague.post(f"/leads/{taken}/claim")).raise_for_status()
        await expect(page.locator(f"#lead-{taken}")).to_have_count(0)
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


async def test_leads_are_worked_through_without_a_mouse(desk: Web, chrome: Browser) -> None:
    lead = await enquiry(desk, await car_in(desk, "lahore"))
    async with (
        desk.signed_in("sales1@ravi.demo") as me,
        inbox(chrome, desk, "sales1@ravi.demo", "/desk/inbox?view=unassigned") as page,
    ):

        async def now() -> dict[str, Any]:
            found: dict[str, Any] = (await me.get(f"/leads/{lead}")).json()
            return found

        async def becomes(**wanted: Any) -> None:
            for _ in range(600):
                is_now = await now()
                if all(is_now[name] == value for name, value in wanted.items()):
                    return
                await asyncio.sleep(0.05)
            raise AssertionError((wanted, await now()))

        await page.keyboard.press("j")
        await page.wait_for_selector(f"#lead[data-lead='{lead}']")
        await page.keyboard.press("c")
        await becomes(assignee_name="Bilal Aslam")
        await page.keyboard.press("r")
        await page.keyboard.type("/sal")
        await expect(page.locator("#canned [aria-selected=true]")).to_contain_text("/salam")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Control+Enter")
        await becomes(status="contacted")
        await expect(page.locator("#reply-form textarea")).to_have_value("")
        await expect(page.locator("#lead .lead-head[data-status=contacted]")).to_be_visible()
        await page.keyboard.press("Escape")
        await page.keyboard.press("e")
        await expect(page.locator("dialog#close")).to_be_visible()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await becomes(status="lost", lost_reason="no_answer")
        await expect(page.locator("#toasts [data-undo]").last).to_be_visible()
        await page.keyboard.press("u")
        await becomes(status="contacted", lost_reason=None)
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
        for _ in range(600):
            if (await now())["snoozed_until"]:
                break
            await asyncio.sleep(0.05)
        assert (await now())["snoozed_until"]


async def test_undo_takes_back_what_was_just_sent_though_its_answer_is_on_its_way(desk: Web, chrome: Browser) -> None:
    lead = await enquiry(desk, await car_in(desk, "lahore"))
    async with (
        desk.signed_in("sales1@ravi.demo") as me,
        inbox(chrome, desk, "sales1@ravi.demo", "/desk/inbox?view=unassigned") as page,
    ):

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
        await expect(page.locator("#lead .lead-head:not([data-assignee=''])")).to_be_visible()
        await page.route("**/status", late)
        await _close_as_lost(page)
        await reached.wait()
        assert await is_now() == ("lost", "Bilal Aslam")
        await page.keyboard.press("u")
        answered.set()
        await expect(page.locator("#toasts")).to_contain_text("The stage of Somebody is set back.")
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


async def test_what_one_changed_oneself_is_no_change_meanwhile_even_before_its_push(desk: Web, chrome: Browser) -> None:
    lead = await enquiry(desk, await car_in(desk, "lahore"))
    async with (
        desk.signed_in("sales1@ravi.demo") as me,
        inbox(chrome, desk, "sales1@ravi.demo", "/desk/inbox?view=unassigned") as page,
    ):
        await page.keyboard.press("j")
        await page.wait_for_selector(f"#lead[data-lead='{lead}']")
        await page.evaluate("document.querySelector('desk-socket').remove()")
        await page.keyboard.press("c")
        await expect(page.locator("#toasts [data-undo]")).to_be_visible()
        await _close_as_lost(page)
        await expect(page.locator("#toasts")).to_contain_text("Closed as lost.")

        assert (await me.get(f"/leads/{lead}")).json()["status"] == "lost"


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
