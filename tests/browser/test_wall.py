"""A board on a wall: live for who knows its address, no names on it, and no heavier after five hundred updates."""

import pytest
from playwright.async_api import Browser, CDPSession, expect

from tests.browser.test_live_inbox import car_in, enquiry, inbox
from tests.support.web import Web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

UPDATES = 500
OPEN = ".wall-now .wall-figure:last-child dd bdi"
# As 500 frames of the socket: through the page's own handler, each with another figure.
STORM = """async (many) => {
  const real = document.getElementById('wall').outerHTML, frames = [];
  for (let at = 1; at <= many; at += 1) {
    window.wallSocket.onmessage({ data: JSON.stringify({ op: 'patch', n: Date.now() * 10 + at, now: Date.now() / 1000,
      content: `<hx-partial>${real.replace(/<bdi>\\d+<\\/bdi>/, `<bdi>${at}</bdi>`)}</hx-partial>` }) });
    if (at % 25 === 0) await new Promise(requestAnimationFrame);
  }
}"""
KEEP = """const Real = WebSocket;
window.WebSocket = class extends Real { constructor(...all) { super(...all); window.wallSocket = this; } };"""


async def weight(page_: CDPSession) -> dict[str, float]:
    await page_.send("HeapProfiler.collectGarbage")
    found = (await page_.send("Performance.getMetrics"))["metrics"]
    return {one["name"]: one["value"] for one in found}


async def test_a_screen_on_the_wall_is_live_nameless_light_and_goes_dark_when_switched_off(
    chrome: Browser, desk: Web
) -> None:
    async with inbox(chrome, desk, "manager@ravi.demo", "/desk/board/screens") as page:
        await page.fill("[name=name]", "Reception")
        await page.select_option("[name=branch]", "lahore")
        await page.select_option("select[name=lang]", "en")
        await page.get_by_role("button", name="Put up").click()
        address = await page.locator("#screen-address").inner_text()
        await page.goto(desk.url + "/desk/board/screens")
        assert address not in await page.content()

        television = await chrome.new_context(viewport={"width": 1920, "height": 1080})
        await television.add_init_script(KEEP)
        wall = await television.new_page()
        wrong: list[str] = []
        wall.on("pageerror", lambda error: wrong.append(str(error)))
        await wall.goto(desk.url + address[address.index("/board/") :])
        await expect(wall.locator("h1")).to_have_text("Lahore")
        before = int(await wall.locator(OPEN).inner_text())
        await enquiry(desk, await car_in(desk, "lahore"), name="Secret Buyer")
        await expect(wall.locator(OPEN)).to_have_text(str(before + 1))
        text = await wall.content()
        assert "Secret Buyer" not in text
        assert "tel:" not in text

        cdp = await television.new_cdp_session(wall)
        await cdp.send("Performance.enable")
        await wall.evaluate(STORM, 50)  # what a first time costs is no growth
        light = await weight(cdp)
        await wall.evaluate(STORM, UPDATES)
        heavy = await weight(cdp)
        assert heavy["Nodes"] <= light["Nodes"] + 20
        assert heavy["JSEventListeners"] <= light["JSEventListeners"]
        assert heavy["JSHeapUsedSize"] < light["JSHeapUsedSize"] * 1.15

        # a new release loads the page again
        async with wall.expect_navigation():
            await wall.evaluate(
                "wallSocket.onmessage({ data: JSON.stringify({ op: 'patch', n: Date.now() * 100,"
                " content: '<section id=wall data-release=another></section>' }) })"
            )
        await expect(wall.locator("h1")).to_have_text("Lahore")

        await page.get_by_role("button", name="Switch off").first.click()
        await page.locator("dialog[open]").get_by_role("button", name="Switch off").click()
        await expect(wall.locator("#wall")).to_contain_text("switched off")
        assert (await wall.reload()).status == 404  # type: ignore[union-attr]
        assert wrong == []
        await television.close()
