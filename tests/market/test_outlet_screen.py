"""Outgoing feeds as the desk shows them: made, shared, left out and why, let out from the car's page and the list."""

import re

import httpx

from tests.journeys.conftest import Visitor
from tests.market.test_stock_screen import CIVIC, add


async def feed(visitor: Visitor, **more: str) -> tuple[str, str]:
    """A new one: its page, and its address."""
    await visitor.open("/desk/outlets/new")
    answer = await visitor.send("/desk/outlets", **{"name": "Portal <1>", "kind": "csv", "branch": "", **more})
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]
    return path, address_in((await visitor.open(path)).text)


def address_in(page: str) -> str:
    found = re.search(r'<code id="address-[^"]*" dir="ltr">([^<]*)</code>', page)
    assert found
    return found[1]


async def fetch(visitor: Visitor, url: str) -> httpx.Response:
    return await visitor.http.get(url, headers={"accept": "*/*"})


async def test_a_car_is_let_out_on_its_page_and_shows_in_the_feed(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    path, url = await feed(visitor)
    empty = (await visitor.open(path)).text
    car = await add(visitor, in_feeds="yes", stock_number="OUT-1", title="Goes out <b>now</b>")
    left = (await visitor.open(path)).text
    await visitor.open(car)
    saved = await visitor.send(f"{car}/publication", to="live")
    full = (await visitor.open("/desk/outlets")).text
    fetched = await fetch(visitor, url)

    assert "No car may go out yet" in empty
    assert "Goes out &lt;b&gt;now&lt;/b&gt;" in left
    assert "not on the market" in left
    assert saved.status_code == 303
    assert "Portal &lt;1&gt;" in full
    assert "OUT-1" in fetched.text
    assert 'value="yes" selected' in (await visitor.open(car)).text
    assert re.search(r"<strong><bdi>1</bdi></strong> car goes out", full)


async def test_a_batch_says_which_cars_will_not_show_all_the_same(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    cars = {
        "OUT-2": {"visibility": "private"}, "OUT-3": {"visibility": "wholesale_public"}, "OUT-4": {"price": ""},
        "OUT-5": {}, "OUT-6": {"in_feeds": "yes", "visibility": "private"},
    }  # fmt: skip
    ids = []
    for number, more in cars.items():
        path = await add(visitor, stock_number=number, registered_in="lahore", **more)
        await visitor.open(path)
        assert (await visitor.send(f"{path}/publication", to="live")).status_code == 303
        ids.append(path.rpartition("/")[2])
    ids.append((await add(visitor, stock_number="OUT-7")).rpartition("/")[2])
    await visitor.open("/desk/stock")
    batch = (await visitor.send("/desk/stock/batches", ids=ids, kind="feeds", in_feeds="yes")).headers["location"]
    words = (await visitor.open(batch)).text
    await visitor.open("/desk/stock")
    back = (await visitor.send("/desk/stock/batches", ids=ids, kind="feeds", in_feeds="no")).headers["location"]

    assert "5 cars will change." in words
    assert "2 cars will not appear anywhere: not for everybody to see." in words
    assert "1 car will not appear anywhere: not on the market." in words
    assert "1 car will not appear on Facebook and Instagram: no price." in words
    assert "1 car will not appear on Facebook and Instagram: no picture." in words
    assert "will not appear" not in (await visitor.open(back)).text


async def test_many_cars_are_let_out_from_the_list(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    _, url = await feed(visitor)
    assert (await fetch(visitor, url)).text.count("\r\n") == 1
    page = (await visitor.open("/desk/stock?status=live&q=RL-1001")).text
    (id_,) = set(re.findall(r'id="stock-([0-9a-f-]{36})"', page))
    shown = await visitor.send("/desk/stock/batches", ids=id_, kind="feeds", in_feeds="yes")
    batch = shown.headers["location"]
    words = (await visitor.open(batch)).text
    assert (await visitor.send(f"{batch}/application")).status_code == 303
    filtered = (await visitor.open("/desk/stock?feeds=in")).text

    assert "Out to feeds" in words
    assert "Stays here" in words
    assert (await fetch(visitor, url)).text.count("\r\n") == 2
    assert set(re.findall(r'id="stock-([0-9a-f-]{36})"', filtered)) == {id_}
    assert "In outgoing feeds" in filtered


async def test_a_new_address_a_new_name_and_the_end(visitor: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    path, url = await feed(visitor)
    await visitor.send(f"{path}/address")
    renewed = address_in((await visitor.open(path)).text)
    await visitor.send(path, name="Renamed", branch="")
    page = (await visitor.open(path)).text
    wrong = await visitor.send(path, name="", branch="nowhere")
    gone = await visitor.send(f"{path}/removal")

    assert renewed != url
    assert (await fetch(visitor, url)).status_code == 404
    assert "Renamed" in page
    assert wrong.status_code == 422
    assert "There is no such branch." in wrong.text
    assert gone.headers["location"] == "/desk/outlets"
    assert (await visitor.open(path)).status_code == 404
    assert (await fetch(visitor, renewed)).status_code == 404


async def test_heads_have_the_screen_and_sales_do_not(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    await another.sign_in("sales1@ravi.demo")

    assert "New feed" in (await visitor.open("/desk/outlets")).text
    assert "/desk/outlets" in (await visitor.open("/desk/imports")).text
    assert (await another.open("/desk/outlets")).status_code == 403
    assert "/desk/outlets" not in (await another.open("/desk/imports")).text


async def test_somebody_elses_change_of_the_opt_in_is_asked_about(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    await another.sign_in("owner@ravi.demo")
    car = await add(visitor, stock_number="OUT-2")
    mine, theirs = (await visitor.open(car)).text, (await another.open(car)).text
    version = re.search(r'name="version" value="(\d+)"', theirs)
    base = re.search(r'name="base" value="([^"]*)"', mine)
    assert version
    assert base
    kept = {**CIVIC, "stock_number": "OUT-2", "version": version[1]}
    assert (await another.send(car, **{**kept, "in_feeds": "yes"})).status_code == 303
    answer = await visitor.send(car, **{**kept, "in_feeds": "no", "colour": "red", "base": "{}"})

    assert answer.status_code == 412
    assert "Outgoing feeds" in answer.text
    assert "Goes out" in answer.text
