"""The list of stock: filtered, ordered, kept; cells changed in place; many cars changed as one."""

import re
from html import unescape
from typing import Any

import msgspec
import pytest

from app.core import db
from app.core.base import Scope
from app.core.ids import Id
from app.desk import stock_list
from app.listings import queries
from app.listings.schemas import STOCK_SORTS, ListingCard, StockFilters
from app.orgs import queries as orgs
from tests.journeys.conftest import Visitor
from tests.market.test_stock_screen import add, rows_in


async def card(path: str) -> ListingCard:
    async with db.unit(Scope(org_id=await orgs.org_id_of("ravi"))) as session:
        return await queries.card(session, Id(path.rpartition("/")[2]))


async def everything(asked: StockFilters) -> list[ListingCard]:
    """What the list must show, by another way: every car of ours, looked at one by one."""
    async with db.unit(Scope(org_id=await orgs.org_id_of("ravi"))) as session:
        ids = await queries.stock_ids(session, StockFilters(), status=stock_list.KEPT, branch_id=None, limit=500)
        return [await queries.card(session, one) for one in ids]


WAYS: list[tuple[str, Any]] = [
    ("car=toyota", lambda car: car.make == "toyota"),
    ("car=suzuki/alto", lambda car: (car.make, car.model) == ("suzuki", "alto")),
    ("year_min=2019&year_max=2020", lambda car: 2019 <= (car.year or 0) <= 2020),
    ("price_min=40 lakh&price_max=6,000,000", lambda car: 4_000_000 <= (car.asking_price or 0) <= 6_000_000),
    ("km_max=50,000", lambda car: (car.odometer_km or 0) <= 50_000),
    ("body=sedan&fuel=petrol", lambda car: (car.body, car.fuel) == ("sedan", "petrol")),
    ("paint=genuine&documents=original", lambda car: (car.paint, car.documents) == ("genuine", "original")),
    ("token=paid", lambda car: (car.token_paid_to or "") >= "2026-11"),
    ("token=due", lambda car: (car.token_paid_to or "") < "2026-11"),
    ("auction=sheet&assembly=jdm", lambda car: bool(car.auction_grade) and car.assembly == "jdm"),
    ("registered=lahore", lambda car: car.registered_in == "lahore"),
    ("lacks=price", lambda car: car.asking_price is None),
    ("lacks=papers", lambda car: car.documents is None or car.paint is None),
    ("lacks=doubt", lambda car: car.doubt is not None),
    ("visibility=private", lambda car: car.visibility == "private"),
    ("channel=autotrader&status=live", lambda car: (car.channel, car.status) == ("autotrader", "live")),
    ("price_min=rubbish&year_min=1&body=boat&sort=best", lambda _car: True),
]


@pytest.fixture
def stocked(in_business: str) -> str:
    return in_business


async def test_every_filter_shows_what_fits_and_nothing_else(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    cars = await everything(StockFilters())
    for query, fits in WAYS:
        wanted = {str(car.id) for car in cars if fits(car)}
        shown, address = set[str](), f"/desk/stock?{query}"
        for _page in range(9):
            page = (await visitor.open(address)).text
            shown |= set(rows_in(page))
            following = re.search(r'<a class="btn s" href="([^"]*cursor=[^"]*)"', page)
            if not following:
                break
            address = unescape(following[1])

        assert shown == wanted, query
        assert wanted, query


async def test_every_order_pages_through_all_cars_once(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    keys: dict[str, Any] = {
        "price_asc": lambda car: car.asking_price or 10**13, "price_desc": lambda car: -(car.asking_price or 0),
        "km_asc": lambda car: car.odometer_km, "year_desc": lambda car: -car.year,
    }  # fmt: skip
    for sort in STOCK_SORTS:
        async with db.unit(Scope(org_id=await orgs.org_id_of("ravi"))) as session:
            found, cursor = [], None
            while True:
                page = await queries.stock(session, StockFilters(sort=sort), cursor=cursor, limit=17)
                found += page.items
                cursor = page.next_cursor
                if cursor is None:
                    break

        assert len({car.id for car in found}) == len(found) == 118
        if sort in keys:
            assert [keys[sort](car) for car in found] == sorted(keys[sort](car) for car in found)


async def test_filters_stand_in_the_address_as_chips_that_go(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    page = (await visitor.open("/desk/stock?car=toyota/corolla&price_max=50 lakh&paint=genuine&nonsense=1")).text
    chips = re.findall(r'<a class="chip" href="([^"]*)" aria-label="Remove filter: ([^"<]*)"', page)
    region = await visitor.open("/desk/stock/region?q=corolla&car=toyota")

    assert {unescape(href) for href, _ in chips} == {
        "/desk/stock?price_max=5000000&paint=genuine", "/desk/stock?car=toyota%2Fcorolla&paint=genuine",
        "/desk/stock?car=toyota%2Fcorolla&price_max=5000000",
    }  # fmt: skip
    assert 'data-topic="stock' not in page
    assert "data-closed" in page
    assert region.headers["hx-replace-url"] == "/desk/stock?q=corolla&car=toyota"


async def test_a_list_is_kept_counted_anew_and_taken_away(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("sales1@ravi.demo")
    page = (await visitor.open("/desk/stock?status=draft&lacks=doubt")).text
    filters = unescape(re.search(r'form="keep-view" name="filters" value="([^"]*)"', page)[1])  # type: ignore[index]
    kept = await visitor.send("/desk/stock/views", name="To settle", filters=filters)
    shared = await visitor.send("/desk/stock/views", name="Ours", filters=filters, shared="1")
    page = (await visitor.open(kept.headers["location"])).text
    removal = re.search(r'action="(/desk/stock/views/[^"]+/removal)"', page)
    await another.sign_in("sales2@ravi.demo")
    theirs = (await another.open("/desk/stock")).text
    assert removal
    foreign = await another.send(removal[1])
    nameless = await visitor.send("/desk/stock/views", name="", filters=filters)
    forged = await visitor.send("/desk/stock/views", name="x", filters='{"status":"flying"}')
    gone = await visitor.send(removal[1])

    assert kept.headers["location"] == "/desk/stock?status=draft&lacks=doubt"
    assert shared.status_code == 403, "sales do not share"
    assert re.search(r'aria-current="true">To settle <span class="count"><bdi>2</bdi>', page)
    assert "To settle" not in theirs
    assert (foreign.status_code, nameless.status_code, forged.status_code) == (404, 422, 422)
    assert gone.status_code == 303
    assert "To settle" not in (await visitor.open("/desk/stock")).text


async def test_a_cell_is_changed_where_it_stands(visitor: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    path = await add(visitor)
    await visitor.open("/desk/stock")
    form = (await visitor.open(f"{path}/cells/price")).text
    await visitor.open("/desk/stock")
    saved = await visitor.send(f"{path}/cells/price", was="6,450,000", value="61.5 lakh", htmx=True)
    km = await visitor.send(f"{path}/cells/km", was="41,000", value="42,500 km", htmx=True)
    live = await visitor.send(f"{path}/cells/status", was="draft", value="live", htmx=True)
    sold = await visitor.send(f"{path}/cells/status", was="live", value="sold", htmx=True)
    back = await visitor.send(f"{path}/cells/status", was="sold", value="live", htmx=True)
    car = await card(path)
    plain = (await visitor.open(f"{path}/cells/price/value")).text

    assert 'name="was" value="6,450,000"' in form
    assert "hx-morph-skip" in form
    for answer, said in ((saved, "61.5 lakh"), (km, "42,500"), (live, "Live"), (sold, "Sold"), (back, "Live")):
        assert (answer.status_code, said in answer.text, "<form" in answer.text) == (200, True, False), answer.text
    assert (car.asking_price, car.odometer_km, car.status) == (6_150_000, 42_500, "live")
    assert plain.strip() == saved.text.strip()


async def test_a_cell_says_what_is_wrong_and_keeps_what_was_typed(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    path = await add(visitor)
    await visitor.open(path)
    unclear = await visitor.send(f"{path}/cells/price", was="6,450,000", value="61.5", htmx=True)
    odd = await visitor.send(f"{path}/cells/km", was="41,000", value="many", htmx=True)
    nowhere = await visitor.send(f"{path}/cells/status", was="draft", value="sold", htmx=True)
    await another.sign_in("manager@ravi.demo")
    await another.open(path)
    await another.send(f"{path}/cells/price", was="6,450,000", value="63 lakh", htmx=True)
    late = await visitor.send(f"{path}/cells/price", was="6,450,000", value="62 lakh", htmx=True)
    again = await visitor.send(f"{path}/cells/price", was="6,300,000", value="62 lakh", htmx=True)

    assert unclear.status_code == odd.status_code == 422
    assert "Say lakh or crore" in unclear.text
    assert 'value="61.5"' in unclear.text
    assert nowhere.status_code == 409
    assert late.status_code == 412
    assert "it says PKR 63 lakh now" in late.text
    assert 'name="was" value="6,300,000"' in late.text
    assert again.status_code == 200
    assert (await card(path)).asking_price == 6_200_000


async def test_cells_keep_to_roles_branches_and_names(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    path = await add(visitor, branch="gujranwala")
    await another.sign_in("sales1@ravi.demo")
    await another.open("/desk/stock")
    elsewhere = await another.send(f"{path}/cells/price", was="6,450,000", value="1 crore", htmx=True)
    publish = await another.send(f"{path}/cells/status", was="draft", value="live", htmx=True)
    another.http.cookies.clear()
    await another.sign_in("readonly@ravi.demo")

    assert (elsewhere.status_code, publish.status_code) == (403, 403)
    assert (await another.open(f"{path}/cells/price")).status_code == 403
    assert (await visitor.open(f"{path}/cells/colour")).status_code == 422
    assert (await card(path)).asking_price == 6_450_000


async def picked(visitor: Visitor, paths: list[str], **fields: str) -> Any:
    await visitor.open("/desk/stock")
    ids = [path.rpartition("/")[2] for path in paths]
    return await visitor.send("/desk/stock/batches", ids=ids, **fields)


async def test_many_cars_are_changed_after_a_look_and_taken_back(visitor: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    paths = [await add(visitor, stock_number=f"M-{n}", price=f"{40 + n} lakh") for n in range(3)]
    asked = await picked(visitor, paths, kind="lower_percent", percent="2")
    address = asked.headers["location"]
    preview = (await visitor.open(address)).text
    untouched = (await card(paths[0])).asking_price
    applied = await visitor.send(f"{address}/application")
    done = (await visitor.open(address)).text
    during = (await card(paths[1])).asking_price
    undone = await visitor.send(f"{address}/undoing")
    after = (await visitor.open(address)).text

    assert asked.status_code == 303, asked.text
    assert "3 cars will change." in preview
    assert "PKR 39.2 lakh" in preview
    assert untouched == 4_000_000
    assert (applied.status_code, undone.status_code) == (303, 303)
    assert "3 cars changed." in done
    assert "Take it back" in done
    assert during == 4_018_000
    assert "3 cars are as before." in after
    assert [(await card(path)).asking_price for path in paths] == [4_000_000, 4_100_000, 4_200_000]


async def test_all_cars_of_a_list_are_meant_where_that_is_ticked(visitor: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    page = (await visitor.open("/desk/stock?status=live&branch=lahore&car=suzuki")).text
    filters = unescape(re.search(r'form="pick" name="filters" value="([^"]*)"', page)[1])  # type: ignore[index]
    count = len(rows_in(page))
    asked = await visitor.send("/desk/stock/batches", kind="lower_amount", amount="50,000", every="1", filters=filters)
    preview = (await visitor.open(asked.headers["location"])).text

    assert 3 < count < 50
    assert f"{count} cars will change." in preview


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "lower_percent", "percent": "0"}, "Between 0.1 and 50 percent."),
        ({"kind": "lower_percent", "percent": "many"}, "Between 0.1 and 50 percent."),
        ({"kind": "raise_amount", "amount": "3.5"}, "Say lakh or crore"),
        ({"kind": "price", "price": ""}, "This field is needed."),
        ({"kind": "status", "status": "flying"}, "This does not look right."),
        ({"kind": "dance"}, "Please check the marked fields."),
    ],
)
async def test_a_change_of_many_that_cannot_be_is_asked_again(
    visitor: Visitor, fields: dict[str, str], said: str
) -> None:
    await visitor.sign_in("owner@ravi.demo")
    path = await add(visitor)
    answer = await picked(visitor, [path], **fields)
    nothing = await visitor.send("/desk/stock/batches", **{**fields, "kind": "lower_percent", "percent": "2"})

    assert answer.status_code == 422, answer.headers
    assert said in answer.text
    assert path.rpartition("/")[2] in answer.text, "what was picked stays"
    assert nothing.status_code == 422
    assert "Select some cars first." in nothing.text


async def test_a_sale_says_why_and_for_what(visitor: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    path = await add(visitor)
    await visitor.open(path)
    await visitor.send(f"{path}/publication", to="live")
    page = (await visitor.open(path)).text
    reserved = await visitor.send(f"{path}/sale", to="reserved", reason="token", words="")
    assert "Token money received" in (await visitor.open(path)).text
    unclear = await visitor.send(f"{path}/sale", to="sold", reason="here", sold_price="62")
    sold = await visitor.send(
        f"{path}/sale", to="sold", reason="here", words="To a cousin of Bilal", sold_price="62 lakh"
    )
    car = await card(path)

    assert "Bank approval pending" in page
    assert reserved.status_code == 303
    assert unclear.status_code == 422
    assert "data-open" in unclear.text
    assert "Say lakh or crore" in unclear.text
    assert sold.status_code == 303
    assert (car.status, car.status_reason, car.sold_price) == ("sold", "To a cousin of Bilal", 6_200_000)


def test_an_address_holds_what_is_not_the_default_and_is_read_as_it_was_written() -> None:
    asked = StockFilters(q="alto vxr", car="suzuki/alto", price_max=3_000_000, sort="price_asc")

    assert stock_list.address(StockFilters()) == "/desk/stock"
    assert stock_list.address(asked, status="live") == (
        "/desk/stock?q=alto+vxr&status=live&car=suzuki%2Falto&price_max=3000000&sort=price_asc"
    )
    assert msgspec.json.decode(msgspec.json.encode(asked), type=StockFilters) == asked
