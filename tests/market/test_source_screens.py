"""The pages of pulled sheets and of webhooks, without JavaScript."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.adapters import http, storage
from app.core import db, jobs_ledger, render
from app.core import settings as process
from app.core.base import Scope
from app.core.ids import Id
from app.feeds import live
from app.orgs import queries as orgs
from tests.adapters.test_http import as_libc
from tests.feeds.conftest import sheet
from tests.feeds.elsewhere import Elsewhere, said
from tests.journeys.conftest import Visitor

AT = "/desk/imports/sources"
FORM: dict[str, Any] = {"name": "Showroom", "every_hours": "6", "auth": "none", "unlist_after": "3", "branch": "lahore"}


@pytest.fixture(autouse=True)
def _outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = process.current()
    monkeypatch.setattr(http, "_look_up", as_libc)
    storage.install(storage.MemoryStorage())
    yield
    storage.install(None)
    process.install(before)


async def test_a_source_is_made_paused_resumed_changed_and_removed(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    async with Elsewhere(said(sheet())).open() as url:
        await visitor.open(f"{AT}/new")
        made = await visitor.send(AT, url=url, **FORM)
        path = made.headers["location"]
        await jobs_ledger.burst()
    fetched = (await visitor.open(path)).text
    region = (await visitor.open(f"{path}/region")).text
    listed = (await visitor.open("/desk/imports")).text
    await visitor.send(f"{path}/pause")
    paused = (await visitor.open(path)).text
    await visitor.send(f"{path}/resumption")
    resumed = (await visitor.open(path)).text
    changed = await visitor.send(path, url=url, **{**FORM, "name": "Yard"}, full_stock="1")
    after = (await visitor.open(path)).text
    removed = await visitor.send(f"{path}/removal")

    assert made.status_code == 303, made.text
    assert "New sheet, imported" in fetched
    assert 'data-topic="source:' in region
    assert "every 6 hours" in listed
    assert url not in listed
    assert not re.search(r'name="publish"[^>]*checked', fetched)
    assert ("Paused" in paused, 'data-state="active"' in resumed) == (True, True)
    assert changed.status_code == 303
    assert 'value="Yard"' in after
    assert re.search(r'name="full_stock"[^>]*checked', after)
    assert removed.headers["location"] == "/desk/imports"
    assert (await visitor.open(path)).status_code == 404


async def test_an_address_that_fails_is_not_called_active(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    async with Elsewhere(said(b"", "500 Internal Server Error")).open() as url:
        await visitor.open(f"{AT}/new")
        path = (await visitor.send(AT, url=url, **FORM)).headers["location"]
        await jobs_ledger.burst()
    badges = [_badge((await visitor.open(place)).text) for place in (path, "/desk/imports")]

    assert badges == ["Failing", "Failing"]


async def test_a_refused_source_comes_back_as_it_was_typed_without_its_password(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    await visitor.open(f"{AT}/new")
    inner = await visitor.send(AT, url="https://10.0.0.1/stock.csv", **FORM)
    open_ = await visitor.send(AT, url="http://93.184.215.14/stock.csv", **FORM)
    odd = await visitor.send(AT, url="https://93.184.215.14:8443/stock.csv", **FORM)
    bare = await visitor.send(AT, url="https://93.184.215.14/x.csv", **{**FORM, "auth": "basic"}, secret="zzsecret")

    assert [answer.status_code for answer in (inner, open_, odd, bare)] == [422] * 4
    assert _at_field("That address is inside a private network.", inner.text)
    assert _at_field("It must begin with https://.", open_.text)
    assert _at_field("That address cannot be used.", odd.text)
    assert 'value="https://10.0.0.1/stock.csv"' in inner.text
    assert "Say the user name, without a colon." in bare.text
    assert "zzsecret" not in bare.text


def _at_field(said: str, page: str) -> bool:
    return re.search(rf'id="url-error">.*?<span>{re.escape(said)}</span>', page) is not None


async def test_what_is_pushed_is_what_the_page_shows(visitor: Visitor) -> None:
    await visitor.sign_in("manager@ravi.demo")
    await visitor.open(f"{AT}/new")
    path = (await visitor.send(AT, url="https://93.184.215.14/stock.csv", **FORM)).headers["location"]
    pages = [(await visitor.open(place)).text for place in (path, "/desk/imports")]
    org_id = await orgs.org_id_of("ravi")
    async with db.unit(Scope(org_id=org_id), read=True) as session:
        one, many = await live.source_now(session, path.rpartition("/")[2]), await live.sources_now(session, live.ALL)
        gone = await live.source_now(session, str(Id(int=7)))
    shown = [render.fragment(push.fragment or "", lang="en", **push.context) for push in (*one, *many)]

    assert gone == []
    for fragment, page in zip(shown, pages, strict=True):
        assert _plain(fragment) in _plain(page)


async def test_a_webhook_is_made_switched_off_and_removed_by_those_who_may(visitor: Visitor, another: Visitor) -> None:
    await visitor.sign_in("owner@ravi.demo")
    await another.sign_in("sales1@ravi.demo")
    await visitor.open("/desk/webhooks")
    made = await visitor.send("/desk/webhooks", url="https://93.184.215.14/hook", **{"event.lead.created": "1"})
    page = (await visitor.open("/desk/webhooks")).text
    found = re.search(r"/desk/webhooks/([0-9a-f-]{36})/state", page)
    assert found
    await visitor.send(f"/desk/webhooks/{found[1]}/state", state="off")
    off = (await visitor.open("/desk/webhooks")).text
    await visitor.send(f"/desk/webhooks/{found[1]}/removal")

    assert made.status_code == 303
    assert "whsec_" in page
    assert "Switch on" in off
    assert found[1] not in (await visitor.open("/desk/webhooks")).text
    assert (await another.open("/desk/webhooks")).status_code == 403


def _badge(page: str) -> str:
    found = re.search(r'class="badge[^"]*bad[^"]*"[^>]*>(.*?)</span>', page, re.DOTALL)
    return re.sub(r"<[^>]*>", "", found[1]).strip() if found else ""


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<time[^>]*>[^<]*</time>", "", text)).strip()
