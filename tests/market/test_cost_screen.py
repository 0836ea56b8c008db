"""The cost sheet on the desk: typed as people say it, by those who may."""

from tests.journeys.conftest import Visitor
from tests.market.test_stock_screen import add

ROWS = {
    "kind_0": "purchase", "label_0": "", "amount_0": "58 lakh", "kind_1": "transfer_tax", "label_1": "",
    "amount_1": "45,000", "kind_2": "other", "label_2": "Tyres", "amount_2": "1.05 lakh", "kind_3": "commission",
    "label_3": "", "amount_3": "",
}  # fmt: skip


async def test_costs_are_typed_as_people_say_them(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    path = await add(visitor)
    assert "Nothing written down yet" in (await visitor.open(path)).text
    empty = (await visitor.open(f"{path}/costs")).text
    sent = await visitor.send(f"{path}/costs", version="0", **ROWS)
    page, car = (await visitor.open(f"{path}/costs")).text, (await visitor.open(path)).text

    assert empty.count('class="cost-row"') == 7
    assert sent.status_code == 303, sent.text
    assert 'value="5,800,000"' in page
    assert 'value="Tyres"' in page
    assert page.count('class="cost-row"') == 8
    for shown in (page, car):
        assert "PKR 59.5 lakh" in shown
        assert "PKR 5 lakh" in shown
        assert "7.8 %" in shown


async def test_a_cost_that_could_mean_two_things_is_asked_back_and_nothing_typed_is_lost(visitor: Visitor) -> None:
    await visitor.sign_in("finance@ravi.demo")
    await visitor.open("/desk/stock")
    path = next(one for one in visitor.page.split('href="') if one.startswith("/desk/stock/0")).partition('"')[0]
    await visitor.open(f"{path}/costs")
    answer = await visitor.send(f"{path}/costs", version="0", **{**ROWS, "amount_0": "58", "label_2": ""})

    assert answer.status_code == 422
    assert "Say lakh or crore" in answer.text
    assert "Say what the other cost was for." in answer.text
    assert 'value="45,000"' in answer.text
    assert 'value="58"' in answer.text


async def test_the_slower_of_two_sees_what_was_saved_and_keeps_what_they_typed(
    visitor: Visitor, another: Visitor
) -> None:
    await visitor.sign_in("owner@ravi.demo")
    path = await add(visitor)
    await another.sign_in("manager@ravi.demo")
    await visitor.open(f"{path}/costs")
    await another.open(f"{path}/costs")
    first = await visitor.send(f"{path}/costs", version="0", **ROWS)
    late = await another.send(f"{path}/costs", version="0", **{**ROWS, "amount_0": "57 lakh"})
    again = await another.send(f"{path}/costs", version="1", **{**ROWS, "amount_0": "57 lakh"})

    assert (first.status_code, late.status_code, again.status_code) == (303, 412, 303)
    assert "PKR 5,800,000" in late.text
    assert 'value="57 lakh"' in late.text
    assert 'name="version" value="1"' in late.text


async def test_sales_and_onlookers_meet_no_costs_on_the_desk(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    path = await add(visitor)
    await visitor.open(f"{path}/costs")
    assert (await visitor.send(f"{path}/costs", version="0", **ROWS)).status_code == 303
    for email in ("sales1@ravi.demo", "readonly@ravi.demo"):
        another.http.cookies.clear()
        await another.sign_in(email)
        shown = (await another.open(path)).text
        assert "59.5 lakh" not in shown
        assert "Costs and margin" not in shown
        assert (await another.open(f"{path}/costs")).status_code == 403
        assert (await another.send(f"{path}/costs", version="1", **ROWS)).status_code == 403
