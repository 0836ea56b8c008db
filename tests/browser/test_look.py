"""The gallery in a real browser: no sideways scroll, nothing axe finds, no error under our own policy."""

import json
import runpy
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from litestar import Litestar
from playwright.async_api import Browser, BrowserContext, Page, expect

from app.core import edge, preferences, render, security, static
from app.core.settings import load
from app.desk.dev import dev_routes
from tests.support import axe
from tests.support.proofs import proof

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

RULES = r"""text => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return [...sheet.cssRules].map(rule => rule.cssText).join().replace(/\s*([,;:(){}])\s*/g, '$1');
}"""
SCREENS = ("/dev/components", "/dev/sign-in-frame", "/dev/errors/404")
PHONE, WIDE = 390, 1440
# Axe reads the gallery for three seconds: each language, theme and width twice, not all eight of them.
LOOKS = (
    *(("en", "light", WIDE), ("ur", "dark", WIDE)),
    *(proof("en", "dark", PHONE), proof("ur", "light", PHONE)),
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = load({"DESK_DEMO": "1", "BASE_URL": f"http://127.0.0.1:{port}"})

    async def nobody(_connection: Any) -> None:
        return None

    security.install(find=nobody, may=lambda _role, _action: False, demo=True)
    render.install(settings)
    limiter = edge.limiter_for(settings)
    app = Litestar(
        [static.show_static, preferences.update_preferences, *dev_routes],
        guards=[security.enforce],
        middleware=[edge.middleware(settings, lambda: limiter), security.Identify],
        openapi_config=None,
        **edge.arguments(),
    )
    edge.wrap(app, settings)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


async def _context(chrome: Browser, address: str, lang: str, theme: str, width: int, **more: Any) -> BrowserContext:
    context = await chrome.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if theme == "dark" else "light", **more
    )
    await context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in (("lang", lang), ("theme", theme))]
    )
    return context


async def _open(chrome: Browser, address: str, path: str, width: int, **more: Any) -> Page:
    page = await (await _context(chrome, address, "en", "light", width, **more)).new_page()
    await page.goto(address + path, wait_until="load")
    return page


@pytest.mark.parametrize(("lang", "theme", "width"), LOOKS)
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    chrome: Browser, address: str, lang: str, theme: str, width: int
) -> None:
    found: list[tuple[Any, ...]] = []
    context = await _context(chrome, address, lang, theme, width, bypass_csp=True, reduced_motion="reduce")
    await axe.bring(context)
    page = await context.new_page()
    for path in SCREENS:
        await page.goto(address + path, wait_until="load")
        found += [(path, width, *fault) for fault in await axe.faults(page)]
        for wide in (WIDE + PHONE - width, width):
            await page.set_viewport_size({"width": wide, "height": 900})
            if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append((path, wide, "sideways", "", ""))

    assert not found, json.dumps(found, indent=1, ensure_ascii=False)


async def test_no_error_under_our_own_policy_and_the_theme_changes_without_a_reload(
    chrome: Browser, address: str
) -> None:
    page = await _open(chrome, address, "/dev/components", 1440)
    said: list[str] = []
    page.on(
        "console",
        lambda line: said.append(line.text) if line.type == "error" and "WebSocket" not in line.text else None,
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    await page.reload()
    await page.click(".who-button")
    await page.click('#person-menu [name="theme"][value="dark"]')

    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
    await page.reload()
    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
    await page.click(".who-button")
    await page.click('#person-menu [name="lang"][value="ur"]')
    await page.wait_for_url("**/dev/components")
    assert await page.evaluate("document.dir") == "rtl"
    assert said == []


async def test_dialog_and_menu_by_keyboard_alone(chrome: Browser, address: str) -> None:
    page = await _open(chrome, address, "/dev/components", 1440)
    await page.focus('[commandfor="sample-dialog"]')
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.getElementById('sample-dialog').open")
    await page.keyboard.press("Escape")
    assert await page.evaluate("document.activeElement.getAttribute('commandfor')") == "sample-dialog"
    await page.focus('[popovertarget="sample-menu"]')
    await page.keyboard.press("Enter")
    await expect(page.locator("#sample-menu .menu-item:focus")).to_have_count(1)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Escape")

    assert not await page.evaluate("document.getElementById('sample-menu').matches(':popover-open')")


async def test_sign_in_works_without_javascript(chrome: Browser, address: str) -> None:
    page = await _open(chrome, address, "/dev/sign-in-frame", 390, java_script_enabled=False)

    assert await page.locator(".reveal").is_hidden()
    await page.click('[name="lang"][value="ur"]')
    assert await page.locator("html").get_attribute("dir") == "rtl"


async def test_the_packed_css_says_the_same_as_the_written_one(chrome: Browser, address: str) -> None:
    build_static = runpy.run_path("infra/scripts/build_static.py")
    page = await _open(chrome, address, "/dev/errors/404", 390)
    written = static.bundle().files[static.bundle().names["app.css"]].content.decode()
    told = [await page.evaluate(RULES, text) for text in (written, build_static["minify"](".css", written))]

    assert told[0] == told[1]
    assert len(told[0]) > 20_000
