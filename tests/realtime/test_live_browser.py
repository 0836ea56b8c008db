"""The browser's side of the live road in a real Chromium: two people, crashes, typing, tabs, blocked sockets."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from app.core import db
from app.core.base import Scope
from app.core.settings import Settings
from tests.conftest import installed
from tests.realtime.conftest import Board, Guest, on_either_hub
from tests.realtime.proof import facts
from tests.realtime.visits import visiting
from tests.support.proofs import proof

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
running_board = on_either_hub(portable=proof("portable"))
one_hub = pytest.mark.parametrize("running_board", ["raw"], indirect=True)
"""For what only the browser's side decides; the rest runs on the raw and on the portable hub."""

BAD_FRAMES = """
(session) => {
  const [epoch, seq] = document.querySelector('desk-socket').cursors['notes:org'].split(':'), n = Number(seq);
  const row = (id) => `<li id="note-${id}" data-k="999"><b>bad</b></li>`;
  const bad = (id) => `<hx-partial hx-target="#notes" hx-swap="row">${row(id)}</hx-partial>`;
  const channel = new BroadcastChannel('desk:' + session);
  channel.postMessage({op: 'patch', t: 'notes:org', epoch, p: n - 1, n, content: bad('repeat')});
  channel.postMessage({op: 'patch', t: 'notes:org', epoch, p: n + 5, n: n + 6, content: bad('gap')});
}
"""
DRAFT = "Salam, the Corolla is "


@pytest_asyncio.fixture(loop_scope="session")
async def database(settings: Settings) -> AsyncIterator[None]:
    """The board's, in the loop of the browser."""
    async with installed(settings):
        yield


async def shown(context: BrowserContext, board: Board) -> Page:
    page = await context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda said: page.errors.append(said.text) if "Content Security" in said.text else None)
    await page.goto(board.url + "/notes")
    await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
    return page


ROWS = "[...document.querySelectorAll('#notes > li')].map(r => [r.id.slice(5), r.querySelector('b').textContent])"


async def rows(page: Page) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in await page.evaluate(ROWS)]


async def truth(org) -> list[tuple[str, str]]:
    async with db.unit(Scope(org_id=org), read=True) as session:
        return [(str(note["id"]), note["body"]) for note in await facts.notes(session)]


async def agrees(page: Page, org, within: float = 12) -> None:
    """The list shows what the database holds: nothing missing, doubled, stale or out of order."""
    for _ in range(int(within / 0.05)):
        if await rows(page) == await truth(org):
            break
        await asyncio.sleep(0.05)
    assert await rows(page) == await truth(org)


async def type_draft(page: Page) -> None:
    await page.focus("#draft")
    await page.keyboard.type(DRAFT)
    await page.evaluate("document.getElementById('draft').setSelectionRange(3, 8)")


async def draft(page: Page) -> list[object]:
    return await page.evaluate(
        "(() => { const d = document.getElementById('draft');"
        "return [d.value, document.activeElement.id, d.selectionStart, d.selectionEnd] })()"
    )


async def churn(org, notes, n: int) -> None:
    """Write new notes, change and erase old ones."""
    for i in range(n):
        if i % 3 == 0:
            notes.append(await facts.write_note(org, f"new {i}"))
        elif i % 7 == 5 and len(notes) > 3:
            await facts.erase_note(org, notes.pop(0))
        else:
            await facts.write_note(org, f"changed {i}", note_id=notes[i % len(notes)])


async def test_a_change_by_one_person_appears_at_another_without_reload(chrome, board, org):
    notes = [await facts.write_note(org, f"note {i}") for i in range(5)]
    async with visiting(chrome, board, Guest(org)) as one, visiting(chrome, board, Guest(org)) as other:
        mine, theirs = await shown(one, board), await shown(other, board)
        await theirs.evaluate("window.__sameDocument = true")
        await mine.evaluate(
            "fetch('/notes', {method: 'POST', headers: {'Content-Type': 'application/json'},"
            "body: JSON.stringify({body: 'hello <b>there'})})"
        )
        await agrees(theirs, org, within=3)
        await facts.erase_note(org, notes[0])
        await agrees(theirs, org, within=3)
        await agrees(mine, org)
        await expect(theirs.locator("#count")).to_have_text("5 notes")

        assert await theirs.evaluate("window.__sameDocument")
        assert (await rows(theirs))[0][1] == "hello <b>there"
        assert mine.errors == theirs.errors == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["kill -9", "SIGTERM"])
async def test_text_and_focus_survive_a_restart_and_nothing_is_missing_or_doubled(chrome, board, org, how):
    notes = [await facts.write_note(org, f"note {i}") for i in range(10)]
    async with visiting(chrome, board, Guest(org)) as context:
        page, other = await shown(context, board), await shown(context, board)
        await page.bring_to_front()
        await type_draft(page)
        await page.evaluate("document.querySelector('#notes input').checked = true")
        ticked = await page.evaluate("document.querySelector('#notes input').id")
        await churn(org, notes, 10)
        await agrees(page, org)
        board.end(how)
        await churn(org, notes, 25)
        board.start()
        await churn(org, notes, 5)
        await agrees(page, org)
        await agrees(other, org)

        assert await draft(page) == [DRAFT, "draft", 3, 8]
        assert await page.evaluate(f"document.getElementById('{ticked}')?.checked ?? true")
        assert page.errors == []


@one_hub
async def test_tabs_share_one_socket_and_a_follower_takes_over(chrome, board, org):
    notes = [await facts.write_note(org, "first")]
    async with visiting(chrome, board, Guest(org)) as context:
        tabs = [await shown(context, board) for _ in range(3)]
        assert await board.figure('desk_live_sockets{kind="html"}') == 1
        leads = [
            await tab.evaluate("document.querySelector('desk-socket').hasAttribute('data-leader')") for tab in tabs
        ]
        assert sorted(leads) == [False, False, True]
        await tabs.pop(leads.index(True)).close()
        await churn(org, notes, 10)
        for tab in tabs:
            await agrees(tab, org)

        assert await board.figure('desk_live_sockets{kind="html"}') == 1


@one_hub
async def test_repeated_stale_and_gapped_frames_change_nothing(chrome, board, org):
    notes = [await facts.write_note(org, f"note {i}") for i in range(3)]
    guest = Guest(org)
    async with visiting(chrome, board, guest) as context:
        page, other = await shown(context, board), await shown(context, board)
        await churn(org, notes, 3)
        await agrees(page, org)
        await agrees(other, org)
        await other.evaluate(
            BAD_FRAMES,
            f"{guest.person}.{guest.session}",
        )
        await asyncio.sleep(0.3)
        await churn(org, notes, 3)
        await agrees(page, org)
        await agrees(other, org)


@one_hub
async def test_a_pruned_feed_makes_the_page_fetch_its_region_once(chrome, board, org):
    notes = [await facts.write_note(org, "first")]
    async with visiting(chrome, board, Guest(org)) as context:
        page = await shown(context, board)
        await type_draft(page)
        await page.evaluate("window.__resets = 0; document.addEventListener('desk:reset', () => window.__resets++)")
        board.end()
        await churn(org, notes, 20)
        async with db.system() as session:
            await session.execute(facts.text("delete from event where org_id = :o"), {"o": org})
        board.start()
        await agrees(page, org)

        assert await page.evaluate("window.__resets") == 1
        assert await draft(page) == [DRAFT, "draft", 3, 8]


@one_hub
async def test_with_sockets_blocked_rows_come_by_polling(chrome, board, org):
    notes = [await facts.write_note(org, "first")]
    async with visiting(chrome, board, Guest(org)) as context:
        page = await context.new_page()
        await page.add_init_script(
            "const W = WebSocket;"
            "window.WebSocket = class extends W { constructor() { super(`ws://${location.host}/blocked`) } }"
        )
        await page.clock.install()
        await page.goto(board.url + "/notes")
        await page.wait_for_selector("desk-socket[data-state=offline]", state="attached")
        await churn(org, notes, 5)
        await page.clock.fast_forward("00:10")
        await agrees(page, org)


@one_hub
async def test_the_end_of_a_session_is_said_and_not_tried_again(chrome, board, org):
    await facts.write_note(org, "first")
    guest = Guest(org)
    async with visiting(chrome, board, guest) as context:
        page = await shown(context, board)
        await facts.end_session(org, guest.session)
        await page.wait_for_selector("desk-socket[data-state=signed-out]", state="attached", timeout=4_000)
        await expect(page.locator("[data-live-notice=signed-out]")).to_be_visible()


async def test_a_long_silence_is_noticed_and_said(chrome, boards, database, settings, org):
    board = Board(settings, beat_s=0.5)
    boards.append(board)
    board.start()
    notes = [await facts.write_note(org, "first")]
    async with visiting(chrome, board, Guest(org)) as context:
        page = await shown(context, board)
        board.signal(signal.SIGSTOP)
        await page.wait_for_selector("desk-socket:not([data-state=live])", state="attached", timeout=8_000)
        await expect(page.locator("#net")).to_have_text(re.compile("Reconnecting…|Offline for"))
        await churn(org, notes, 4)
        board.signal(signal.SIGCONT)
        await agrees(page, org)
        await expect(page.locator("#net")).to_have_text("Live")
