"""Boards tell what a recount tells, each figure opens its rows, the rows add up, and the sheet is the screen."""

import csv
import html
import io
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlparse
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from app.analytics import queries, rules
from app.analytics.schemas import Board, Line
from app.core import db, render
from app.core.settings import Settings
from app.desk.board_sheet import rows
from app.desk.inbox import asked_for
from app.leads import queries as leads
from app.leads import service
from app.leads.schemas import ReplyForm
from app.listings import queries as listings
from app.listings.schemas import StockFilters
from app.orgs import queries as orgs
from tests.analytics.recount import Recount
from tests.analytics.storm import Storm
from tests.leads.conftest import Stage
from tests.leads.test_deadlines import Hands, act, lead_of, the
from tests.support.proofs import proof

_PK = ZoneInfo("Asia/Karachi")
_FIELDS = ("open", "unassigned", "late", "arrived", "answered", "in_time", "breached", "won")
_TILE = re.compile(
    r'<a class="figure-tile[^"]*" href="([^"]+)"><span class="label">([^<]+)</span><span class="value"><bdi>([^<]+)<'
)
_LINK = re.compile(r'<a (?!class="figure-tile)[^>]*?href="(/desk/(?:inbox|stock)\?[^"]+)"[^>]*>\s*(.*?)</a>', re.DOTALL)


@pytest.fixture
async def connection(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    made = await asyncpg.connect(settings.database_system_url)
    yield made
    await made.close()


async def board_of(stage: Stage, branch: str = "org", period: Any = "today") -> Board:
    async with db.unit(stage.scope(), read=True) as session:
        return await queries.board(session, await queries.named(session, branch), period)


async def found_by(stage: Stage, link: str) -> int:
    """How many rows the list behind a link has, read to its end, and what it says of itself."""
    asked = parse_qs(urlparse(link).query)
    one = {name: values[0] for name, values in asked.items()}
    async with db.unit(stage.scope(), read=True) as session:
        if link.startswith("/desk/stock"):
            branch_id = await orgs.branch_id_of(session, one["branch"]) if "branch" in one else None
            wanted = StockFilters(age=one["age"])  # type: ignore[arg-type]
            cars = await listings.stock(session, wanted, status=("live", "reserved"), branch_id=branch_id, limit=200)
            return len(cars.items)
        renamed = {"since": one.pop("from", ""), "until": one.pop("to", "")}
        filters = asked_for(**{**one, **renamed, "status": asked.get("status", [])}).filters  # type: ignore[arg-type]
        me = stage.people["manager"]
        listed = await leads.find_leads(session, filters, me=me, within=None, limit=2000)
        assert len(listed.items) == await leads.count_leads(session, filters, me=me, within=None)
        return len(listed.items)


async def storm_over(stage: Stage, hands: Hands, seed: int, steps: int) -> None:
    storm = Storm(stage, hands, seed)
    await storm.rage(steps)
    print(f"seed={seed} {dict(storm.done)} leads={len(storm.leads)}")  # noqa: T201

    assert {"undo", "move", "reply", "status", "snooze", "merge"} <= set(storm.done)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "steps"), [(7, 140), proof(7, 320), proof(2026, 320)])
async def test_after_a_storm_every_board_is_what_a_recount_finds_and_opens_its_rows(
    stage: Stage, hands: Hands, connection: asyncpg.Connection, seed: int, steps: int
) -> None:
    await storm_over(stage, hands, seed, steps)
    opened = 0
    for branch, period in (("org", "7"), ("org", "today"), ("lahore", "7"), ("gujranwala", "30"), ("lahore", "today")):
        board = await board_of(stage, branch, period)
        branch_id = None if branch == "org" else stage.branches[branch]
        recount = Recount(connection, stage.orgs["ravi"], branch_id)
        days = {"today": 1, "7": 7, "30": 30}[period]
        midnight = hands.at.astimezone(_PK).replace(hour=0, minute=0, second=0, microsecond=0)
        since, until = midnight - timedelta(days=days - 1), midnight + timedelta(days=1)
        now = await recount.between(since, until)
        before = await recount.between(since - timedelta(days=days), hands.at - timedelta(days=days))
        tiles = board.tiles

        assert {name: getattr(tiles, name) for name in ("open", "unassigned", "soon", "late")} == await recount.now()
        for name in ("arrived", "answered", "breached", "won", "median_s"):
            figure = getattr(tiles, name)
            assert (name, figure.now, figure.before) == (name, now[name], before[name])
        assert (tiles.in_time, tiles.in_time_percent.now) == (
            now["in_time"],
            rules.percent(now["in_time"], now["answered"]),
        )
        for part, (least, most) in zip(board.answers, rules.ANSWERS.values(), strict=True):
            assert part.count == sum(least * 60 <= took < (most or 10**6) * 60 for took in now["took"])
        assert_adds_up(board)
        opened += await assert_every_figure_opens_its_rows(stage, board)
    print(f"seed={seed} figures opened: {opened}")  # noqa: T201

    assert opened > 100


def assert_adds_up(board: Board) -> None:
    tables = [board.members, board.sources, *([board.branches] if board.branch == "org" else [])]
    for table in tables:
        for field in _FIELDS:
            assert (field, sum(getattr(line, field) for line in table)) == (field, getattr(board.total, field))
    assert board.total.open == board.tiles.open
    assert board.funnel.arrived == board.total.arrived >= board.funnel.taken >= board.funnel.test_drive
    assert sum(part.count for part in board.funnel.reasons) == board.funnel.lost
    assert sum(board.week[-1].hours) == sum(hour.today for hour in board.hours)


async def assert_every_figure_opens_its_rows(stage: Stage, board: Board) -> int:
    """Every link of the page that holds a count, against its list; median, p90 and percents by their own tiles."""
    page = render.fragment("analytics/_board.html", lang="en", board=board)
    tiles = {label: (html.unescape(link), value) for link, label, value in _TILE.findall(page)}
    assert len(tiles) == 10
    for label, (link, value) in tiles.items():
        expected = int(value) if value.isdigit() else None
        if label in ("Median first answer", "Nine in ten within"):
            expected = board.tiles.answered.now
        elif label == "Answered in time":
            expected = board.tiles.in_time
        assert (label, await found_by(stage, link)) == (label, expected)
    seen = set()
    for link, inside in _LINK.findall(page):
        words = re.sub(r"<span class=\"vh\">.*?</span>|<title>.*?</title>|<[^>]+>", " ", inside).split()
        number = words[-1] if words else ""
        if not number.isdigit() or link in seen:
            continue
        seen.add(link)
        assert (link, await found_by(stage, html.unescape(link))) == (link, int(number))
    return len(tiles) + len(seen)


async def test_a_night_lead_answered_four_minutes_after_opening_took_four_minutes(stage: Stage, hands: Hands) -> None:
    hands.at = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)  # Monday, half past ten at night
    made = await stage.enquiry()
    due_at = (await lead_of(stage, made["id"])).due_at
    assert due_at is not None
    opening = due_at - timedelta(minutes=15)
    hands.at = opening + timedelta(minutes=4)
    await act(stage, service.reply, the(made), ReplyForm(body="Yes.", channel="whatsapp"))
    board = await board_of(stage, "lahore")

    assert opening - datetime(2026, 11, 23, 17, 30, tzinfo=UTC) > timedelta(hours=8)
    assert (board.tiles.median_s.now, board.tiles.answered.now) == (240, 1)
    assert ">4 min<" in render.fragment("analytics/_board.html", lang="en", board=board)
    assert [part.count for part in board.answers] == [1, 0, 0, 0, 0, 0]


async def test_the_sheet_is_the_screen(stage: Stage) -> None:
    await stage.enquiry()
    owner = stage.callers["owner"]
    board = (await owner.get("board", params={"branch": "lahore", "period": "7"})).json()
    shown: dict[str, list[list[str]]] = {}
    for panel in ("members", "sources", "tiles"):
        answer = await owner.get(f"/desk/board.csv?branch=lahore&period=7&panel={panel}")
        assert answer.status_code == 200
        assert answer.content.startswith(b"\xef\xbb\xbf")
        shown[panel] = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert shown["members"][0][:4] == ["Member", "Open", "Unassigned", "Late"]
    assert [row[1] for row in shown["members"][1:]] == [
        str(line["open"]) for line in [*board["members"], board["total"]]
    ]
    assert shown["sources"][1][0] == "Listing page"
    assert shown["sources"][-1][0] == "Total"
    assert shown["tiles"][1] == ["Open", "1", ""]
    assert board["tiles"]["arrived"]["now"] == 1


async def test_a_sheet_speaks_the_readers_language_and_runs_nothing(stage: Stage) -> None:
    board = await board_of(stage, "lahore")
    line = Line(
        key="x", name="=HYPERLINK(1)", open=1, unassigned=0, late=0, arrived=0, answered=0, in_time=0,
        in_time_percent=None, median_s=None, breached=0, won=0,
    )  # fmt: skip
    crooked = Board(**{name: getattr(board, name) for name in Board.__struct_fields__} | {"members": [line]})
    header, first, _total = rows(crooked, "members", "ur")

    assert header[0] == "رکن"
    assert rules.sheet_safe(first[0]) == "'=HYPERLINK(1)"
    assert [rules.sheet_safe(cell) for cell in ("+92", "-1", "@x", "Ali", 4)] == ["'+92", "'-1", "'@x", "Ali", 4]


async def test_each_sees_the_boards_that_are_theirs(stage: Stage) -> None:
    sales, owner = stage.callers["sales1"], stage.callers["owner"]
    own = (await sales.get("board")).json()

    assert (own["branch"], own["branches"]) == ("lahore", [])
    assert (await sales.get("board", params={"branch": "gujranwala"})).status_code == 404
    assert (await sales.get("board", params={"branch": "all"})).status_code == 404
    assert (await owner.get("board", params={"branch": "karachi"})).status_code == 404
    assert [line["key"] for line in (await owner.get("board")).json()["branches"]] == ["gujranwala", "lahore"]


async def test_a_list_of_a_time_over_json_and_what_cannot_be_read(stage: Stage) -> None:
    await stage.enquiry()
    owner = stage.callers["owner"]
    today = datetime.now(_PK).date().isoformat()
    found = await owner.get("leads", params={"what": "arrived", "from": today, "to": today})
    none = await owner.get("leads", params={"what": "arrived", "from": "2020-01-01", "to": "2020-01-02"})

    assert [len(answer.json()["items"]) for answer in (found, none)] == [1, 0]
    assert (await owner.get("leads", params={"what": "arrived", "from": "yesterday"})).status_code == 422
    assert (await owner.get("leads", params={"what": "stolen"})).status_code == 422


def test_an_address_that_means_nothing_shows_everything() -> None:
    assert asked_for(what="arrived", since="2026-13-45").filters.what == ""
    assert asked_for(what="arrived", since="2026-11-27").filters.until == "2026-11-27"
    assert asked_for(what="answered", since="2026-11-27", took="x").filters.took == ""
    assert asked_for(what="won", since="2026-11-21", until="2026-11-27").query() == (
        "what=won&from=2026-11-21&to=2026-11-27"
    )


@pytest.mark.parametrize(
    ("key", "asked"),
    [
        ("lahore", ("lahore", "today")),
        ("org_7", ("org", "7")),
        ("lahore_today", None),
        ("_7", None),
        ("lahore_8", None),
    ],
)
def test_keys_of_topics(key: str, asked: tuple[str, str] | None) -> None:
    assert rules.of_key(key) == asked
