"""What happens to pictures on open screens: the list of the car's page, and its row in the stock."""

import re

import pytest

from app.core import db, feeds, live, render
from app.core.base import Scope
from app.core.ids import Id, new_id
from app.core.jobs_ledger import burst
from app.core.live import Push
from app.core.security import Principal
from app.orgs import queries as orgs
from realtime import pushes
from tests.journeys.conftest import Visitor
from tests.media.conftest import Car
from tests.support.api import PASSWORD, Caller
from tests.support.pictures import good


@pytest.fixture
async def org_id(car: Car) -> Id:
    found = await orgs.org_id_of("southside")
    assert found
    return found


async def shown_since(org_id: Id, seq: int) -> list[Push]:
    async with db.unit(Scope(org_id=org_id), read=True) as session:
        _head, happened = await feeds.after(session, seq, limit=50)
        return [push for _seq, push in (await pushes.show(session, happened)).pushes]


async def head(org_id: Id) -> int:
    async with db.unit(Scope(org_id=org_id), read=True) as session:
        return (await feeds.position(session)).seq


async def test_a_picture_is_pushed_when_it_is_added_ready_moved_and_removed(car: Car, org_id: Id) -> None:
    at = await head(org_id)
    await car.add(good(1))
    added = await shown_since(org_id, at)
    at = await head(org_id)
    await burst()
    ready = await shown_since(org_id, at)
    (photo,) = await car.photos()
    at = await head(org_id)
    await car.owner.delete(f"{car.path}/{photo['id']}")
    removed = await shown_since(org_id, at)

    topic = f"photos:{car.id}"
    assert [push.topic for push in added] == [topic]
    assert [push.topic for push in ready] == [topic, "stock:org", "stock:lahore"]
    assert [push.topic for push in removed] == [topic, "stock:org", "stock:lahore"]
    assert {push.target for push in (*added, *ready, *removed) if push.topic == topic} == {"photos"}


async def test_a_push_is_what_the_page_shows(car: Car, org_id: Id, api: Caller) -> None:
    await car.filled(good(1), good(2), good(1)[:9000])
    visitor = Visitor(Caller(api.app, api.base_url))
    await visitor.open("/sign-in")
    await visitor.send("/sign-in", email="kim@southside.pk", password=PASSWORD)
    page = (await visitor.open(f"/desk/stock/{car.id}")).text
    region = (await visitor.open(f"/desk/stock/{car.id}/photos")).text
    kind = live.kind_of(f"photos:{car.id}")
    assert kind
    assert kind.snapshot
    async with db.unit(Scope(org_id=org_id), read=True) as session:
        (push,) = await kind.snapshot(session, car.id)
        nothing = await kind.snapshot(session, str(new_id()))
    assert push.fragment
    fragment = render.fragment(push.fragment, lang="en", **push.context).strip()

    def without_token(text: str) -> str:
        return re.sub(r'name="_csrf_token" value="[^"]*"', "", text)

    assert without_token(fragment) in without_token(page)
    assert without_token(fragment) in without_token(region)
    assert f'data-topic="photos:{car.id}"' in region
    assert nothing == []


async def test_only_members_of_the_org_listen_to_a_cars_pictures(car: Car, org_id: Id) -> None:
    def somebody(org: Id, role: str) -> Principal:
        return Principal(person_id=new_id(), session_id=new_id(), org_id=org, org_slug="s", org_name="S",
                         org_kind="dealer", role=role)  # fmt: skip

    topic = f"photos:{car.id}"
    async with db.unit(Scope(org_id=org_id), read=True) as session:
        assert await live.exists_for(session, somebody(org_id, "sales"), topic)
        assert not await live.exists_for(session, somebody(org_id, "sales"), "photos:nonsense")
    other = new_id()
    async with db.unit(Scope(org_id=other), read=True) as session:
        assert not await live.exists_for(session, somebody(other, "owner"), topic)
    assert not live.may_listen(somebody(org_id, "moderator"), topic)
