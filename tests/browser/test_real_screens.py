"""Every screen of a real desk: nothing for axe to find, nothing sideways, all of it by keyboard."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import expect as expects

from tests.support.axe import faults
from tests.support.web import PASSWORD, Web

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLOW_MACHINE_MS = 20_000
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LOOKS: dict[str, tuple[dict[str, int], Any]] = {"en": (WIDE, "light"), "ur": (PHONE, "dark")}
OWNER, BUYER, ADMIN, NOBODY = "owner@ravi.demo", "buyer@people.demo", "admin@platform.demo", ""
LINK = re.compile(r'href="[^"]*?(/(?:invitations|reset-password)/[\w-]+)"')

_SETTLED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

SCREENS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (NOBODY, ("/", "/sign-in", "/forgot-password", "/register", "{reset}", "{invitation}", "/nothing-here")),
    (OWNER, ("/desk", "/desk/stock", "/desk/members", "{member}", "/desk/branches", "{branch}", "/me")),
    (OWNER, ("/desk/inbox", "{lead}", "{lead}/merger", "{lead}/details", "/desk/inbox/new", "/desk/inbox/views/new")),
    (OWNER, ("/desk/replies", "/desk/replies/new")),
    (OWNER, ("/desk/activity", "/me/password", "/dev/mail", "{mail}", "/admin")),
    (BUYER, ("/garage", "/me")),
    (ADMIN, ("/admin",)),
)  # fmt: skip


@pytest.fixture(scope="module")
def sessions(browser: Browser, desk: Web) -> dict[str, list[Any]]:
    """The cookies of everybody who looks at screens."""
    return {NOBODY: [], **{email: _signed_in(browser, desk, email) for email in (OWNER, BUYER, ADMIN)}}


@pytest.fixture(scope="module")
def places(browser: Browser, desk: Web, sessions: dict[str, list[Any]]) -> dict[str, str]:
    """The addresses that only a running desk knows: an invitation and a link for a new password lie in its mail."""
    context = _context(browser, desk, sessions[OWNER])
    page = context.new_page()
    page.goto(desk.url + "/desk/members")
    member = page.locator("#members .btn").nth(2).get_attribute("href") or ""
    page.get_by_role("button", name="Invite a colleague").click()
    page.keyboard.type("ali.raza@ravi.demo")
    page.keyboard.press("Enter")
    expects(page.locator("#invite-form [role=status]")).to_be_visible()
    page.goto(desk.url + "/desk/branches")
    branch = page.locator("#branches .btn").first.get_attribute("href") or ""
    page.goto(desk.url + "/desk/inbox")
    lead = page.locator("#leads .lead-link").first.get_attribute("href") or ""
    page.goto(desk.url + "/forgot-password")
    page.keyboard.type("finance@ravi.demo")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status].alert")
    links = _mailed(page, desk, 2)
    context.close()
    return {"member": member, "branch": branch, "lead": lead, "mail": "/dev/mail/1", **links}


def _mailed(page: Page, desk: Web, many: int) -> dict[str, str]:
    """The links in the mails of the catcher, once `many` have come."""
    links: dict[str, str] = {}
    for _ in range(SLOW_MACHINE_MS // 250):
        page.goto(desk.url + "/dev/mail")
        if page.locator(".mails > li").count() >= many:
            break
        page.wait_for_timeout(250)
    for number in range(1, many + 1):
        page.goto(f"{desk.url}/dev/mail/{number}")
        for link in LINK.findall(page.content()):
            links["reset" if link.startswith("/reset") else "invitation"] = link
    return links


@pytest.mark.parametrize("lang", ["en", "ur"])
def test_no_screen_has_anything_for_axe_to_find_or_scrolls_sideways(
    browser: Browser, desk: Web, sessions: dict[str, list[Any]], places: dict[str, str], lang: str
) -> None:
    found: list[tuple[Any, ...]] = []
    for who, paths in SCREENS:
        context = _context(browser, desk, sessions[who], lang, bypass_csp=True)
        page = context.new_page()
        for path in paths:
            address = path.format(**places)
            page.set_viewport_size(WIDE)
            page.goto(desk.url + ("/ur" if (address, lang) == ("/", "ur") else address))
            page.evaluate("document.fonts.ready")
            page.add_style_tag(content="* { transition-property: none !important }")
            found += [(path, *fault) for fault in _looked_over(page, lang)]
        context.close()

    assert not found, json.dumps(found, indent=1, ensure_ascii=False)


def _looked_over(page: Page, lang: str) -> Iterator[tuple[Any, ...]]:
    """One look for axe, another in each language: it takes half a second, and both widths and themes are seen."""
    size, theme = LOOKS[lang]
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    for width in (WIDE, PHONE):
        page.set_viewport_size(width)  # type: ignore[arg-type]
        page.evaluate(_SETTLED)
        if width == size:
            yield from ((size["width"], theme, *fault) for fault in faults(page))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            yield width["width"], theme, "sideways"


def test_the_members_screen_by_keyboard_alone(browser: Browser, desk: Web, sessions: dict[str, list[Any]]) -> None:
    context = _context(browser, desk, sessions[OWNER])
    page = context.new_page()
    page.goto(desk.url + "/desk/members")
    page.keyboard.press("Tab")
    assert _focused(page, ".skip")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert _focused(page, "main [commandfor=invite]"), "the skip link leads past the bar"
    page.keyboard.press("Enter")
    assert _focused(page, "#invite-email"), "a dialog begins at its first field"
    for _ in range(12):
        page.keyboard.press("Tab")
        assert _focused(page, "#invite *, body"), "the page behind a dialog is out of reach"
        assert _focused(page, "body") or _ringed(page)
    page.keyboard.press("Escape")

    assert _focused(page, "main [commandfor=invite]"), "and hands the focus back"
    context.close()


def test_every_stop_of_the_tab_key_shows_where_it_is(
    browser: Browser, desk: Web, sessions: dict[str, list[Any]], places: dict[str, str]
) -> None:
    context = _context(browser, desk, sessions[OWNER])
    page = context.new_page()
    for path in ("/desk", places["member"], "/me"):
        page.goto(desk.url + path)
        page.keyboard.press("Tab")
        stops = 0
        while not _focused(page, "body"):
            assert _ringed(page), page.evaluate("document.activeElement.outerHTML")
            page.keyboard.press("Tab")
            stops += 1
        assert stops > 8
    context.close()


def test_a_refused_form_is_read_from_its_first_fault(browser: Browser, desk: Web) -> None:
    context = _context(browser, desk, [])
    page = context.new_page()
    page.goto(desk.url + "/sign-in")
    page.keyboard.type(OWNER)
    page.fill("[name=password]", "not-the-password")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert _focused(page, "[name=password]")

    assert page.input_value("[name=email]") == OWNER
    page.goto(desk.url + "/register")
    page.fill("[name=name]", "Ali")
    page.fill("[name=email]", "ali@people.demo")
    page.fill("[name=phone]", "12")
    page.fill("[name=password]", "long-enough-1")
    page.keyboard.press("Enter")
    page.wait_for_selector("#phone-error")
    assert _focused(page, "[name=phone]")
    context.close()


def test_a_new_password_is_set_from_the_mail(browser: Browser, desk: Web, places: dict[str, str]) -> None:
    context = _context(browser, desk, [])
    page = context.new_page()
    page.goto(desk.url + places["reset"])
    page.fill("[name=password]", "short")
    page.keyboard.press("Enter")
    page.wait_for_selector("#password-error")
    page.fill("[name=password]", "a-good-long-password")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in")

    told = httpx.post(
        desk.url + "/api/v1/auth/login", json={"email": "finance@ravi.demo", "password": "a-good-long-password"}
    )
    assert told.status_code == 200
    context.close()


def test_nobody_is_offered_a_place_they_may_not_open(browser: Browser, desk: Web) -> None:
    for email in ("readonly@ravi.demo", "moderator@platform.demo", BUYER):
        context = _context(browser, desk, _signed_in(browser, desk, email))
        page = context.new_page()
        page.goto(desk.url + "/start")
        offered = page.eval_on_selector_all(".bar a[href], .tabbar a[href]", "links => links.map(link => link.href)")

        assert [page.request.get(link).status for link in offered] == [200] * len(offered)
        context.close()


def _signed_in(browser: Browser, desk: Web, email: str) -> list[Any]:
    context = _context(browser, desk, [])
    page = context.new_page()
    page.goto(desk.url + "/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile("/(desk|garage|admin)$"))
    cookies = context.cookies()
    context.close()
    return cookies


def _context(browser: Browser, desk: Web, cookies: list[Any], lang: str = "en", **more: Any) -> BrowserContext:
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce", **more)  # type: ignore[arg-type]
    context.set_default_timeout(SLOW_MACHINE_MS)
    context.add_cookies([*cookies, {"name": "lang", "value": lang, "url": desk.url}])
    return context


def _focused(page: Page, selector: str) -> bool:
    return bool(page.evaluate("selector => document.activeElement.matches(selector)", selector))


def _ringed(page: Page) -> bool:
    """Whether the focused element, or the frame drawn around it, has an outline."""
    return bool(
        page.evaluate(
            "[document.activeElement, document.activeElement.parentElement]"
            ".some(box => getComputedStyle(box).outlineStyle !== 'none')"
        )
    )
