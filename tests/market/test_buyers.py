"""What a buyer is told on a car's page and between cars: who is there, where to check, what was reported."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.core import clock, db
from app.core.base import Scope
from app.orgs import queries as orgs
from tests.journeys.conftest import Visitor
from tests.market.test_pages import cars_in, one

FRIDAY = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.fixture
def at() -> Iterator[Any]:
    """The time in Pakistan, on that Friday or a day after it."""
    yield lambda hour, minute=0, day=27: clock.use(lambda: FRIDAY.replace(day=day, hour=hour - 5, minute=minute))
    clock.use(None)


@pytest.mark.parametrize(
    ("when", "told", "told_in_urdu"),
    [
        ((11, 0), "Open now, until 13:00", "ابھی کھلا ہے"),
        ((13, 30), "Prayer break, opens 14:30", "نماز کا وقفہ"),
        ((20, 30), "Closed now, opens", "ابھی بند ہے"),
        ((12, 0, 29), "Closed now, opens", "ابھی بند ہے"),
    ],
)
async def test_the_seller_is_open_as_deadlines_run(
    visitor: Visitor, at: Any, when: tuple[int, ...], told: str, told_in_urdu: str
) -> None:
    """Friday noon is a break for prayer; nobody is signed in."""
    address = await one(visitor, "org=ravi&branch=lahore")
    at(*when)
    page = re.sub(r"<[^>]+>", "", (await visitor.open(address)).text)
    urdu = re.sub(r"<[^>]+>", "", (await visitor.open(f"/ur{address}")).text)

    assert told in page
    assert told_in_urdu in urdu


@pytest.mark.parametrize(
    ("registered", "told", "link"),
    [
        ("lahore", "Enter the registration number.", "https://mtmis.excise.punjab.gov.pk"),
        ("karachi", "Enter the registration number.", "https://excise.gos.pk/vehicle/vehicle_search"),
        ("islamabad", "the date of registration", "https://islamabadexcise.gov.pk"),
        ("peshawar", "Choose the district", "https://www.kpexcise.gov.pk/new/"),
        ("quetta", "Balochistan: no online check.", "https://excise.balochistan.gov.pk"),
        ("punjab", "Enter the registration number.", "https://epay.punjab.gov.pk"),
        ("unregistered", "not registered yet", None),
        (None, "Each province has its own register", "https://mtmis.excise.punjab.gov.pk"),
    ],
)
async def test_the_right_register_is_named(
    visitor: Visitor, another: Visitor, registered: str | None, told: str, link: str | None
) -> None:
    address = await one(another, "org=indus")
    number = re.findall(r"\d+", address)[0]
    async with db.unit(Scope(org_id=await orgs.org_id_of("indus"))) as session:
        await session.execute(
            text("update listing set registered_in = :place where number = :number"),
            {"place": registered, "number": int(number)},
        )
    page = (await visitor.open(address)).text

    assert told in page
    assert link is None or f'href="{link}"' in page


async def reports() -> list[Any]:
    """As the platform's staff see them."""
    async with db.unit(Scope(org_id=await orgs.org_id_of("platform"))) as session:
        rows = await session.execute(text("select reason, note, status, suspicion from report order by at"))
        return [tuple(row) for row in rows]


async def test_an_advert_is_reported_to_the_platform_once(visitor: Visitor, another: Visitor) -> None:
    """Without a page of ours behind it, or with the trap filled in, it is kept as spam; nothing is said of that."""
    address = await one(visitor, "org=ravi")
    path = f"/l/{re.findall(r'[0-9]+', address)[0]}/report"
    page = (await visitor.open(address)).text
    key = {"_idempotency_key": (re.search(r'name="_idempotency_key" value="([^"]+)"', page) or [""])[1]}
    refused = await visitor.send(path, reason="", note="Nothing chosen", **key)
    clock.use(lambda: datetime.now(UTC) + timedelta(minutes=1))  # a person takes longer than a robot
    try:
        sent = await visitor.send(path, reason="price", note="They ask for more.", **key)
        again = await visitor.send(path, reason="fraud", note="And again.", **key)
        trapped = await another.send(path, reason="sold", website="http://spam.example", **key)
    finally:
        clock.use(None)

    assert refused.status_code == 422
    assert "Nothing chosen" in refused.text
    assert "<details open>" in refused.text
    assert (sent.status_code, sent.headers["location"]) == (303, f"{address}?reported=1#report")
    assert again.status_code == trapped.status_code == 303
    assert "Thank you. We look into it" in (await visitor.open(sent.headers["location"].partition("#")[0])).text
    assert await reports() == [("price", "They ask for more.", "open", None), ("sold", "", "spam", "trapped")]


async def test_the_seller_does_not_learn_of_reports(visitor: Visitor, another: Visitor) -> None:
    address = await one(another, "org=ravi")
    await another.send(f"/l/{re.findall(r'[0-9]+', address)[0]}/report", reason="fraud")
    await visitor.sign_in("owner@ravi.demo")
    activity = (await visitor.open("/desk/activity")).text
    async with db.unit(Scope(org_id=await orgs.org_id_of("ravi"))) as session:
        seen = (await session.execute(text("select count(*) from report"))).scalar_one()

    assert len(await reports()) == 1
    assert seen == 0
    assert "Advert reported" not in activity


async def test_cars_stand_side_by_side_by_their_address(visitor: Visitor) -> None:
    page = (await visitor.open("/cars?sort=price_desc")).text
    numbers = re.findall(r'name="ids" value="(\d+)"', page)[:5]
    compared = (await visitor.open(f"/compare?ids={','.join(numbers)}")).text
    repeated = (await visitor.open(f"/compare?ids={numbers[0]}&ids={numbers[1]}&ids=999999")).text
    differ = (await visitor.open(f"/compare?ids={numbers[0]},{numbers[1]}&differ=1")).text

    assert compared.count('class="compare-car"') == 4
    assert repeated.count('class="compare-car"') == 2
    assert "1 of them is no longer here." in repeated
    assert 'class="same"' in repeated
    assert 'class="same"' not in differ
    assert "Nothing to compare yet" in (await visitor.open("/compare?ids=abc")).text
    assert "گاڑیوں کا موازنہ" in (await visitor.open(f"/ur/compare?ids={numbers[0]}")).text


async def test_what_is_kept_is_shown_as_it_is_now(visitor: Visitor) -> None:
    """Sold cars stay, what has gone is counted, and hidden ones are as if they never were."""
    page = (await visitor.open("/cars")).text
    number, price = re.findall(r'data-heart="(\d+)" data-price="(\d+)"', page)[0]
    async with db.unit(Scope(org_id=await orgs.org_id_of("ravi"))) as session:
        rows = await session.execute(text("select status, visibility, number from listing"))
        found = {(row.status, row.visibility): row.number for row in rows}
    sold, draft = found["sold", "public"], found["draft", "public"]
    wholesale = found["live", "wholesale_public"]
    kept = f"/kept?cars={number}-{int(price) + 200_000},{sold},{draft},{wholesale},12,nonsense"
    answer = await visitor.open(kept)

    assert answer.headers["cache-control"] == "private, no-store"
    assert len(cars_in(answer.text.replace("car-card sold", "car-card"))) == 2
    assert "PKR 2 lakh less since you kept it" in answer.text
    assert "car-card sold" in answer.text
    assert "3 cars you kept are no longer here." in answer.text
    assert cars_in((await visitor.open("/kept?cars=")).text) == []


async def test_words_that_are_understood_become_the_address(visitor: Visitor) -> None:
    moved = await visitor.open("/cars?q=civic+under+60+lakh+lahore+auto")
    there = moved.headers["location"]
    page = (await visitor.open(there)).text
    corrected = await visitor.open("/cars?q=kerola")
    told = (await visitor.open(corrected.headers["location"])).text
    chips = re.findall(r'aria-label="Remove filter: ([^"]+)"', page)

    assert moved.status_code == 303
    filters, _, heard = there.partition("&heard=")
    assert filters == "/cars?make=honda&model=civic&city=lahore&transmission=automatic&price_max=6000000"
    assert heard == "civic+under+60+lakh+lahore+auto"
    assert 'value="civic under 60 lakh lahore auto"' in page
    assert chips == ["Honda", "Civic", "Lahore", "Automatic", "up to PKR 60 lakh"]
    assert "Shown for Corolla." in told
    assert "%22kerola%22" in told


async def test_words_that_no_car_has_are_said_and_the_rest_answers(visitor: Visitor) -> None:
    moved = await visitor.open("/cars?q=civic+zzyzx")
    page = (await visitor.open(moved.headers["location"])).text
    alone = (await visitor.open("/cars?make=honda&model=civic")).text

    assert "No car has the words “zzyzx”: these fit all the rest." in page
    assert cars_in(page) == cars_in(alone) != []


async def test_nothing_that_fits_names_the_nearest_questions_with_their_counts(visitor: Visitor) -> None:
    page = (await visitor.open("/cars?make=toyota&fuel=diesel&price_max=500000")).text
    links = re.findall(r'<a class="card" href="([^"]+)"><span>.*?</span><strong>(\d+) cars?</strong>', page)

    assert links
    for href, count in links:
        total = re.search(r'id="found"[^>]*>(\d+) cars?', (await visitor.open(href.replace("&amp;", "&"))).text)
        assert total
        assert total[1] == count


async def test_a_filter_nobody_offers_is_still_shown_as_asked(visitor: Visitor) -> None:
    page = (await visitor.open("/cars?price_max=4250000&near=multan&radius=75&photos=1&colour=white")).text

    assert '<option value="4250000" selected>PKR 42.5 lakh</option>' in page
    assert "within 75 km of Multan" in page
    assert '<option value="75" selected>' in page
    assert 'name="photos" value="1" checked' in page
    assert 'value="distance"' in page
