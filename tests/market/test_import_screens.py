"""The pages of imports, without JavaScript."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from httpx import Response

from app.adapters import storage
from app.core import db, jobs_ledger, render
from app.core.base import Scope
from app.feeds import live
from app.orgs import queries as orgs
from tests.feeds.conftest import CARS, HEADERS, sheet
from tests.journeys.conftest import Visitor

ODD = [
    ("S-1", "Toyota", "Zzyzx", *CARS[0][3:]),
    ("S-2", "Toyota", "Zzyzx", *CARS[1][3:]),
    ("S-3", "Honda", "Qwrtz", *CARS[2][3:]),
    ("S-8", "", "", "", "", "", "", "", ""),
]


@pytest.fixture(autouse=True)
def _store() -> Iterator[None]:
    storage.install(storage.MemoryStorage())
    yield
    storage.install(None)


async def handed_in(visitor: Visitor, content: bytes, name: str = "stock.csv") -> str:
    """The page of its columns."""
    await visitor.open("/desk/imports")
    token = re.search(r'name="csrf-token" content="([^"]*)"', visitor.page)
    assert token
    sent = {"data": {"_csrf_token": token[1]}, "files": {"file": (name, content)}}
    answer = await visitor.http.post("/desk/imports", **sent)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def choices(page: str) -> dict[str, str]:
    """The columns as the page proposes them."""
    found = re.findall(r'<select[^>]* name="(field-\d+)".*?</select>', page, re.DOTALL)
    chosen = re.findall(r'name="(field-\d+)"(?:(?!</select>).)*?<option value="([^"]*)" selected', page, re.DOTALL)
    return dict.fromkeys(found, "") | dict(chosen)


async def imported(visitor: Visitor, content: bytes, then: str = "import") -> str:
    """The page of the run."""
    path = await handed_in(visitor, content)
    answer = await sent_on(visitor, path, then)
    await jobs_ledger.burst()
    return str(answer.headers["location"])


async def sent_on(visitor: Visitor, path: str, then: str, **more: Any) -> Response:
    page = (await visitor.open(path)).text
    return await visitor.send(path, **{**choices(page), "branch": "lahore", "publish": "1", "then": then, **more})


async def test_the_link_beside_refused_rows_downloads_them_in_the_readers_language(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    page = (await visitor.open(await imported(visitor, sheet(ODD)))).text
    link = re.search(r'href="([^"]*rejects\.csv)"', page)
    assert link
    answer = await visitor.open(link[1])
    visitor.http.cookies.set("lang", "ur")
    urdu = await visitor.open(link[1])

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    told = answer.text.lstrip("\ufeff").splitlines()
    assert told[0].split(",")[: len(HEADERS)] == list(HEADERS)
    assert [line.split(",")[0] for line in told[1:]] == ["S-8"]
    assert "Nothing tells what car this is." in answer.text
    assert "Nothing tells what car this is." not in urdu.text


async def test_nobody_downloads_the_refused_rows_of_another_dealer(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    await another.sign_in("manager@indus.demo")
    path = await imported(visitor, sheet(ODD))

    assert (await another.open(f"{path}/rejects.csv")).status_code == 404


async def test_a_learned_word_leaves_the_list_and_the_sheet_is_imported_again_with_it(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    path = await imported(visitor, sheet(ODD))
    before = (await visitor.open(path)).text
    fields = {"field": "model", "said": "Zzyzx", "meant": "toyota/corolla"}
    learned = await visitor.send(f"{path}/words", **fields)
    after = (await visitor.open(path)).text
    again = await visitor.send(f"{path}/import")
    await jobs_ledger.burst()
    second = (await visitor.open(again.headers["location"])).text

    assert _asked(before) == ["Zzyzx", "Qwrtz"]
    assert re.findall(r'<optgroup label="([^"]*)"', before)[0] == "Toyota"
    assert "2 of them as drafts" not in before
    assert re.search(r'<a href="/desk/stock\?lacks=doubt">3 of them as drafts</a>', before)
    assert learned.headers["location"] == f"{path}?words=1#words"
    assert _asked(after) == ["Qwrtz"]
    assert re.search(r"Learned: <bdi[^>]*>Zzyzx</bdi> = <bdi>Toyota Corolla</bdi>", after)
    assert "Say what 1 word means" in after
    assert again.headers["location"] != path
    assert _asked(second) == ["Qwrtz"]
    assert "Learned:" not in second


async def test_every_unknown_word_is_there_the_most_frequent_first(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    rows = [(f"N-{n}", "Toyota", f"Zzyzx{n}", *CARS[0][3:]) for n in range(24)]
    rows.append(("N-24", "Toyota", "Zzyzx23", *CARS[0][3:]))
    page = (await visitor.open(await imported(visitor, sheet(rows)))).text

    assert len(_asked(page)) == 20
    assert _asked(page)[0] == "Zzyzx23"
    assert "And 4 more, which come up here as you go" in page
    assert all(f">Zzyzx{n}<" in page for n in range(24))


async def test_a_sheet_handed_in_waits_in_the_list_until_it_is_tried(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    path = await handed_in(visitor, sheet(CARS), "yard.csv")
    listed = (await visitor.open("/desk/imports")).text
    org_id = await orgs.org_id_of("ravi")
    async with db.unit(Scope(org_id=org_id), read=True) as session:
        (push,) = await live.runs_now(session, live.ALL)
    await sent_on(visitor, path, "try")
    tried = (await visitor.open("/desk/imports")).text

    assert re.search(rf'<a href="{path}"><bdi[^>]*>yard\.csv', listed)
    assert f'href="{path}"' in render.fragment(push.fragment or "", lang="en", **push.context)
    assert f'href="{path}"' not in tried
    assert "yard.csv" in tried


async def test_two_columns_of_the_price_are_said_once_and_marked(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    path = await handed_in(visitor, sheet(CARS, HEADERS))
    year, price = f"field-{HEADERS.index('Year')}", f"field-{HEADERS.index('Price')}"
    answer = await sent_on(visitor, path, "try", **{year: "asking_price", price: "asking_price"})

    assert answer.status_code == 422
    assert answer.text.count("These columns cannot be imported like that.") == 1
    assert answer.text.count('role="alert"') == 1
    assert set(re.findall(r'<select[^>]* name="(field-\d+)" aria-invalid="true"', answer.text)) == {year, price}


async def test_what_is_taken_back_says_what_became_of_new_cars(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    path = await imported(visitor, sheet(CARS))
    await visitor.open(path)
    await visitor.send(f"{path}/undo")
    await jobs_ledger.burst()
    page = (await visitor.open(path)).text

    assert "<dt>Taken away</dt>" in page
    assert "Put back as before" not in page
    assert "Everybody who has this page open" not in page


def _asked(page: str) -> list[str]:
    return re.findall(r'name="said" value="([^"]*)"', page)


async def test_a_car_said_twice_with_other_facts_names_the_row_it_does_not_go_with(visitor: Visitor) -> None:
    again = ("S-1", *CARS[1][1:])
    await visitor.sign_in("manager@ravi.demo")
    page = (await visitor.open(await imported(visitor, sheet([*CARS, again])))).text
    link = re.search(r'href="([^"]*rejects\.csv)"', page)
    assert link
    refused = (await visitor.open(link[1])).text

    assert "The other one is row 2." in page
    assert "The other one is row 2." in refused


async def test_the_preview_calls_cars_by_their_names_and_says_what_is_in_doubt(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    path = await handed_in(visitor, sheet([CARS[0], ODD[0], ODD[3]]))
    chosen = choices((await visitor.open(path)).text)
    english = (await visitor.send(f"{path}/preview", **chosen)).text
    visitor.http.cookies.set("lang", "ur")
    await visitor.open("/desk")
    await visitor.send("/preferences", lang="ur")
    urdu = (await visitor.send(f"{path}/preview", **chosen)).text

    assert "<bdi>Toyota Corolla" in english
    assert "<bdi>Lahore</bdi>" in english
    assert "We do not know this model." in english
    assert "Nothing tells what car this is." in english
    assert "کرولا" in urdu
    assert "<bdi>لاہور</bdi>" in urdu
