"""The real inbox with colleagues in it: who has a lead open, who writes, who is asked, and when they are gone."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.web import PASSWORD, Web

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SOON_MS = 2_000
SLOW_MACHINE_MS = 30_000


@pytest.fixture
def inbox(browser: Browser, desk: Web) -> Iterator[object]:
    """Opens the inbox, or one lead, as somebody with a browser of their own."""
    made = []

    def opens(email: str, path: str = "/desk/inbox") -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(SLOW_MACHINE_MS)
        made.append(context)
        page = context.new_page()
        page.goto(desk.url + "/sign-in")
        page.fill("[name=email]", email)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/desk**")
        page.goto(desk.url + path)
        page.wait_for_selector("desk-socket[data-state=live]", state="attached")
        return page

    yield opens
    for context in made:
        context.close()


def first_lead(page: Page) -> str:
    """One that nobody has answered, so that a reply may be sent."""
    return str(page.locator("#leads > li").first.get_attribute("id")).removeprefix("lead-")


def test_colleagues_see_each_other_and_nobody_else_does(inbox) -> None:
    sales = inbox("sales1@ravi.demo")
    lead = first_lead(sales)
    elsewhere = inbox("sales1@indus.demo")
    onlooker = inbox("readonly@ravi.demo", f"/desk/inbox/{lead}")
    row = sales.locator(f"#lead-{lead} .onlookers")
    expect(row).to_have_attribute("title", re.compile("has this open"), timeout=SOON_MS)
    sales.click(f"#lead-{lead} .lead-link")
    expect(onlooker.locator("#lead .lead-head .onlookers")).to_have_attribute(
        "title", re.compile("Bilal Aslam"), timeout=SOON_MS
    )
    closed = time.monotonic()
    onlooker.context.close()
    expect(row).to_have_count(0, timeout=SLOW_MACHINE_MS)
    print(f"gone {time.monotonic() - closed:.1f} s after the tab closed")  # noqa: T201

    expect(elsewhere.locator(".onlookers")).to_have_count(0)


def test_a_colleague_who_writes_is_shown_and_sending_asks_once(inbox) -> None:
    mine = inbox("sales1@ravi.demo")
    lead = first_lead(mine)
    mine.goto(mine.url.split("/desk")[0] + f"/desk/inbox/{lead}")
    theirs = inbox("sales2@ravi.demo", f"/desk/inbox/{lead}")
    mine.wait_for_selector("desk-socket[data-state=live]", state="attached")
    sent: list[str] = []
    mine.on("request", lambda request: sent.append(request.url) if request.url.endswith("/replies") else None)
    theirs.locator("#reply-form textarea").press_sequentially("Jee haan, gari")
    strip = mine.locator(f"#typing-{lead}")
    expect(strip).to_have_text("Sana Tariq is writing…", timeout=SOON_MS)
    mine.fill("#reply-form textarea", "Salam, it is here.")
    mine.press("#reply-form textarea", "Control+Enter")
    expect(strip).to_contain_text("Sana Tariq is writing to this buyer.")
    assert sent == []
    mine.keyboard.press("Enter")  # the question has the focus
    expect(mine.locator(f"#timeline-{lead}")).to_contain_text("Salam, it is here.")
    expect(mine.locator("#reply-form textarea")).to_have_value("")
    expect(theirs.locator(f"#timeline-{lead}")).to_contain_text("Salam, it is here.")
    expect(theirs.locator("#reply-form textarea")).to_have_value("Jee haan, gari")

    assert len(sent) == 1
    expect(strip).to_be_empty(timeout=12_000)  # silent for a while is not writing


def test_sound_and_quiet_hours_are_kept_over_signing_out(inbox) -> None:
    page = inbox("sales2@ravi.demo", "/me")
    page.uncheck("#alert-settings [name=sound]")
    page.fill("#alert-settings [name=from]", "22:00")
    page.fill("#alert-settings [name=to]", "08:00")
    page.press("#alert-settings [name=to]", "Tab")
    page.evaluate("document.querySelector('form[action=\"/sign-out\"]').submit()")
    page.wait_for_url("**/sign-in**")
    page.fill("[name=email]", "sales2@ravi.demo")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/desk**")
    page.goto(page.url.split("/desk")[0] + "/me")

    expect(page.locator("#alert-settings [name=sound]")).not_to_be_checked()
    expect(page.locator("#alert-settings [name=from]")).to_have_value("22:00")
    expect(page.locator("#alert-settings [name=to]")).to_have_value("08:00")
