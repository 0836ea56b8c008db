"""The inbox's list under a salesperson's hands: found by typing, worked in bulk, added to; nothing sent by a slip."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.test_live_inbox import inbox
from tests.support.web import Web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def test_what_is_typed_into_the_search_is_found_and_escape_brings_all_back(chrome: Browser, desk: Web) -> None:
    async with inbox(chrome, desk, "manager@ravi.demo") as page:
        rows = page.locator("#leads > li")
        many = await rows.count()
        name = await rows.nth(2).locator(".name").inner_text()
        await page.keyboard.press("/")
        await page.keyboard.type(name)
        await expect(page.locator("#inbox .narrowed")).to_contain_text(name)
        await expect(rows.locator(".name").first).to_have_text(name)
        assert 0 < await rows.count() < many
        await page.keyboard.press("Escape")
        await expect(page.locator("#inbox .narrowed")).to_have_count(0)
        await expect(rows).to_have_count(many)
        assert await page.input_value("#q") == ""


async def test_a_walk_in_on_a_page_of_its_own_leads_to_the_lead(chrome: Browser, desk: Web) -> None:
    async with inbox(chrome, desk, "sales1@ravi.demo") as page:
        await page.goto(desk.url + "/desk/inbox/new")
        await page.fill("[name=name]", "Walk In")
        await page.fill("[name=phone]", "12")
        await page.press("[name=phone]", "Enter")
        await expect(page.locator("#new-phone-error")).to_be_visible()
        await page.fill("[name=phone]", "0300 7654321")
        await page.press("[name=phone]", "Enter")
        await page.wait_for_url("**/desk/inbox/*-*")
        await expect(page.locator("#lead .lead-head")).to_contain_text("Walk In")


async def test_the_name_of_a_canned_reply_there_is_not_is_no_answer(chrome: Browser, desk: Web) -> None:
    async with inbox(chrome, desk, "sales1@ravi.demo") as page:
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/replies") else None)
        await page.locator("#leads .lead-link").first.click()
        await page.locator("#reply-form textarea").fill("/nothing")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#reply-form textarea")).to_be_focused()
        assert await page.evaluate("getSelection().toString()") == "/nothing"
        assert sent == []
        await page.locator("#reply-form textarea").fill("")


async def test_a_menu_for_many_opens_where_its_button_is_also_by_key(chrome: Browser, desk: Web) -> None:
    async with inbox(chrome, desk, "manager@ravi.demo") as page:
        await page.keyboard.press("j")
        await page.keyboard.press("x")
        await page.keyboard.press("h")
        menu, button = page.locator("#many-snooze"), page.locator("[popovertarget=many-snooze]")
        await expect(menu).to_be_visible()
        await expect(menu.locator(".menu-item").first).to_be_focused()
        there, here = await menu.bounding_box(), await button.bounding_box()
        assert there
        assert here
        assert abs(there["y"] + there["height"] - here["y"]) < 40


async def test_what_is_closed_offers_its_way_back_and_nothing_to_close(chrome: Browser, desk: Web) -> None:
    async with inbox(chrome, desk, "manager@ravi.demo") as page:
        await page.locator("#leads .lead-link").first.click()
        head = page.locator("#lead .lead-head")
        for choice, status, back, after in (
            ("Spam", "spam", "Not spam", "new"), ("No answer", "lost", "Reopen", "contacted"),
            ("Won: the car is sold", "won", "Not sold after all", "negotiating"),
        ):  # fmt: skip
            await page.keyboard.press("e")
            await page.get_by_role("button", name=choice, exact=True).click()
            await expect(head).to_have_attribute("data-status", status)
            await expect(page.locator("#lead .act-close")).to_be_hidden()
            await page.get_by_role("button", name=back, exact=True).click()
            await expect(head).to_have_attribute("data-status", after)
            await expect(page.locator("#lead .act-reopen")).to_be_hidden()
            await expect(page.locator("#lead .act-close")).to_be_visible()


async def test_many_are_lost_for_a_reason_in_own_words_by_the_enter_key(chrome: Browser, desk: Web) -> None:
    async with inbox(chrome, desk, "manager@ravi.demo") as page:
        rows = page.locator("#leads > li")
        names = [await rows.nth(at).get_attribute("id") for at in range(2)]
        for at in range(2):
            await rows.nth(at).locator("[name=ids]").check()
        await page.keyboard.press("e")
        menu, reason = page.locator("#many-status"), page.locator("#many-status [name=reason]")
        await reason.fill("Moved to Dubai")
        await reason.press("Enter")
        await expect(page.locator("#toasts")).to_contain_text("Changed: 2.")
        await expect(menu).to_be_hidden()
        await expect(page.locator("#many")).to_be_hidden()
        assert await reason.input_value() == ""
        await page.goto(f"{desk.url}/desk/inbox/{(names[0] or '').removeprefix('lead-')}")
        await expect(page.locator("#lead .lead-head .strip")).to_contain_text("Moved to Dubai")
