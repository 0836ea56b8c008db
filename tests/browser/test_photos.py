"""Photos in the car editor: sent, put in order, removed and brought back, on two screens at once and on a phone."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.support import axe
from tests.support.pictures import SVG, good, saved, scene
from tests.support.proofs import proof
from tests.support.web import Web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LIST = "#photos > .photos > li"


@pytest.fixture(scope="module")
def started(started: Web) -> Web:
    """With a worker: pictures are looked at by it."""
    started.start()
    started.start_worker()
    return started


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Four photos as a camera names them."""
    paths = []
    for number in range(4):
        path = tmp_path / f"IMG_{number}.jpg"
        path.write_bytes(saved(scene(500, 375, 50 + number), quality=88))
        paths.append(str(path))
    return paths


@asynccontextmanager
async def new_car(desk: Web) -> AsyncIterator[str]:
    """A draft without any photo; its id."""
    async with desk.signed_in("owner@ravi.demo") as owner:
        car = {"make": "honda", "model": "civic", "year": 2021, "odometer_km": 41_000, "branch": "lahore"}
        made = await owner.post("/listings", json=car)
        made.raise_for_status()
        yield made.json()["id"]


async def opened(chrome: Browser, desk: Web, car: str, email: str = "owner@ravi.demo", **more: Any) -> Page:
    before = more.pop("before", None)
    context = await chrome.new_context(**{"viewport": DESKTOP, **more})
    await context.add_cookies(await desk.session_of(email))
    if before:
        await before(context)
    page = await context.new_page()
    await page.goto(f"{desk.url}/desk/stock/{car}")
    if more.get("java_script_enabled", True):
        await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
    return page


async def pick(page: Page, *files: Any) -> None:
    await page.locator("#photo-files").set_input_files(list(files))


async def order(page: Page) -> list[str]:
    return [str(await row.get_attribute("data-photo")) for row in await page.locator(LIST).all()]


def ready(page: Page) -> Locator:
    return page.locator(f"{LIST}[data-state=ready]")


async def test_photos_are_sent_and_a_colleague_sees_them_ready_and_in_order(
    chrome: Browser, desk: Web, files: list[str]
) -> None:
    async with new_car(desk) as car:
        page = await opened(chrome, desk, car)
        other = await opened(chrome, desk, car, "manager@ravi.demo")
        await pick(page, *files[:3])
        await expect(ready(page)).to_have_count(3)
        await expect(ready(other)).to_have_count(3)
        await expect(page.locator("#photos-sending > li")).to_have_count(0)
        before = await order(page)
        await expect(page.locator(LIST).first.locator(".photo-cover")).to_be_visible()

        await page.locator(LIST).first.locator("[data-grip]").focus()
        await page.keyboard.press("ArrowRight")
        await expect(page.locator("#say")).to_contain_text("Photo 2 of 3")
        await expect(other.locator(LIST).first).to_have_attribute("data-photo", before[1])
        assert await order(page) == [before[1], before[0], before[2]]

        source, target = page.locator(LIST).nth(2).locator(".car-photo"), page.locator(LIST).nth(0)
        await source.scroll_into_view_if_needed()
        from_box, to_box = await source.bounding_box(), await target.bounding_box()
        assert from_box
        assert to_box
        await page.mouse.move(from_box["x"] + 40, from_box["y"] + 60)
        await page.mouse.down()
        await page.mouse.move(to_box["x"] + 120, to_box["y"] + 60, steps=8)
        await page.mouse.move(to_box["x"] + 30, to_box["y"] + 60, steps=4)
        await page.mouse.up()
        await expect(other.locator(LIST).first).to_have_attribute("data-photo", before[2])

        await page.locator(LIST).nth(1).get_by_role("button", name=re.compile("Make it the cover")).click()
        await expect(other.locator(LIST).first).to_have_attribute("data-photo", before[1])

        await page.locator(LIST).first.get_by_role("button", name=re.compile("Remove")).click()
        await expect(ready(other)).to_have_count(2)
        await page.locator(".toast").get_by_role("button", name="Undo").click()
        await expect(ready(other)).to_have_count(3)
        await expect(other.locator(LIST).first).to_have_attribute("data-photo", before[1])


async def test_photos_stand_in_the_order_they_were_picked_however_soon_they_arrive(chrome: Browser, desk: Web) -> None:
    async with new_car(desk) as car, desk.signed_in("owner@ravi.demo") as owner:
        page = await opened(chrome, desk, car)
        small: Any = {"name": "small.jpg", "mimeType": "image/jpeg", "buffer": good(71, 320, 240)}

        async def late(route: Route) -> None:
            """The large one takes its time."""
            if route.request.post_data_json["bytes"] > len(small["buffer"]):
                await asyncio.sleep(1.5)
            await route.continue_()

        await page.route("**/uploads/presign", late)
        big = {"name": "big.jpg", "mimeType": "image/jpeg", "buffer": good(70, 1400, 1050)}
        await pick(page, big, small)
        await expect(ready(page)).to_have_count(2)
        shown = (await owner.get(f"/listings/{car}/media")).json()
        assert [photo["width"] for photo in shown] == [1400, 320]


async def test_what_is_no_picture_says_so_and_leaves_the_others_alone(
    chrome: Browser, desk: Web, files: list[str]
) -> None:
    async with new_car(desk) as car:
        page = await opened(chrome, desk, car)
        await pick(page, {"name": "front.png", "mimeType": "image/png", "buffer": SVG})
        await expect(page.locator("#photos-sending > li")).to_contain_text("This is no picture we can take")
        await page.locator("#photos-sending").get_by_role("button", name="Do not send").click()
        await pick(page, {"name": "papers.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
        await expect(page.locator("#photos-sending > li")).to_contain_text("This is no picture we can take")
        await pick(page, {"name": "cut.jpg", "mimeType": "image/jpeg", "buffer": good()[:9000]})
        await pick(page, files[0])
        await expect(ready(page)).to_have_count(1)
        await expect(page.locator(f"{LIST}[data-state=failed]")).to_contain_text("broken")
        await page.locator("#photos-sending").get_by_role("button", name="Do not send").click()
        await expect(page.locator("#photos-sending > li")).to_have_count(0)


async def test_a_phone_that_loses_its_line_goes_on_by_itself_and_the_thirteenth_waits_outside(
    chrome: Browser, desk: Web, files: list[str]
) -> None:
    async with new_car(desk) as car:
        page = await opened(chrome, desk, car, viewport=PHONE)
        await page.context.set_offline(True)
        await pick(page, *files)
        await expect(page.locator("#photos-sending > li").first).to_contain_text("No connection")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.context.set_offline(False)
        await expect(ready(page)).to_have_count(4)

        small = [
            {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": good(number, 320, 240)}
            for number in range(60, 69)
        ]
        await pick(page, *small)
        await expect(ready(page)).to_have_count(12)
        await expect(page.locator("#photos-sending > li")).to_have_count(1)
        await expect(page.locator("#photos-sending > li")).to_contain_text("at most 12")


async def test_without_scripts_photos_are_sent_moved_removed_and_brought_back(
    chrome: Browser, desk: Web, files: list[str]
) -> None:
    async with new_car(desk) as car:
        page = await opened(chrome, desk, car, java_script_enabled=False)
        await pick(page, *files[:2])
        await page.get_by_role("button", name="Send photos").click()
        await expect(page.locator(".toast")).to_contain_text("Sent")
        for _ in range(60):
            await page.goto(f"{desk.url}/desk/stock/{car}")
            if await ready(page).count() == 2:
                break
        before = await order(page)
        await page.locator(LIST).nth(1).get_by_role("button", name=re.compile("Move earlier")).click()
        assert await order(page) == before[::-1]
        await page.locator(LIST).first.get_by_role("button", name=re.compile("Remove")).click()
        assert await order(page) == before[:1]
        await page.locator(".photos-removed summary").click()
        await page.get_by_role("button", name="Bring back").click()
        assert await order(page) == before[::-1]


async def test_a_reader_sees_the_photos_and_no_way_to_change_them(chrome: Browser, desk: Web, files: list[str]) -> None:
    async with new_car(desk) as car:
        page = await opened(chrome, desk, car)
        await pick(page, files[0])
        await expect(ready(page)).to_have_count(1)
        reader = await opened(chrome, desk, car, "readonly@ravi.demo")
        await expect(ready(reader)).to_have_count(1)
        await expect(reader.locator("#photos-card").get_by_role("button")).to_have_count(0)
        await expect(reader.locator("#photo-files")).to_have_count(0)


async def test_the_gallery_shows_one_photo_after_the_other(chrome: Browser, desk: Web, files: list[str]) -> None:
    async with new_car(desk) as car, desk.signed_in("owner@ravi.demo") as owner:
        page = await opened(chrome, desk, car)
        await pick(page, *files[:3])
        await expect(ready(page)).to_have_count(3)
        (await owner.post(f"/listings/{car}/publish")).raise_for_status()
        url = (await owner.get(f"/listings/{car}")).json()["url"]
        visitor = await (await chrome.new_context(viewport=DESKTOP, reduced_motion="reduce")).new_page()
        await visitor.goto(desk.url + url)
        shown = visitor.locator(".shots-strip li img")
        await expect(shown).to_have_count(3)
        assert await shown.first.evaluate("image => image.complete && image.naturalWidth > 0")
        await visitor.get_by_role("button", name="Next photo").click()
        await expect(visitor.locator(".shots-thumbs a").nth(1)).to_have_attribute("aria-current", "true")
        await visitor.locator(".shots-thumbs a").nth(2).click()
        await expect(visitor.locator(".shots-thumbs a").nth(2)).to_have_attribute("aria-current", "true")
        await expect(visitor.get_by_role("button", name="Next photo")).to_be_hidden()
        await expect(shown.nth(2)).to_have_js_property("complete", True)
        await visitor.wait_for_function(
            "image => image.currentSrc.endsWith('.avif')", arg=await shown.nth(2).element_handle()
        )
        assert await visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("lang", "size", "theme"), [proof("en", DESKTOP, "light"), ("ur", PHONE, "dark")])
async def test_photos_in_every_state_have_nothing_for_axe_to_find(
    chrome: Browser, desk: Web, files: list[str], lang: str, size: Any, theme: str
) -> None:
    async with new_car(desk) as car, desk.signed_in("owner@ravi.demo") as owner:
        (await owner.patch("/me", json={"lang": lang})).raise_for_status()
        page = await opened(chrome, desk, car, viewport=size, bypass_csp=True, color_scheme=theme, before=axe.bring)
        await pick(page, *files[:3])
        await pick(page, {"name": "cut.jpg", "mimeType": "image/jpeg", "buffer": good()[:9000]})
        await pick(page, {"name": "front.png", "mimeType": "image/png", "buffer": SVG})
        await expect(ready(page)).to_have_count(3)
        await expect(page.locator(f"{LIST}[data-state=failed]")).to_have_count(1)
        await page.locator(LIST).nth(2).locator(".remove").click()
        await expect(page.locator(".photos-removed")).to_be_visible()
        await page.locator(".photos-removed summary").click()
        await page.locator(".photo-url summary").click()
        found = await axe.faults(page)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        (await owner.post(f"/listings/{car}/publish")).raise_for_status()
        url = (await owner.get(f"/listings/{car}")).json()["url"]
        await page.goto(desk.url + ("/ur" if lang == "ur" else "") + url)
        await expect(page.locator(".shots-strip li")).to_have_count(2)
        found += await axe.faults(page)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        (await owner.patch("/me", json={"lang": "en"})).raise_for_status()

    assert found == []
