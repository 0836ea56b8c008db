"""The bell and the list as they are pushed: to their person alone, as they would be fetched, and each rings once."""

import re

import pytest

from app.core import db, feeds, live, render
from app.core.base import Scope
from app.core.feeds import Position
from app.core.ids import Id
from app.notices import queries
from realtime import pushes
from realtime.catchup import Missed
from tests.leads.test_pushed_is_fetched import principal
from tests.notices.conftest import NIGHT, Late


async def shown_since(late: Late, at: int, *topics: str) -> list[live.Push]:
    async with db.unit(late.stage.scope(), read=True) as session:
        _head, happened = await feeds.after(session, at, limit=200)
        live.hears(session, topics)
        found = await pushes.show(session, happened)
    return [push for _, push in found.pushes if push.topic in topics]


async def head(late: Late) -> Position:
    async with db.unit(late.stage.scope(), read=True) as session:
        return await feeds.position(session)


async def test_a_breach_rings_once_also_for_who_was_away_meanwhile_and_a_snapshot_never(late: Late) -> None:
    me = f"me:{late.stage.people['manager']}"
    lead = await late.lead(to="sales1")
    await late.told()
    at = await head(late)
    await late.comes(lead, "breached")
    await late.told()
    shown = await shown_since(late, at.seq, me)
    async with db.unit(late.stage.scope(), read=True) as session:
        now, happened = await feeds.after(session, at.seq, limit=200)
        missed = Missed(session, render, now, happened)
        behind = (await missed.page(me, "en", "desk", at)).decode()
        afresh = (await missed.page(me, "en", "desk", None)).decode()

    assert [push.alert and push.alert["title"] for push in shown if push.alert] == ["Deadline missed"]
    assert ("1 unread" in behind, '"alert"' in behind) == (True, True)
    assert ("1 unread" in afresh, '"alert"' in afresh, '"say"' in afresh) == (True, False, False)


async def test_an_alert_of_the_night_rings_when_the_branch_opens(late: Late) -> None:
    me = f"me:{late.stage.people['manager']}"
    at = await head(late)
    await late.comes(await late.lead(to="sales1"), "breached")
    await late.told(NIGHT)
    night, opening = await shown_since(late, at.seq, me), await head(late)
    await late.opens()

    assert night == []
    assert [push.context["unread"] for push in await shown_since(late, opening.seq, me) if push.alert] == [1]


async def test_nobody_listens_to_a_colleagues_bell(late: Late) -> None:
    stage = late.stage
    sales1 = principal(stage, "sales1", "sales", "lahore")
    owner = principal(stage, "owner", "owner", None)

    for kind in ("me", "notices"):
        assert live.may_listen(sales1, f"{kind}:{stage.people['sales1']}")
        assert not live.may_listen(owner, f"{kind}:{stage.people['sales1']}")
        assert not live.may_listen(sales1, f"{kind}:org")


@pytest.mark.parametrize("lang", ["en", "ur"])
async def test_the_pushed_list_is_the_fetched_list(late: Late, lang: str) -> None:
    """After telling, sending, dropping, reading one and reading all."""
    stage, person = late.stage, late.stage.people["sales1"]
    at, topic = await head(late), f"notices:{person}"
    lead, other = await late.lead(to="sales1"), await late.lead(to="sales1")
    await late.comes(lead, "breached")
    await late.told()
    await late.comes(other, "breached")
    await late.told(NIGHT)
    await late.answered(other)
    await late.opens()
    mine = (await late.rows("sales1"))[-1]
    await stage.callers["sales1"].post(f"notices/{mine['id']}/read")
    rows = _rows(await shown_since(late, at.seq, topic), lang)

    assert rows == await _fetched(stage.orgs["ravi"], person, lang)

    at = await head(late)
    await stage.callers["sales1"].post("notices/read")
    whole = (await shown_since(late, at.seq, topic))[0]
    html = render.fragment(whole.fragment or "", lang=lang, clearance="desk", **whole.context)
    assert [one[0] for one in re.finditer(r"<li .*?</li>", html, re.DOTALL)] == list(
        (await _fetched(stage.orgs["ravi"], person, lang)).values()
    )


def _rows(shown: list[live.Push], lang: str) -> dict[str, str]:
    rows = {}
    for push in shown:
        html = render.fragment(push.fragment or "", lang=lang, clearance="desk", **push.context).strip()
        rows[html.partition('id="')[2].partition('"')[0]] = html
    return dict(sorted(rows.items(), reverse=True))


async def _fetched(org_id: Id, person_id: Id, lang: str) -> dict[str, str]:
    async with db.unit(Scope(org_id=org_id), read=True) as session:
        found = (await queries.notices(session, person_id)).items
    made = [
        (f"notice-{one.id}", render.fragment("notices/_row.html", lang=lang, clearance="desk", notice=one).strip())
        for one in found
    ]
    return dict(sorted(made, reverse=True))
