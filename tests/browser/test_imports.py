"""A sheet becomes stock on the screen: tried, taken, watched by a colleague, taken back; in both languages."""

import csv
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import SLOW_MACHINE_MS
from tests.support.web import Web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

ROWS = 3_000
MODELS = (("Toyota", "Corolla", 48), ("Honda", "Civic", 62), ("Suzuki", "Alto", 25), ("Suzuki", "Cultus", 36))


@pytest.fixture(scope="module")
def started(started: Web) -> Web:
    """With a worker, which does the importing."""
    started.start()
    started.start_worker()
    return started


def sheet(path: Path, prefix: str, rows: int) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(("Stock No", "Make", "Model", "Saal", "Qeemat", "Mileage", "City", "Fuel", "Whatever"))
        for number in range(rows):
            make, model, lakh = MODELS[number % len(MODELS)]
            price = f"{lakh + number % 5} lakh"
            out.writerow((f"{prefix}-{number}", make, model, 2020, price, 40_000 + number, "Lahore", "Petrol", "?"))
        out.writerow((f"{prefix}-none", "", "", 2020, "30 lakh", 1, "Lahore", "Petrol", "?"))
    return path


async def at(chrome: Browser, desk: Web, email: str, lang: str, width: int = 1440) -> Page:
    context = await chrome.new_context(viewport={"width": width, "height": 900})
    context.set_default_timeout(SLOW_MACHINE_MS)
    await context.add_cookies([*await desk.session_of(email), {"name": "lang", "value": lang, "url": desk.url}])
    return await context.new_page()


async def live(page: Page) -> None:
    await page.wait_for_selector("desk-socket[data-state=live]", state="attached")


def count(page: Page, label: str) -> object:
    return page.locator("#run .import-counts > div", has=page.get_by_text(label, exact=True)).locator("dd")


async def test_a_sheet_is_tried_taken_and_taken_back_while_a_colleague_watches(
    desk: Web, chrome: Browser, tmp_path: Path
) -> None:
    page = await at(chrome, desk, "owner@ravi.demo", "en")
    await page.goto(f"{desk.url}/desk/imports")
    await page.set_input_files("#file", sheet(tmp_path / "stock.csv", "W", ROWS))
    await page.get_by_role("button", name="Look at it").click()
    await expect(page.get_by_label("What Whatever holds")).to_have_value("")
    await expect(page.get_by_label("What Qeemat holds")).to_have_value("asking_price")
    await expect(page.locator("#preview tbody tr")).to_have_count(8)
    await page.get_by_role("button", name="Try it").click()
    await live(page)
    await expect(page.locator("#run")).to_have_attribute("data-state", "done")
    await expect(count(page, "New")).to_have_text(f"{ROWS:,}")  # type: ignore[arg-type]
    await expect(count(page, "Refused")).to_have_text("1")  # type: ignore[arg-type]

    await page.get_by_role("button", name="Import it").click()
    await page.wait_for_url("**/desk/imports/*")
    colleague = await at(chrome, desk, "manager@ravi.demo", "ur", 390)
    await colleague.goto(page.url)
    await live(colleague)
    await page.reload()
    await live(page)
    for watching in (page, colleague):
        await expect(watching.locator("#run")).to_have_attribute("data-state", "done")
    await expect(count(page, "New")).to_have_text(f"{ROWS:,}")  # type: ignore[arg-type]
    await expect(colleague.locator("html")).to_have_attribute("dir", "rtl")
    await expect(colleague.locator("#run .import-counts dd").first).to_have_text(f"{ROWS:,}")

    await page.get_by_role("button", name="Undo this import").click()
    await page.get_by_role("button", name="Undo it").click()
    for watching in (page, colleague):
        await expect(watching.locator("#run")).to_have_attribute("data-state", "undone")
    await page.goto(f"{desk.url}/desk/stock?q=W-12")
    await expect(page.locator("#stock > li")).to_have_count(0)


async def test_the_whole_way_in_urdu_on_a_phone(desk: Web, chrome: Browser, tmp_path: Path) -> None:
    page = await at(chrome, desk, "owner@indus.demo", "ur", 390)
    await page.goto(f"{desk.url}/desk/imports")
    async with page.expect_file_chooser():
        await page.locator(".file-drop").click(position={"x": 60, "y": 30})
    empty = await page.locator("#file").evaluate("input => getComputedStyle(input).color")
    await page.set_input_files("#file", sheet(tmp_path / "stock.csv", "U", 40))
    chosen = await page.locator("#file").evaluate("input => [getComputedStyle(input).color, input.clientHeight]")
    await page.locator("form.import-drop button[type=submit]").click()
    await page.locator("button[value=try]").click()
    await live(page)
    await expect(page.locator("#run")).to_have_attribute("data-state", "done")
    wide = await page.evaluate("document.documentElement.scrollWidth")
    await page.locator(".when-trial button").click()
    await page.wait_for_url("**/desk/imports/*")
    await live(page)
    await expect(page.locator("#run .import-counts dd").first).to_have_text("40")
    await expect(page.locator("#run")).to_have_attribute("data-state", "done")
    await page.goto(f"{desk.url}/desk/stock?q=U-7")
    await expect(page.locator("#stock > li").first).to_contain_text("2020")

    assert wide == 390
    assert empty == "rgba(0, 0, 0, 0)"
    assert chosen[0] != empty
    assert chosen[1] > 0
