"""Every screen of a real desk: nothing for axe to find, nothing sideways, all of it by keyboard."""

import json
import re
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.leads import adf_samples
from tests.support import axe
from tests.support.browser import Browsers
from tests.support.proofs import in_two_sizes
from tests.support.web import Web

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

SLOW_MACHINE_MS = 20_000
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LOOKS: dict[str, tuple[dict[str, int], Any]] = {"en": (WIDE, "light"), "ur": (PHONE, "dark")}
OWNER, BUYER, ADMIN, NOBODY = "owner@ravi.demo", "buyer@people.demo", "admin@platform.demo", ""
MAIL = re.compile(r'href="/dev/mail/(\d+)"')
LINK = re.compile(r'href="[^"]*?(/(?:invitations|reset-password)/[\w-]+)"')

_SIDEWAYS = """document.fonts.ready
  .then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
  .then(() => document.documentElement.scrollWidth > innerWidth)"""

SCREENS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        NOBODY,
        (
            *("/", "/cars", "{car}", "/nothing-here"),
            *("/sign-in", "/forgot-password", "/register", "{reset}", "{invitation}"),
        ),
    ),
    (
        OWNER,
        (
            *("/desk", "/desk/stock", "/desk/stock/new", "{stock}"),
            *("/desk/members", "{member}", "/desk/branches", "{branch}", "/me"),
            *("/desk/inbox", "{lead}", "{lead}/merger", "{lead}/details", "/desk/inbox/new", "/desk/inbox/views/new"),
            *("/desk/replies", "/desk/replies/new", "/desk/leads-in", "/desk/turns", "{sent}"),
            *("/desk/notices", "/desk/notices/choices"),
            *("/desk/imports", "/desk/imports/sources/new", "/desk/webhooks"),
            *("/desk/hours", "/desk/hours?branch=lahore", "/desk/hours/week", "/desk/hours/days/new?kind=timetable"),
            *("/desk/sla?source=web&branch=lahore&priority=high&price=1+crore", "/desk/sla/new", "{holiday}"),
            *("/desk/activity", "/me/password", "/dev/mail", "{mail}", "/admin"),
        ),
    ),
    (BUYER, ("/garage", "/me")),
    (ADMIN, ("/admin",)),
)  # fmt: skip


@pytest.fixture(scope="module")
def started(started: Web) -> Web:
    """With a worker: mails must leave."""
    started.start()
    started.start_worker()
    return started


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sessions(started: Web) -> dict[str, list[Any]]:
    """The cookies of everybody who looks at screens."""
    return {NOBODY: [], **{email: await started.session_of(email) for email in (OWNER, BUYER, ADMIN)}}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def places(browsers: Browsers, started: Web, sessions: dict[str, list[Any]]) -> dict[str, str]:
    """The addresses that only a running desk knows: an invitation and a link for a new password lie in its mail."""
    context = await _context(await browsers.one(), started, sessions[OWNER])
    page = await context.new_page()
    await page.goto(started.url + "/desk/members")
    member = await page.locator("#members .btn").nth(2).get_attribute("href") or ""
    await page.get_by_role("button", name="Invite a colleague").click()
    await page.keyboard.type("ali.raza@ravi.demo")
    await page.keyboard.press("Enter")
    await expect(page.locator("#invite-form [role=status]")).to_be_visible()
    await page.goto(started.url + "/desk/branches")
    branch = await page.locator("#branches .btn").first.get_attribute("href") or ""
    await page.goto(started.url + "/desk/inbox")
    lead = await page.locator("#leads .lead-link").first.get_attribute("href") or ""
    await page.goto(started.url + "/desk/hours")
    holiday = await page.locator("a[href*='/desk/hours/suggestions/']").first.get_attribute("href") or ""
    await page.goto(started.url + "/desk/stock")
    stock = await page.locator("#stock a[href*='/desk/stock/']").first.get_attribute("href") or ""
    await page.goto(started.url + "/cars")
    car = await page.locator("a[href*='/l/']").first.get_attribute("href") or ""
    await page.goto(started.url + "/forgot-password")
    await expect(page.locator("[name=email]")).to_be_focused()
    await page.keyboard.type("finance@ravi.demo")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("[role=status].alert")
    links = await _mailed(page, started)
    await page.goto(started.url + "/desk/leads-in")
    await page.get_by_role("button", name="Make an address").first.click()
    sent = await _sent_by_xml(started, await page.locator("#main code").last.inner_text())
    await context.close()
    return {
        "member": member,
        "branch": branch,
        "lead": lead,
        "sent": sent,
        "holiday": holiday,
        "stock": stock,
        "car": car,
        "mail": "/dev/mail/1",
        **links,
    }


async def _sent_by_xml(desk: Web, link: str) -> str:
    """Where the lead of a provider is, after one that was unreadable."""
    async with desk.http() as client:
        for document in ("Is it there?", adf_samples.ALSO_SEEN, adf_samples.SPLIT_NAMES):
            answer = await client.post(link, content=document.encode(), headers={"content-type": "text/xml"})
    return f"/desk/inbox/{answer.json()['leads'][0]['id']}"


async def _mailed(page: Page, desk: Web) -> dict[str, str]:
    """The links of a new password and of an invitation, once both are in the catcher among whatever else came."""
    links: dict[str, str] = {}
    for _ in range(SLOW_MACHINE_MS // 250):
        listed = await (await page.request.get(desk.url + "/dev/mail")).text()
        for number in set(MAIL.findall(listed)):
            for link in LINK.findall(await (await page.request.get(f"{desk.url}/dev/mail/{number}")).text()):
                links["reset" if link.startswith("/reset") else "invitation"] = link
        if len(links) == 2:
            return links
        await page.wait_for_timeout(250)
    raise AssertionError("the mails did not come")


@in_two_sizes("every", sample=4, whole=1)
@pytest.mark.parametrize("lang", ["en", "ur"])
async def test_no_screen_has_anything_for_axe_to_find_or_scrolls_sideways(
    chrome: Browser, desk: Web, sessions: dict[str, list[Any]], places: dict[str, str], lang: str, every: int
) -> None:
    """The sample: every fourth screen in English, and the one after it in Urdu."""
    found: list[tuple[Any, ...]] = []
    for who, paths in SCREENS:
        context = await _context(chrome, desk, sessions[who], lang, bypass_csp=True)
        await axe.bring(context)
        page = await context.new_page()
        await page.emulate_media(color_scheme=LOOKS[lang][1], reduced_motion="reduce")
        for path in paths[list(LOOKS).index(lang) % every :: every]:
            address = path.format(**places)
            await page.goto(desk.url + (_in_urdu(address) if lang == "ur" else address))
            found += [(path, *fault) for fault in await _looked_over(page, lang)]
        await context.close()

    assert not found, json.dumps(found, indent=1, ensure_ascii=False)


def _in_urdu(address: str) -> str:
    """Pages of the market say their language in their path."""
    return "/ur" + address.rstrip("/") if address == "/" or address.startswith(("/cars", "/l/")) else address


async def _looked_over(page: Page, lang: str) -> list[tuple[Any, ...]]:
    """One look for axe, another in each language: it takes half a second, and both widths and themes are seen."""
    found: list[tuple[Any, ...]] = []
    size, theme = LOOKS[lang]
    other = PHONE if size == WIDE else WIDE
    for width in (other, size):  # as it is left, the next page is opened
        await page.set_viewport_size(width)  # type: ignore[arg-type]
        if await page.evaluate(_SIDEWAYS):
            found.append((width["width"], theme, "sideways"))
    return found + [(size["width"], theme, *fault) for fault in await axe.faults(page)]


async def test_the_members_screen_by_keyboard_alone(chrome: Browser, desk: Web, sessions: dict[str, list[Any]]) -> None:
    context = await _context(chrome, desk, sessions[OWNER])
    page = await context.new_page()
    await page.goto(desk.url + "/desk/members")
    await page.keyboard.press("Tab")
    assert await _focused(page, ".skip")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    assert await _focused(page, "main [commandfor=invite]"), "the skip link leads past the bar"
    await page.keyboard.press("Enter")
    assert await _focused(page, "#invite-email"), "a dialog begins at its first field"
    for _ in range(12):
        await page.keyboard.press("Tab")
        assert await _focused(page, "#invite *, body"), "the page behind a dialog is out of reach"
        assert await _focused(page, "body") or await _ringed(page)
    await page.keyboard.press("Escape")

    assert await _focused(page, "main [commandfor=invite]"), "and hands the focus back"
    await context.close()


async def test_every_stop_of_the_tab_key_shows_where_it_is(
    chrome: Browser, desk: Web, sessions: dict[str, list[Any]], places: dict[str, str]
) -> None:
    context = await _context(chrome, desk, sessions[OWNER])
    page = await context.new_page()
    for path in ("/desk", places["member"], "/me"):
        await page.goto(desk.url + path)
        await page.keyboard.press("Tab")
        stops = 0
        while not await _focused(page, "body"):
            assert await _ringed(page), await page.evaluate("document.activeElement.outerHTML")
            await page.keyboard.press("Tab")
            stops += 1
        assert stops > 8
    await context.close()


async def test_a_refused_form_is_read_from_its_first_fault(chrome: Browser, desk: Web) -> None:
    context = await _context(chrome, desk, [])
    page = await context.new_page()
    await page.goto(desk.url + "/sign-in")
    await expect(page.locator("[name=email]")).to_be_focused()
    await page.keyboard.type(OWNER)
    await page.fill("[name=password]", "not-the-password")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("[role=alert]")
    assert await _focused(page, "[name=password]")

    assert await page.input_value("[name=email]") == OWNER
    await page.goto(desk.url + "/register")
    await page.fill("[name=name]", "Ali")
    await page.fill("[name=email]", "ali@people.demo")
    await page.fill("[name=phone]", "12")
    await page.fill("[name=password]", "long-enough-1")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#phone-error")
    assert await _focused(page, "[name=phone]")
    await context.close()


async def test_a_new_password_is_set_from_the_mail(chrome: Browser, desk: Web, places: dict[str, str]) -> None:
    context = await _context(chrome, desk, [])
    page = await context.new_page()
    await page.goto(desk.url + places["reset"])
    await page.fill("[name=password]", "short")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#password-error")
    await page.fill("[name=password]", "a-good-long-password")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/sign-in")

    async with desk.http("/api/v1") as client:
        told = await client.post("/auth/login", json={"email": "finance@ravi.demo", "password": "a-good-long-password"})
    assert told.status_code == 200
    await context.close()


async def test_nobody_is_offered_a_place_they_may_not_open(chrome: Browser, desk: Web) -> None:
    for email in ("readonly@ravi.demo", "moderator@platform.demo", BUYER):
        context = await _context(chrome, desk, await desk.session_of(email))
        page = await context.new_page()
        await page.goto(desk.url + "/start")
        offered = await page.eval_on_selector_all(
            ".bar a[href], .tabbar a[href]", "links => links.map(link => link.href)"
        )

        assert [(await page.request.get(link)).status for link in offered] == [200] * len(offered)
        await context.close()


async def _context(chrome: Browser, desk: Web, cookies: list[Any], lang: str = "en", **more: Any) -> BrowserContext:
    context = await chrome.new_context(viewport=WIDE, reduced_motion="reduce", **more)  # type: ignore[arg-type]
    context.set_default_timeout(SLOW_MACHINE_MS)
    await context.add_cookies([*cookies, {"name": "lang", "value": lang, "url": desk.url}])
    return context


async def _focused(page: Page, selector: str) -> bool:
    return bool(await page.evaluate("selector => document.activeElement.matches(selector)", selector))


async def _ringed(page: Page) -> bool:
    """Whether the focused element, or the frame drawn around it, has an outline."""
    return bool(
        await page.evaluate(
            "[document.activeElement, document.activeElement.parentElement]"
            ".some(box => getComputedStyle(box).outlineStyle !== 'none')"
        )
    )
