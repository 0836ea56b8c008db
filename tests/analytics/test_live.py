"""What boards are pushed: the page's own fragment, for whoever may hear it, and only where somebody does."""

import re

import pytest
from sqlalchemy import Engine, event

from app.analytics import live as boards
from app.analytics import queries
from app.core import db, live, render
from app.core.ids import new_id
from app.core.live import Stale
from app.leads.facts import LeadMoved, LeadOpened
from tests.leads.conftest import Stage
from tests.leads.test_pushed_is_fetched import principal

_STAMP = re.compile(r"<time datetime.*?</time>")
MOST_READS = 9  # the board's eight and the position it was read at


async def test_what_is_pushed_is_what_the_page_shows(stage: Stage) -> None:
    await stage.enquiry()
    page = (await stage.callers["sales1"].get("/desk/board/region?period=7")).text
    async with db.unit(stage.scope(), read=True) as session:
        (push,) = await boards.board_now(session, "lahore_7")
    assert push.fragment
    pushed = render.fragment(push.fragment, lang="en", **push.context)

    assert 'data-topic="board:lahore_7"' in page
    assert _STAMP.sub("", pushed).strip() in _STAMP.sub("", page)


async def test_a_fact_makes_the_boards_stale_that_somebody_looks_at(stage: Stage) -> None:
    ravi, lahore, gujranwala = stage.orgs["ravi"], stage.branches["lahore"], stage.branches["gujranwala"]
    async with db.unit(stage.scope(), read=True) as session:
        live.hears(session, {"board:lahore", "board:org_7", "board:gujranwala_30", "inbox:lahore"})
        opened = await boards.board_changed(session, LeadOpened(org_id=ravi, id=new_id(), branch_id=lahore))
        moved = LeadMoved(org_id=ravi, id=new_id(), branch_id=lahore, was_branch_id=gujranwala)
        left = await boards.board_changed(session, moved)

    assert opened == [Stale("board:org_7"), Stale("board:lahore")]
    assert left == [Stale("board:org_7"), Stale("board:lahore"), Stale("board:gujranwala_30")]


@pytest.mark.parametrize(
    ("name", "role", "branch", "hears"),
    [
        ("sales1", "sales", "lahore", {"board:lahore", "board:lahore_7"}),
        ("manager", "manager", None, {"board:lahore", "board:lahore_7", "board:org", "board:gujranwala_30"}),
        ("manager", "ops", None, set()),
    ],
)
async def test_who_may_hear_a_board(stage: Stage, name: str, role: str, branch: str | None, hears: set[str]) -> None:
    who = principal(stage, name, role, branch)
    topics = ("board:lahore", "board:lahore_7", "board:org", "board:gujranwala_30", "board:lahore_8", "board:org_today")

    assert {topic for topic in topics if live.may_listen(who, topic)} == hears


@pytest.mark.parametrize("branch", ["lahore", "org"])
async def test_a_board_is_few_reads(stage: Stage, branch: str) -> None:
    await stage.enquiry()
    told: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT") and "set_config" not in statement:
            told.append(statement)

    async with db.unit(stage.scope(), read=True) as session:
        event.listen(Engine, "before_cursor_execute", listen)
        try:
            await queries.board(session, await queries.named(session, branch), "30")
        finally:
            event.remove(Engine, "before_cursor_execute", listen)

    assert 5 < len(told) <= MOST_READS
