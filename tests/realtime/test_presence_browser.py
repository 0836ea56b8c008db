"""Colleagues on one screen, in real Chromiums: who looks, who writes, who is asked; what calls when nobody looks."""

import asyncio
import re
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from app.core.settings import Settings
from tests.conftest import installed
from tests.realtime.conftest import Board, Guest
from tests.realtime.proof import facts
from tests.realtime.visits import visiting

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("running_board", ["raw"], indirect=True),
]

# Headless pages are always in sight: the page says itself whether it is.
HIDING = """
window.__hidden = false;
Object.defineProperty(Document.prototype, "hidden", { get: () => window.__hidden });
Object.defineProperty(Document.prototype, "visibilityState", { get: () => (window.__hidden ? "hidden" : "visible") });
window.hide = (hidden) => { window.__hidden = hidden; document.dispatchEvent(new Event("visibilitychange")); };
window.__shown = [];
window.Notification = class { constructor(title, more) { window.__shown.push([title, more.body]); } close() {} };
Notification.permission = window.name || "granted";
document.addEventListener("desk:tone", () => { window.__tones = (window.__tones ?? 0) + 1; });
"""
LISTENING = """(id) => {
  window.heard = [];
  const element = document.getElementById(id);
  const hears = new MutationObserver(() => window.heard.push(element.textContent));
  hears.observe(element, { childList: true, subtree: true });
}"""
EMPTIED = """id => {
  document.getElementById(id).replaceChildren();
  document.dispatchEvent(new CustomEvent("desk:patch", {detail: {}}));
}"""
SOON_MS = 2_000


@pytest_asyncio.fixture(loop_scope="session")
async def database(settings: Settings) -> AsyncIterator[None]:
    """The board's, in the loop of the browser."""
    async with installed(settings):
        yield


async def opened(context: BrowserContext, board: Board, lead=None, script: str = "") -> Page:
    page = await context.new_page()
    page.errors, page.sent = [], []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("request", lambda request: page.sent.append(request.url) if request.url.endswith("/replies") else None)
    if script:
        await page.add_init_script(script)
    await page.goto(board.url + "/notes" + (f"?lead={lead}" if lead else ""))
    await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
    return page


async def is_seen(page: Page, note, *guests: Guest, within_ms: int = SOON_MS) -> None:
    row = page.locator(f"#note-{note} .onlookers")
    if guests:
        for guest in guests:
            await expect(row).to_have_attribute("title", re.compile(guest.name), timeout=within_ms)
    else:
        await expect(row).to_have_count(0, timeout=within_ms)


async def test_avatars_come_stay_through_pushes_and_go(chrome, board, org):
    note = await facts.write_note(org, "lahore: one")
    ali, bilal = Guest(org), Guest(org)
    async with visiting(chrome, board, ali) as one:
        mine = await opened(one, board, note)
        async with visiting(chrome, board, bilal) as other:
            theirs = await opened(other, board, note)
            await is_seen(mine, note, bilal)
            await is_seen(theirs, note, ali)
            assert await mine.locator("#lead .avatar").count() == 1  # not oneself
            for turn in range(5):
                await facts.write_note(org, f"lahore: {turn}", note_id=note)
            await expect(mine.locator(f"#note-{note} b")).to_have_text("lahore: 4")
            await is_seen(mine, note, bilal)
            closed_at = time.monotonic()
        await is_seen(mine, note, within_ms=30_000)
        print(f"gone {time.monotonic() - closed_at:.1f} s after the browser closed")  # noqa: T201
        assert mine.errors == theirs.errors == []


async def test_who_writes_is_shown_and_the_other_is_asked_once_before_sending(chrome, board, org):
    note = await facts.write_note(org, "lahore: one")
    ali, bilal = Guest(org), Guest(org)
    async with visiting(chrome, board, ali) as one, visiting(chrome, board, bilal) as other:
        mine, theirs = await opened(one, board, note), await opened(other, board, note)
        await mine.fill("#reply-form textarea", "Salam")
        await mine.click("#send")
        await expect(mine.locator(f"#typing-{note}")).to_be_empty()
        assert len(mine.sent) == 1  # nobody else writes

        await theirs.locator("#reply-form textarea").press_sequentially("Yes it")
        strip = mine.locator(f"#typing-{note}")
        await expect(strip).to_have_text(f"{bilal.name} is writing…", timeout=SOON_MS)
        await expect(mine.locator("#say")).to_have_text(f"{bilal.name} is writing…")
        await mine.fill("#reply-form textarea", "Salam again")
        await mine.click("#send")
        await expect(strip).to_contain_text(f"{bilal.name} is writing to this buyer.")
        assert len(mine.sent) == 1
        carol = Guest(org)
        async with visiting(chrome, board, carol) as third:  # what comes meanwhile leaves the question standing
            await opened(third, board, note)
            await is_seen(mine, note, carol)
        await mine.evaluate(EMPTIED, f"typing-{note}")
        await expect(mine.get_by_role("button", name="Send anyway")).to_be_focused()
        await mine.click("text=Send anyway")
        await expect(strip).not_to_contain_text("Send anyway", timeout=15_000)
        await asyncio.sleep(0.3)
        assert len(mine.sent) == 2

        # Ali has sent and writes no longer: nobody asks Bilal
        await expect(theirs.locator(f"#typing-{note}")).to_be_empty()
        await theirs.click("#send")
        await expect(strip).to_be_empty(timeout=SOON_MS)
        assert len(theirs.sent) == 1
        assert mine.errors == theirs.errors == []


async def test_tabs_of_one_browser_speak_with_one_voice(chrome, board, org):
    first, second = await facts.write_note(org, "lahore: one"), await facts.write_note(org, "lahore: two")
    ali, bilal = Guest(org), Guest(org)
    async with visiting(chrome, board, ali) as one, visiting(chrome, board, bilal) as other:
        mine = await opened(one, board)
        tabs = [await opened(other, board, note) for note in (first, second, second)]
        await is_seen(mine, first, bilal)
        await is_seen(mine, second, bilal)
        assert await board.figure('desk_live_sockets{kind="html"}') == 2
        await tabs.pop().close()
        await tabs.pop(0).close()  # it led
        await is_seen(mine, first, within_ms=10_000)
        await is_seen(mine, second, bilal, within_ms=10_000)


async def test_hidden_tabs_count_in_their_titles_and_one_of_them_calls_once(chrome, board, org):
    await facts.write_note(org, "first")
    async with visiting(chrome, board, Guest(org)) as context:
        tabs = [await opened(context, board, script=HIDING) for _ in range(2)]
        await tabs[0].mouse.click(5, 5)
        await tabs[1].mouse.click(5, 5)
        await facts.write_note(org, "seen by somebody")
        await expect(tabs[0].locator("#notes > li")).to_have_count(2)
        for tab in tabs:
            await tab.evaluate("hide(true)")
        await asyncio.sleep(0.3)
        await facts.write_note(org, "second")
        for tab in tabs:
            await expect(tab).to_have_title("(1) Notes")
        await facts.write_note(org, "third")
        for tab in tabs:
            await expect(tab).to_have_title("(2) Notes")
        shown = [told for tab in tabs for told in await tab.evaluate("__shown")]
        tones = [await tab.evaluate("window.__tones ?? 0") for tab in tabs]
        await tabs[1].evaluate("hide(false)")
        for tab in tabs:
            await expect(tab).to_have_title("Notes")

        assert shown == [["en: Note.", "en: second"], ["en: Note.", "en: third"]]
        assert sorted(tones) == [0, 2]


@pytest.mark.parametrize(("cookie", "tones", "notifications"), [("off,,", 0, 1), ("on,00:00,23:59", 0, 0)])
async def test_sound_can_be_off_and_quiet_hours_are_quiet(chrome, board, org, cookie, tones, notifications):
    await facts.write_note(org, "first")
    guest = Guest(org)
    async with visiting(chrome, board, guest) as context:
        name = f"alerts-{str(guest.person)[-12:]}"
        await context.add_cookies([{"name": name, "value": cookie.replace(",", "%2C"), "url": board.url}])
        tab = await opened(context, board, script=HIDING)
        await tab.mouse.click(5, 5)
        await tab.evaluate("hide(true)")
        await asyncio.sleep(0.3)
        await facts.write_note(org, "second")
        await expect(tab).to_have_title("(1) Notes")

        assert await tab.evaluate("window.__tones ?? 0") == tones
        assert len(await tab.evaluate("__shown")) == notifications


async def test_without_permission_title_and_tone_remain(chrome, board, org):
    await facts.write_note(org, "first")
    async with visiting(chrome, board, Guest(org)) as context:
        tab = await opened(context, board, script=HIDING + 'Notification.permission = "denied";')
        await tab.mouse.click(5, 5)
        await tab.evaluate("hide(true)")
        await asyncio.sleep(0.3)
        await facts.write_note(org, "second")
        await expect(tab).to_have_title("(1) Notes")

        assert await tab.evaluate("__shown") == []
        assert await tab.evaluate("__tones") == 1


async def test_a_burst_is_one_sentence(chrome, board, org):
    await facts.write_note(org, "first")
    async with visiting(chrome, board, Guest(org)) as context:
        tab = await opened(context, board)
        await tab.evaluate(LISTENING, "say")
        for n in range(3):
            await facts.write_note(org, f"burst {n}")
        await expect(tab.locator("#say")).to_have_text("3 new notes")

        assert await tab.evaluate("heard") == ["3 new notes"]


async def test_a_pulled_cable_is_said_within_ten_seconds_and_catching_up_counts(chrome, board, org):
    await facts.write_note(org, "first")
    async with visiting(chrome, board, Guest(org)) as context:
        tab = await opened(context, board)
        await expect(tab.locator("#net")).to_have_text("Live")
        await tab.evaluate(LISTENING, "net")
        await tab.clock.install()
        pulled = await tab.evaluate("Date.now()")
        await context.set_offline(True)
        await tab.wait_for_selector("desk-socket:not([data-state=live])", state="attached")
        await tab.clock.fast_forward("00:09")
        await expect(tab.locator("[data-live-notice=offline]")).to_be_visible()
        noticed = (await tab.evaluate("Date.now()") - pulled) / 1000
        await expect(tab.locator("#net")).to_have_text(re.compile(r"Offline for \d+ sec"))
        for n in range(7):
            await facts.write_note(org, f"meanwhile {n}")
        await context.set_offline(False)
        await expect(tab.locator("#net")).to_have_text("Live", timeout=15_000)
        await expect(tab.locator("#notes > li")).to_have_count(8)
        await expect(tab.locator("[data-live-notice=offline]")).to_be_hidden()
        print(f"banner after {noticed:.1f} s")  # noqa: T201

        assert noticed <= 10
        assert "Catching up: 7" in await tab.evaluate("heard")
