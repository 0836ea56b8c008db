"""How somebody reads: language and digits are theirs wherever they sign in, and pushes read as pages do."""

import re

import pytest

from tests.journeys.conftest import Visitor

URDU_DIGIT = re.compile("[۰-۹]")


def invitation(text: str) -> str:
    found = re.search(r'<li id="invitation-.*?</li>', text, re.DOTALL)
    assert found, text
    return found[0]


def without_age(row: str) -> str:
    """Of the words that change each minute only the digits' script."""
    return re.sub(r"[0-9]+", "0", re.sub(r"[۰-۹]+", "۰", row))


async def pushed_and_shown(visitor: Visitor) -> tuple[str, str]:
    """The row of a new invitation, as its page had it pushed and as the page shows it when loaded again."""
    at = re.search(r'data-topic="members:org" data-at="([^"]+)"', (await visitor.open("/desk/members")).text)
    assert at
    sent = await visitor.send("/desk/invitations", email="new@ravi.demo", role="sales", branch_id="")
    assert sent.status_code == 200, sent.text
    frames = (await visitor.http.get(f"/live/since?topics=members:org@{at[1]}")).json()
    pushed = "".join(str(frame.get("content", "")) for frame in frames)
    return invitation(pushed), invitation((await visitor.open("/desk/members")).text)


@pytest.mark.parametrize(
    ("lang", "digits", "urdu_digits"), [("ur", "urdu", True), ("ur", "latin", False), ("en", "urdu", False)]
)
async def test_a_pushed_row_has_the_digits_of_the_page(
    visitor: Visitor, lang: str, digits: str, urdu_digits: bool
) -> None:
    await visitor.sign_in("owner@ravi.demo")
    await visitor.open("/me")
    saved = await visitor.send("/me", name="Owner", phone="", lang=lang, digits=digits)
    pushed, shown = await pushed_and_shown(visitor)

    assert saved.status_code == 303
    assert without_age(pushed) == without_age(shown)
    assert bool(URDU_DIGIT.search(pushed)) == urdu_digits
    assert ("data-digits" in visitor.page) == urdu_digits


async def test_a_choice_kept_in_cookies_only_reaches_the_pushes_too(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    visitor.http.cookies.update({"lang": "ur", "digits": "urdu"})
    pushed, shown = await pushed_and_shown(visitor)

    assert without_age(pushed) == without_age(shown)
    assert URDU_DIGIT.search(pushed)


async def test_the_profile_decides_on_every_device(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    await visitor.open("/me")
    await visitor.send("/me", name="Owner", phone="", lang="ur", digits="urdu")
    await another.sign_in("owner@ravi.demo")
    another.http.cookies.update({"lang": "en", "digits": "latin"})
    page = (await another.open("/me")).text

    assert '<html lang="ur" dir="rtl" data-digits="urdu">' in page
    assert '<option value="urdu" selected>' in page


async def test_tabs_of_another_reading_do_not_share_one_socket(visitor: Visitor) -> None:
    scopes = set()
    await visitor.sign_in("owner@ravi.demo")
    for lang, digits in (("en", "latin"), ("ur", "latin"), ("ur", "urdu")):
        await visitor.open("/me")
        await visitor.send("/me", name="Owner", phone="", lang=lang, digits=digits)
        scopes |= set(re.findall(r'<desk-socket[^>]* scope="([^"]+)"', (await visitor.open("/desk")).text))

    assert len(scopes) == 3
