"""Whom a new lead calls: everybody who has any page of the desk open, once, and nobody who comes later."""

import json
from typing import Any

import pytest
from msgspec import Struct

from app.core import db, feeds, live, render
from app.core.feeds import Happened, Position
from realtime import pushes
from realtime.catchup import Missed
from tests.leads.conftest import Stage

EVERYWHERE = {f"{kind}:{key}" for kind in ("inbox", "tally") for key in ("lahore", "gujranwala", "org")}


class Asked(Struct):
    """What has happened since `before`, up to `head`."""

    before: Position
    head: Position
    happened: list[Happened]


@pytest.fixture
async def asked(stage: Stage) -> Asked:
    """A buyer has asked, and asked again."""
    async with db.unit(stage.scope(), read=True) as session:
        before = await feeds.position(session)
    await stage.enquiry()
    await stage.enquiry(message="Please answer")
    async with db.unit(stage.scope(), read=True) as session:
        head, happened = await feeds.after(session, before.seq, limit=50)
    return Asked(before, head, list(happened))


async def told(stage: Stage, asked: Asked, at: Position | None, topic: str = "tally:lahore") -> dict[str, Any]:
    """What somebody who stands `at` is answered."""
    async with db.unit(stage.scope(), read=True) as session:
        live.hears(session, {topic})
        frame = await Missed(session, render, asked.head, asked.happened).page(topic, "en", "desk", at)  # type: ignore[arg-type]
    found: dict[str, Any] = json.loads(frame)
    return found


async def test_every_page_of_those_who_may_see_the_lead_is_called_once(stage: Stage, asked: Asked) -> None:
    async with db.unit(stage.scope(), read=True) as session:
        live.hears(session, EVERYWHERE)
        shown = await pushes.show(session, asked.happened)
    called = sorted((push.topic, push.alert["title"]) for _seq, push in shown.pushes if push.alert)

    assert called == [
        ("tally:lahore", "A buyer has asked again"), ("tally:lahore", "New lead"),
        ("tally:org", "A buyer has asked again"), ("tally:org", "New lead"),
    ]  # fmt: skip


async def test_who_opens_a_page_later_is_not_called(stage: Stage, asked: Asked) -> None:
    fresh, elsewhere = await told(stage, asked, None), await told(stage, asked, Position("another", 3))
    in_step = await told(stage, asked, asked.head)

    assert 'data-view="open" value="1"' in fresh["content"]
    assert "alert" not in fresh
    assert "alert" not in elsewhere
    assert "alert" not in in_step


async def test_a_page_whose_line_was_cut_is_called_for_what_came_meanwhile(stage: Stage, asked: Asked) -> None:
    frame = await told(stage, asked, asked.before)
    last = await told(stage, asked, Position(asked.head.epoch, asked.happened[-1].seq - 1))

    assert frame["content"].count('id="tally"') == 1
    assert frame["alert"]["count"] == 2
    assert (last["alert"]["count"], last["alert"]["title"]) == (1, "A buyer has asked again")
