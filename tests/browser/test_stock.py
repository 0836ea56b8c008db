"""The list of stock in a browser: cells edited under the changes of colleagues, cars picked, filters on the way."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.support.web import Web

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def stock(context: BrowserContext, desk: Web, email: str, path: str = "/desk/stock") -> Page:
    await context.add_cookies(await desk.session_of(email))
    page = await context.new_page()
    await page.goto(desk.url + path)
    await page.wait_for_selector("desk-socket[data-state=live]", state="attached")
    return page


async def car_of(client: Any, number: int = 0) -> dict[str, Any]:
    cars = (await client.get("/listings?scope=org&status=live&limit=100")).json()["items"]
    found: dict[str, Any] = [car for car in cars if car["visibility"] == "public" and car["asking_price"]][number]
    return found


async def test_a_cell_being_edited_outlives_what_colleagues_change(desk: Web, chrome: Browser) -> None:
    context = await chrome.new_context()
    async with desk.signed_in("owner@ravi.demo") as owner:
        car = await car_of(owner)
        page = await stock(context, desk, "manager@ravi.demo")
        row, price = page.locator(f"#stock-{car['id']}"), page.locator(f"#price-{car['id']}")
        await price.get_by_role("button").focus()
        await page.keyboard.press("Enter")
        field = price.get_by_role("textbox")
        await expect(field).to_be_focused()
        await page.keyboard.type("33 lak")
        await owner.patch(f"/listings/{car['id']}", json={"odometer_km": 98_765, "title": "Pushed while typing"})
        await expect(row.get_by_text("Pushed while typing")).to_be_visible()
        await expect(row.locator(".km")).to_contain_text("98,765")

        await expect(field).to_be_focused()
        await expect(field).to_have_value("33 lak")
        await page.keyboard.type("h")
        await page.keyboard.press("Enter")
        await expect(price).to_contain_text("33 lakh")
        await expect(price.get_by_role("button")).to_be_focused()
        assert (await owner.get(f"/listings/{car['id']}")).json()["asking_price"] == 3_300_000
    await context.close()


async def test_escape_leaves_a_cell_as_it_is_by_then(desk: Web, chrome: Browser) -> None:
    context = await chrome.new_context()
    async with desk.signed_in("owner@ravi.demo") as owner:
        car = await car_of(owner, 1)
        page = await stock(context, desk, "manager@ravi.demo")
        price = page.locator(f"#price-{car['id']}")
        await price.get_by_role("button").click()
        await expect(price.get_by_role("textbox")).to_be_focused()
        await page.keyboard.type("1 crore")
        await owner.patch(f"/listings/{car['id']}", json={"asking_price": 4_400_000, "colour": "red"})
        await page.wait_for_selector(f"#stock-{car['id']} .paint-red", state="attached")
        await page.keyboard.press("Escape")

        await expect(price).to_contain_text("44 lakh")
        await expect(price.get_by_role("button")).to_be_focused()
        await price.get_by_role("button").click()
        await expect(price.get_by_role("textbox")).to_be_focused()
        await page.keyboard.type("45 lakh")
        await owner.patch(f"/listings/{car['id']}", json={"asking_price": 4_600_000})
        await page.keyboard.press("Enter")
        await expect(price.get_by_role("alert")).to_contain_text("it says PKR 46 lakh now")
        await expect(price.get_by_role("textbox")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(price).to_contain_text("45 lakh")
    await context.close()


async def test_many_cars_are_picked_looked_at_changed_and_taken_back(desk: Web, chrome: Browser) -> None:
    context = await chrome.new_context(viewport={"width": 390, "height": 844})
    page = await stock(context, desk, "manager@ravi.demo", "/desk/stock?car=suzuki&status=live")
    async with desk.signed_in("sales1@ravi.demo") as onlooker:
        other = await stock(await chrome.new_context(), desk, "owner@ravi.demo")
        boxes = page.locator("#stock .pick")
        await boxes.nth(0).click()
        await boxes.nth(3).click(modifiers=["Shift"])
        await expect(page.locator("[data-picked]")).to_have_text("4")
        ids = [await box.get_attribute("value") for box in await page.locator("#stock .pick :checked").all()]
        before = {one: (await onlooker.get(f"/listings/{one}")).json()["asking_price"] for one in ids}
        await page.get_by_role("button", name="Change…").click()
        await page.get_by_label("Percent").fill("2.5")
        await page.get_by_role("button", name="Show what changes").click()
        await expect(page.get_by_text("4 cars will change.")).to_be_visible()
        await page.get_by_role("button", name="Change 4 cars").click()
        await expect(page.locator(".batch").get_by_text("4 cars changed.")).to_be_visible()
        visible = [one for one in ids if await other.locator(f"#price-{one}").count()]
        for one in visible:
            lower = (await onlooker.get(f"/listings/{one}")).json()["asking_price"]
            assert lower < before[one]
            await expect(other.locator(f"#price-{one} .cell-open bdi")).to_have_attribute("title", f"PKR {lower:,}")
        await page.get_by_role("button", name="Take it back").click()
        await expect(page.locator(".batch").get_by_text("4 cars are as before.")).to_be_visible()

        after = {one: (await onlooker.get(f"/listings/{one}")).json()["asking_price"] for one in ids}
        assert after == before
    await context.close()


async def test_filters_follow_into_the_address_and_rows_of_others_stay_out(desk: Web, chrome: Browser) -> None:
    context = await chrome.new_context()
    async with desk.signed_in("owner@ravi.demo") as owner:
        page = await stock(context, desk, "manager@ravi.demo")
        await page.get_by_role("button", name="Filters").click()
        await page.get_by_label("Make and model").select_option("toyota")
        await expect(page).to_have_url(re.compile(r"/desk/stock\?car=toyota$"))
        await expect(page.get_by_role("link", name="Remove filter: Toyota")).to_be_visible()
        await page.reload()
        rows = page.locator("#stock > li")
        count = await rows.count()
        honda = {"make": "honda", "model": "civic", "year": 2020, "odometer_km": 5, "branch": "lahore"}
        made = (await owner.post("/listings", json=honda)).json()
        await page.wait_for_timeout(1_500)

        assert await page.locator(f"#stock-{made['id']}").count() == 0
        assert await rows.count() == count
        await page.get_by_role("link", name="Remove filter: Toyota").click()
        await expect(page.locator(f"#stock-{made['id']}")).to_be_visible()
    await context.close()


@pytest.mark.parametrize("lang", ["en", "ur"])
async def test_a_state_being_changed_leaves_the_price_in_sight(desk: Web, chrome: Browser, lang: str) -> None:
    context = await chrome.new_context(viewport={"width": 1440, "height": 900})
    async with desk.signed_in("owner@ravi.demo") as owner:
        car = await car_of(owner, 3)
        await context.add_cookies([{"name": "lang", "value": lang, "url": desk.url}])
        page = await stock(context, desk, "manager@ravi.demo")
        cell, price = page.locator(f"#status-{car['id']}"), page.locator(f"#price-{car['id']}")
        await cell.get_by_role("button").click()
        await expect(cell.get_by_role("combobox")).to_be_focused()
        box, beside = await cell.locator("form").bounding_box(), await price.bounding_box()
        assert box
        assert beside
        assert box["x"] + box["width"] <= beside["x"] or beside["x"] + beside["width"] <= box["x"]
    await context.close()
