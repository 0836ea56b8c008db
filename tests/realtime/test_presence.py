"""Who has what open: told within moments, gone with the socket, known to no other branch or org."""

import asyncio
import contextlib
import json
import signal
from typing import Any

import httpx
import pytest
import websockets
from redis.asyncio import Redis

from app.core.ids import new_id
from app.core.postings import LAPSES_S, Posting, Postings
from realtime.presence import GATHER_S, HOLDS_S, Presence
from realtime.pump import Pump
from tests.realtime.clients import frame_of, opened
from tests.realtime.conftest import Board, Guest
from tests.realtime.proof import facts
from tests.support.until import until

TOPIC = "?topics=presence:org"


class Eye:
    """A page that says what it shows and keeps what it is told of others."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.frames = 0
        self.sees: dict[str, list[dict[str, Any]]] = {}
        self._n = -1

    async def here(self, **leads: bool) -> None:
        """Keys are ids without their dashes."""
        await self.socket.send(json.dumps({"op": "here", "leads": leads}))

    async def hear(self, within: float = 2) -> None:
        told = await frame_of(self.socket, "here", within)
        self.frames += 1
        if told.get("whole"):
            self.sees = {}
        elif told["n"] <= self._n:
            return
        self._n = told["n"]
        self.sees = {lead: people for lead, people in {**self.sees, **told["leads"]}.items() if people}

    async def sees_at(self, note: Any, *guests: Guest, typing: tuple[Guest, ...] = (), within: float = 2) -> None:
        """Wait until exactly these have the note open, and exactly those type."""
        wanted = {str(guest.person): (guest.name, guest in typing) for guest in guests}
        try:
            async with asyncio.timeout(within):
                while self.at(note) != wanted:
                    await self.hear(within)
        except TimeoutError:
            assert self.at(note) == wanted

    def at(self, note: Any) -> dict[str, tuple[str, bool]]:
        return {one["id"]: (one["name"], one.get("typing", False)) for one in self.sees.get(str(note), [])}


@contextlib.asynccontextmanager
async def looking(board: Board, guest: Guest, query: str = TOPIC):
    async with opened(board, guest, query) as socket:
        eye = Eye(socket)
        await eye.hear(within=20)
        yield eye


async def test_two_who_have_the_same_open_see_each_other_type_and_leave(board, org):
    note = await facts.write_note(org, "lahore: one")
    ali, bilal = Guest(org), Guest(org, role="readonly")
    async with looking(board, ali) as one:
        await one.here(**{str(note): False})
        await one.sees_at(note, ali)
        async with looking(board, bilal) as other:
            assert other.at(note) == {str(ali.person): (ali.name, False)}  # the whole state first
            await other.here(**{str(note): False})
            await one.sees_at(note, ali, bilal)
            await other.here(**{str(note): True})
            await one.sees_at(note, ali, bilal, typing=(bilal,))
            await other.here()
            await one.sees_at(note, ali)
            await other.here(**{str(note): True})
            await one.sees_at(note, ali, bilal, typing=(bilal,))

        await one.sees_at(note, ali)


async def test_a_person_with_two_browsers_is_one_and_stays_until_both_have_left(board, org):
    note = await facts.write_note(org, "lahore: one")
    ali, twice = Guest(org), Guest(org)
    async with looking(board, ali) as eye, opened(board, twice, "?topics=") as one:
        async with opened(board, twice, "?topics=") as other:
            await Eye(one).here(**{str(note): False})
            await Eye(other).here(**{str(note): True})
            await eye.sees_at(note, twice, typing=(twice,))
        await eye.sees_at(note, twice)


async def test_other_branches_and_orgs_are_told_nothing_and_can_show_up_nowhere(board, org):
    stranger_org = new_id()
    mine, theirs = str(new_id()), str(new_id())
    note = await facts.write_note(org, f"{mine}: one")
    head, ali = Guest(org), Guest(org, role="sales", branch=mine)
    neighbour, stranger = Guest(org, role="sales", branch=theirs), Guest(stranger_org)
    async with (
        looking(board, head) as above, looking(board, ali, f"?topics=presence:{mine}") as inside,
        looking(board, neighbour, f"?topics=presence:{theirs}") as beside, looking(board, stranger) as outside,
    ):  # fmt: skip
        for eye in (beside, outside, inside):
            await eye.here(**{str(note): True, str(new_id()): True})
        await above.sees_at(note, ali, typing=(ali,))
        await inside.sees_at(note, ali, typing=(ali,))
        await asyncio.sleep(2 * GATHER_S)
        for eye in (beside, outside):
            with pytest.raises(TimeoutError):
                await eye.hear(within=0.2)

        assert list(above.sees) == list(inside.sees) == [str(note)]
        assert beside.sees == outside.sees == {}


async def test_a_burst_of_changes_is_at_most_four_frames_a_second(board, org):
    note = await facts.write_note(org, "lahore: one")
    ali, busy = Guest(org), [Guest(org) for _ in range(5)]
    async with looking(board, ali) as eye, contextlib.AsyncExitStack() as stack:
        writers = [Eye(await stack.enter_async_context(opened(board, guest, "?topics="))) for guest in busy]
        started = asyncio.get_running_loop().time()
        for turn in range(12):
            for writer in writers:
                await writer.here(**{str(note): turn % 2 == 0})
            await asyncio.sleep(0.1)
        for writer in writers:
            await writer.here(**{str(note): True})
        await eye.sees_at(note, *busy, typing=tuple(busy))
        took = asyncio.get_running_loop().time() - started

    assert eye.frames <= took / GATHER_S + 2


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ('{"op":"here"}', 4400),
        ('{"op":"here","leads":[]}', 4400),
        ('{"op":"here","leads":{"x":true}}', 4400),
        ('{"op":"here","leads":{"0190a0b0-0000-7000-8000-000000000000":"yes"}}', 4400),
        ('{"op":"here","leads":{},"name":"Kim"}', 4400),
        (json.dumps({"op": "here", "leads": {str(new_id()): False for _ in range(17)}}), 4400),
        ('{"op":"here","leads":{}}', 4429),
        ('{"op":"sub","topics":{"presence:theirs":""}}', 4403),
    ],
)
async def test_what_a_page_may_not_say_closes_its_socket(board, org, sent, code):
    guest = Guest(org, role="sales", branch=str(new_id()))
    async with opened(board, guest, "?topics=") as socket:
        with contextlib.suppress(websockets.ConnectionClosed):
            for _ in range(40 if code == 4429 else 1):
                await socket.send(sent)
            async with asyncio.timeout(5):
                async for _ in socket:
                    pass

    assert socket.close_code == code


async def test_a_machine_says_nothing(board, org):
    async with opened(board, Guest(org)) as socket:
        await socket.send('{"op":"here","leads":{}}')
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await frame_of(socket, "never", within=5)

    assert closed.value.rcvd.code == 4400


async def test_who_polls_gets_the_whole_state_and_the_gauge_counts_persons(board, org):
    note = await facts.write_note(org, "lahore: one")
    ali = Guest(org)
    async with looking(board, ali) as eye, httpx.AsyncClient(base_url=board.url, headers=ali.as_bearer()) as http:
        await until(lambda: _viewers(board, 0))  # those of the tests before have left
        await eye.here(**{str(note): True})
        await eye.sees_at(note, ali, typing=(ali,))
        told = (await http.get("/live/since", params={"topics": "presence:org,count:org"})).json()
        foreign = await http.get(
            "/live/since", params={"topics": "presence:theirs"},
            headers=Guest(org, role="sales", branch=str(new_id())).as_bearer(),
        )  # fmt: skip
        await until(lambda: _viewers(board, 1))
    here = next(frame for frame in told if frame["op"] == "here")
    assert here["whole"]
    assert [one["name"] for one in here["leads"][str(note)]] == [ali.name]
    assert foreign.is_error


async def _viewers(board: Board, n: int) -> bool:
    return await board.figure("desk_live_viewers") == n


async def test_processes_tell_each_other_and_a_process_that_stops_takes_its_people_along(
    boards, database, settings, org
):
    note = await facts.write_note(org, "lahore: one")
    boards += [Board(settings), Board(settings)]
    for board in boards:
        board.start()
    ali, bilal = Guest(org), Guest(org)
    async with looking(boards[0], ali) as here, looking(boards[1], bilal) as there:
        await here.here(**{str(note): False})
        await there.here(**{str(note): True})
        await here.sees_at(note, ali, bilal, typing=(bilal,))
        await there.sees_at(note, ali, bilal, typing=(bilal,))
        async with Redis.from_url(settings.redis_url) as redis:
            await redis.flushall()
            await redis.client_kill_filter(_type="pubsub")
        await asyncio.sleep(1)
        await there.here(**{str(note): False})
        await here.sees_at(note, ali, bilal, within=10)
        boards[1].signal(signal.SIGTERM)
        await here.sees_at(note, ali, within=10)


async def test_a_process_that_comes_later_knows_who_is_there(boards, database, settings, org):
    note = await facts.write_note(org, "lahore: one")
    boards += [Board(settings), Board(settings)]
    boards[0].start()
    ali, late = Guest(org), Guest(org)
    async with looking(boards[0], ali) as here:
        await here.here(**{str(note): False})
        await here.sees_at(note, ali)
        boards[1].start()
        async with looking(boards[1], late) as there:
            await there.sees_at(note, ali)
        async with httpx.AsyncClient(base_url=boards[1].url, headers=late.as_bearer()) as http:
            told = (await http.get("/live/since", params={"topics": "presence:org"})).json()

    assert str(note) in told[-1]["leads"]


async def test_without_redis_presence_works_within_the_process(boards, database, settings, org):
    note = await facts.write_note(org, "lahore: one")
    board = Board(settings)
    board._environ["REDIS_URL"] = ""
    boards.append(board)
    board.start()
    ali, bilal = Guest(org), Guest(org)
    async with looking(board, ali) as eye:
        async with opened(board, bilal, "?topics=") as other:
            await Eye(other).here(**{str(note): True})
            await eye.sees_at(note, bilal, typing=(bilal,))
        await eye.sees_at(note)


# -- what takes half a minute, with the clock in hand


class Ear:
    """An outlet that keeps what it is told."""

    raw = False

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    def write(self, message: dict[str, Any]) -> None:
        self.told.append(json.loads(message["text"]))

    def write_all(self, payloads: list[bytes]) -> None:
        self.told += map(json.loads, payloads)


class Somebody:
    """As much of a listener as presence asks for."""

    def __init__(self, org) -> None:
        self.who = type("Who", (), {"org_id": org, "person_id": new_id(), "name": "Kim", "branch_slug": None})()
        self.outlet, self.rooms, self.closed = Ear(), {}, False

    def leave(self, topic: str) -> None:
        self.rooms.pop(topic, None)


class NoBoard(Postings):
    def __init__(self) -> None:
        super().__init__(None, "here")
        self.kept: list[str] = []

    def post(self, _org, text: str) -> None:
        self.kept.append(text)


@pytest.fixture
async def presence(database):
    tasks: list[asyncio.Task[None]] = []
    made = Presence(Pump(), NoBoard(), lambda work, _name: tasks.append(asyncio.create_task(work)))
    await made.start()
    yield made
    await asyncio.gather(*tasks)
    await made.stop()


async def test_who_says_nothing_for_thirty_seconds_is_gone(presence: Presence, org):
    note = await facts.write_note(org, "lahore: one")
    kim, eye = Somebody(org), Somebody(org)
    presence.open(eye, "presence:org")
    presence.say(kim, {note: False})
    await until(lambda: eye.outlet.told[-1]["leads"].get(str(note)))
    now = asyncio.get_running_loop().time()
    presence.sweep(now + HOLDS_S - 1)
    await asyncio.sleep(2 * GATHER_S)
    still = eye.outlet.told[-1]["leads"][str(note)]
    presence.sweep(now + HOLDS_S + 1)
    await until(lambda: not eye.outlet.told[-1]["leads"][str(note)])

    assert [one["name"] for one in still] == ["Kim"]
    presence.say(kim, {note: False})
    await until(lambda: eye.outlet.told[-1]["leads"][str(note)])


async def test_a_process_that_falls_silent_lapses_and_an_old_posting_changes_nothing(presence: Presence, org):
    eye, note, elsewhere = Somebody(org), new_id(), new_id()
    presence.open(eye, "presence:org")
    view = [{"lead": str(note), "keys": ["org"], "person": str(new_id()), "name": "Kim", "typing": True}]
    presence._heard(Posting(elsewhere, org, 7, json.dumps(view)))
    await until(lambda: eye.outlet.told[-1]["leads"].get(str(note)))
    presence._heard(Posting(elsewhere, org, 6, ""))
    presence._heard(Posting(elsewhere, org, 8, "of another release"))
    presence._heard(Posting(elsewhere, new_id(), 9, json.dumps(view)))
    await asyncio.sleep(2 * GATHER_S)
    before = len(eye.outlet.told)
    presence.sweep(asyncio.get_running_loop().time() + LAPSES_S + 1)
    await until(lambda: len(eye.outlet.told) > before)

    assert before == 2
    assert eye.outlet.told[-1]["leads"] == {str(note): []}


async def test_what_still_holds_is_posted_again_and_what_ended_is_taken_back(presence: Presence, org):
    note, kim = await facts.write_note(org, "lahore: one"), Somebody(org)
    posted = presence._postings.kept
    presence.say(kim, {note: False})
    await until(lambda: posted)
    presence.sweep(asyncio.get_running_loop().time() + LAPSES_S / 3 + 1)
    again = len(posted)
    presence.leave(kim)
    await until(lambda: posted[-1] == "")

    assert again == 2
    assert posted[0] == posted[1]


async def test_postings_are_sealed_and_rubbish_is_ignored(settings, org):
    heard: list[Posting] = []
    here, there = Postings(settings.redis_url, "here"), Postings(settings.redis_url, "here")
    there.listen(heard.append, lambda: None)
    await here.start()
    await there.start()
    await asyncio.sleep(0.3)
    async with Redis.from_url(settings.redis_url) as redis:
        await redis.publish("desk:here", b"rubbish")
        here.post(org, "Kim was here")
        await until(lambda: heard)
        kept = await redis.get(f"desk:here:{org}:{here.me}")
        lapses = await redis.ttl(f"desk:here:{org}:{here.me}")
        found = await there.read(org)
        here.post(org, "")
        await here.stop()

        assert b"Kim" not in kept
        assert 0 < lapses <= LAPSES_S
        assert await redis.keys(f"desk:here:{org}*") == []
    await until(lambda: heard[-1].text == "")
    await there.stop()
    assert [posting.text for posting in found] == ["Kim was here"]
    assert heard[0] == found[0]
