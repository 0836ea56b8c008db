"""A card for the windscreen: what it says, in which language, and where its code leads."""

import re
from typing import Any

import segno
from httpx import Response
from sqlalchemy import update

from app.core import db
from app.core.base import Scope
from app.core.phone import show_phone
from app.desk import windshield
from app.orgs import queries as orgs
from app.orgs.models import Branch
from tests.journeys.conftest import Visitor
from tests.market.test_stock_screen import add, rows_in


async def number_of(visitor: Visitor, path: str) -> str:
    found = re.search(r"<dd>(\d{6})</dd>", (await visitor.open(path)).text)
    assert found
    return found[1]


def squares(address: str) -> str:
    """The code as it must be drawn."""
    drawn = re.search(r' d="([^"]+)"', segno.make(address, error="m", micro=False).svg_inline(border=0))
    assert drawn
    return drawn[1]


async def live(visitor: Visitor, **more: Any) -> str:
    path = await add(visitor, registered_in="lahore", **more)
    await visitor.open(path)
    assert (await visitor.send(f"{path}/publication", to="live")).status_code == 303
    return path


async def test_a_card_says_the_car_and_its_code_opens_the_public_page(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    path = await live(visitor)
    number = await number_of(visitor, path)
    page = (await visitor.open(f"{path}/card")).text
    base = str(visitor.http.base_url).rstrip("/")
    opened: Response = await another.open(f"/l/{number}?from=card")
    shown = (await another.open(opened.headers["location"])).text
    number_of_branch = show_phone("+924235761234")

    for words in ("Honda Civic", "64.5 lakh", "41,000 km", "Petrol", "Lahore", "NEW-1", f"Ref {number}"):
        assert words in page, words
    assert squares(f"{base}/l/{number}?from=card") in page
    assert opened.headers["location"].endswith("?from=card")
    assert f'<p class="wind-phone"><bdi dir="ltr">{number_of_branch}</bdi></p>' in page
    assert number_of_branch not in shown
    assert f'href="{path}/card"' in (await visitor.open(path)).text


async def test_a_branch_without_a_number_prints_the_org_s_and_a_private_seller_none(
    visitor: Visitor, another: Visitor
) -> None:
    await visitor.sign_in("manager@ravi.demo")
    path = await live(visitor, branch="gujranwala")
    own = (await visitor.open(f"{path}/card")).text
    async with db.unit(Scope(org_id=await orgs.org_id_of("ravi"))) as session:
        await session.execute(update(Branch).where(Branch.slug == "gujranwala").values(phone=None))
    general = (await visitor.open(f"{path}/card")).text
    await another.sign_in("carowner@people.demo")
    private = (await another.open(f"{await add(another, branch='', city='lahore')}/card")).text

    assert show_phone("+92553891234") in own
    assert show_phone("+924235761234") in general
    assert 'class="wind-phone"' not in private


async def test_its_language_is_the_reader_s_or_the_one_asked_for(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    path = await live(visitor)
    number = await number_of(visitor, path)
    urdu = (await visitor.open(f"{path}/card?lang=ur")).text
    base = str(visitor.http.base_url).rstrip("/")

    assert '<html lang="ur" dir="rtl"' in urdu
    assert all(words in urdu for words in ("ہونڈا سوک", "پیٹرول", "لاکھ"))
    assert squares(f"{base}/ur/l/{number}?from=card") in urdu
    assert '<html lang="en"' in (await visitor.open(f"{path}/card")).text
    assert (await visitor.open(f"{path}/card?lang=fr")).status_code in (400, 422)


async def test_what_buyers_cannot_look_up_has_no_code_and_says_why(visitor: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    draft = await add(visitor)
    sold, hidden = (
        await live(visitor, stock_number="NEW-2"),
        await live(visitor, stock_number="NEW-3", visibility="private"),
    )
    await visitor.open(sold)
    await visitor.send(f"{sold}/sale", to="sold")
    pages = [(await visitor.open(f"{path}/card")).text for path in (draft, sold, hidden)]

    assert all('class="wind-code"' not in page and "?from=card" not in page for page in pages)
    assert "No public page yet." in pages[0]
    assert "This car is sold" in pages[1]
    assert "buyers do not see this car" in pages[2]


async def test_the_ticked_cars_are_a_card_each_in_the_order_of_the_list(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    rows = rows_in((await visitor.open("/desk/stock")).text)
    sent = await visitor.send("/desk/stock/cards", ids=rows[:3])
    page = (await visitor.open(sent.headers["location"])).text
    none = await visitor.send("/desk/stock/cards")
    await visitor.open("/desk/stock")
    every = await visitor.send("/desk/stock/cards", every="1", filters="{}")
    many = (await visitor.open(every.headers["location"])).text

    assert sent.status_code == 303
    assert re.findall(r"ids=([0-9a-f-]{36})", sent.headers["location"]) == rows[:3]
    assert page.count('class="wind-page"') == 3
    assert none.headers["location"] == "/desk/stock"
    assert many.count('class="wind-page"') == windshield.MOST
    assert "Only the first 50 cars" in many


async def test_another_dealer_s_car_has_no_card_here(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    await another.sign_in("owner@indus.demo")
    theirs = rows_in((await visitor.open("/desk/stock")).text)[0]
    mine = rows_in((await another.open("/desk/stock")).text)[0]
    both = (await another.open(f"/desk/stock/cards?ids={theirs}&ids={mine}")).text

    assert (await another.open(f"/desk/stock/{theirs}/card")).status_code == 404
    assert (await another.open(f"/desk/stock/cards?ids={theirs}")).status_code == 404
    assert both.count('class="wind-page"') == 1
    assert theirs not in both.partition('class="wind-pages"')[2]
    assert (await another.open("/desk/stock/cards")).status_code in (400, 422)
