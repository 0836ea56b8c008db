"""Screens on the wall: who may put them up, what their address shows, and that a stranger's shows nothing."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from app.analytics import queries
from app.analytics.live import WALL
from app.core import db
from app.core.base import Scope
from app.core.feed_tables import AuditRecord
from app.core.ids import Id
from tests.leads.conftest import Stage


async def test_a_screen_shows_its_branch_to_who_has_the_address_until_it_is_switched_off(stage: Stage) -> None:
    manager, public = stage.callers["manager"], stage.api.stranger()
    await stage.enquiry()
    await stage.enquiry("civic")
    made = (await manager.post("board/screens", {"name": "Reception", "branch": "lahore"})).json()
    everything = (await manager.post("board/screens", {"name": "Office", "lang": "ur"})).json()
    path = made["url"].partition("/board/")[2]
    page = await public.get(f"/board/{path}")
    whole = await public.get(f"/board/{everything['url'].partition('/board/')[2]}")
    listed = (await manager.get("board/screens")).json()
    others = [await stage.callers[name].delete(f"board/screens/{made['id']}") for name in ("indus-owner", "sales1")]
    refused = await stage.callers["sales1"].post("board/screens", {"name": "Mine"})
    async with db.unit(Scope(), read=True) as session:
        live = await WALL.show(session, Id(path))
        assert session.scope == Scope()
    gone = await manager.delete(f"board/screens/{made['id']}")
    after = await public.get(f"/board/{path}/region")

    assert (page.status_code, whole.status_code) == (200, 200)
    assert "<h1><bdi>Lahore</bdi></h1>" in page.text
    assert 'lang="ur" dir="rtl"' in whole.text
    assert "Ali Raza" not in page.text + whole.text
    assert "1234567" not in page.text + whole.text
    assert page.headers["cache-control"] == "private, no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert [one["name"] for one in listed] == ["Office", "Reception"]
    assert path not in str(listed)
    assert [answer.status_code for answer in others] == [404, 403]
    assert refused.status_code == 403
    assert live is not None
    assert live.push.context["board"].tiles.open == 1
    assert (gone.status_code, after.status_code) == (204, 404)
    assert (await public.get(f"/board/{uuid4()}")).status_code == 404


async def test_the_secret_is_kept_nowhere(stage: Stage) -> None:
    made = (await stage.callers["owner"].post("board/screens", {"name": "Hall", "branch": "lahore"})).json()
    token = made["url"].partition("/board/")[2]
    async with db.unit(stage.scope(), read=True) as session:
        written = [str(row.diff) for row in await session.scalars(select(AuditRecord))]
        rows = await queries.screens(session, within=None)

    assert any("Hall" in one for one in written)
    assert token not in "".join(written) + str(rows)
    with pytest.raises(ValueError, match="badly formed"):
        Id("no-token")
