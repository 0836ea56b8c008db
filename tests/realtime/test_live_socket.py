"""The live socket as its two kinds of listener meet it; every test runs on the raw and on the portable hub."""

import asyncio
import itertools
import json

import httpx
import pytest
import websockets

from app.core import db, feeds
from app.core.base import Scope
from app.core.ids import new_id
from tests.realtime.clients import frame, frame_of, opened
from tests.realtime.conftest import Guest
from tests.realtime.proof import facts


async def position(org) -> str:
    async with db.unit(Scope(org_id=org), read=True) as session:
        return str(await feeds.position(session))


async def test_a_machine_is_greeted_then_told_every_fact_in_order(board, org):
    await facts.write_note(org, "first")
    async with opened(board, Guest(org)) as socket:
        hello = await frame(socket)
        made = [await facts.write_note(org, f"note {i}") for i in range(3)]
        told = [await frame(socket) for _ in range(3)]

    assert hello == {"t": "hello", "epoch": hello["epoch"], "seq": 1}
    assert [(one["p"], one["seq"], one["tag"]) for one in told] == [
        (1, 2, "note.written"), (2, 3, "note.written"), (3, 4, "note.written"),
    ]  # fmt: skip
    assert [one["data"]["id"] for one in told] == [str(note) for note in made]


async def test_a_machine_resumes_after_its_position_and_misses_nothing_however_far_behind(board, org):
    async with db.unit(Scope(org_id=org)) as session:
        for _ in range(1_300):
            facts.events.record(session, facts.SecretTold(org_id=org, id=new_id()))
    epoch = (await position(org)).partition(":")[0]
    async with opened(board, Guest(org), f"?after={epoch}:7") as socket:
        hello = await frame(socket)
        told = [await frame(socket) for _ in range(1_293)]
        await facts.write_note(org, "live")
        last = await frame(socket)

    assert hello["seq"] == 7
    assert [one["seq"] for one in told] == list(range(8, 1_301))
    assert [one["p"] for one in told] == list(range(7, 1_300))
    assert (last["p"], last["seq"]) == (1_300, 1_301)


@pytest.mark.parametrize("after", ["0190a0b0-0000-7000-8000-000000000000:1", "{epoch}:999"])
async def test_a_position_of_another_epoch_or_ahead_gets_one_resync(board, org, after):
    await facts.write_note(org, "first")
    epoch = (await position(org)).partition(":")[0]
    async with opened(board, Guest(org), "?after=" + after.format(epoch=epoch)) as socket:
        hello, resync = await frame(socket), await frame(socket)
        await facts.write_note(org, "second")
        event = await frame(socket)

    assert (hello["t"], hello["seq"]) == ("hello", 1)
    assert resync == {"t": "resync", "epoch": epoch, "seq": 1}
    assert (event["p"], event["seq"]) == (1, 2)


async def test_a_machine_is_not_told_facts_of_other_branches_or_beyond_its_role(board, org):
    mine, other = new_id(), new_id()
    await facts.write_note(org, "start")
    async with opened(board, Guest(org, role="sales", branch=str(mine))) as socket:
        await frame(socket)
        await facts.write_note(org, "theirs", branch_id=other)
        await facts.tell(facts.SecretTold(org_id=org, id=new_id()))
        await facts.write_note(new_id(), "of another org")
        await facts.write_note(org, "ours", branch_id=mine)
        told = await frame(socket)

    assert (told["p"], told["seq"], told["data"]["branch_id"]) == (1, 4, str(mine))


async def test_a_page_hears_a_change_of_its_topic_with_the_position_it_leads_to(board, org):
    await facts.write_note(org, "first")
    at = await position(org)
    async with opened(board, Guest(org), f"?topics=notes:org@{at}") as socket:
        welcome, caught_up = await frame(socket), await frame(socket)
        note = await facts.write_note(org, "second")
        patch = await frame_of(socket, "patch")

    assert (welcome["op"], welcome["hb"]) == ("welcome", 4)
    assert (caught_up["p"], caught_up["n"], caught_up["content"]) == (1, 1, "")
    assert (patch["t"], patch["p"], patch["n"]) == ("notes:org", 1, 2)
    assert patch["content"].startswith(f'<hx-partial hx-target="#notes" hx-swap="row"><li id="note-{note}"')
    assert patch["say"] == {"en: Note.": 1}


async def test_catching_up_tells_each_fragment_once_as_it_is_now(board, org):
    note = await facts.write_note(org, "one")
    at = await position(org)
    for body in ("two", "three"):
        await facts.write_note(org, body, note_id=note)
    doomed = await facts.write_note(org, "doomed")
    await facts.erase_note(org, doomed)
    async with opened(board, Guest(org), f"?topics=notes:org@{at}") as socket:
        await frame(socket)
        patch = await frame(socket)

    assert (patch["p"], patch["n"]) == (1, 5)
    assert patch["content"].count("note-") == 2
    assert "<b>three</b>" in patch["content"]
    assert f'hx-target="#note-{doomed}" hx-swap="delete"' in patch["content"]


@pytest.mark.parametrize("at", ["", "0190a0b0-0000-7000-8000-000000000000:1", "{epoch}:77", "{epoch}:0"])
async def test_a_page_without_a_usable_position_is_told_to_start_over(board, org, at):
    await facts.write_note(org, "first")
    await facts.write_note(org, "second")
    async with db.system() as session:
        await session.execute(facts.text("delete from event where seq = 1"))  # pruned
    epoch = (await position(org)).partition(":")[0]
    async with opened(board, Guest(org), "?topics=") as socket:
        await frame(socket)
        await socket.send(json.dumps({"op": "sub", "topics": {"notes:org": at.format(epoch=epoch)}}))
        reset = await frame(socket)
        await facts.write_note(org, "third")
        patch = await frame(socket)

    assert reset == {"op": "reset", "t": "notes:org", "n": 2, "epoch": epoch}
    assert (patch["p"], patch["n"]) == (2, 3)


async def test_more_than_five_hundred_facts_behind_a_page_starts_over(board, org):
    await facts.write_note(org, "first")
    at = await position(org)
    async with db.unit(Scope(org_id=org)) as session:
        for _ in range(501):
            facts.events.record(session, facts.SecretTold(org_id=org, id=new_id()))
    async with opened(board, Guest(org), f"?topics=notes:org@{at}") as socket:
        await frame(socket)

        assert (await frame(socket))["op"] == "reset"


async def test_a_state_topic_gets_its_snapshot_and_then_the_latest(board, org):
    await facts.write_note(org, "first")
    async with opened(board, Guest(org), "?topics=count:org") as socket:
        await frame(socket)
        snapshot = await frame(socket)
        await facts.write_note(org, "second")
        latest = await frame(socket)

    assert (snapshot["p"], snapshot["n"]) == (0, 1)
    assert ">1 notes<" in snapshot["content"]
    assert (latest["p"], latest["n"]) == (0, 2)
    assert ">2 notes<" in latest["content"]


async def test_a_new_epoch_makes_everybody_start_over(board, org):
    await facts.write_note(org, "first")
    at = await position(org)
    async with opened(board, Guest(org)) as machine, opened(board, Guest(org), f"?topics=notes:org@{at}") as page:
        await frame(machine)
        await frame_of(page, "patch")
        restored = new_id()
        async with db.system() as session:
            await session.execute(facts.text("update feed set epoch = :e, seq = 0"), {"e": restored})
            await session.execute(facts.text("delete from event"))
        resync, reset = await frame(machine), await frame(page)

    assert resync == {"t": "resync", "epoch": str(restored), "seq": 0}
    assert reset == {"op": "reset", "t": "notes:org", "n": 0, "epoch": str(restored)}


async def test_a_failing_live_function_costs_pages_a_fresh_start_and_machines_nothing(board, org):
    await facts.write_note(org, "first")
    at = await position(org)
    async with opened(board, Guest(org)) as machine, opened(board, Guest(org), f"?topics=notes:org@{at}") as page:
        await frame(machine)
        await frame_of(page, "patch")
        await facts.tell(facts.ThingBroken(org_id=org, id=new_id()))
        told, reset = await frame(machine), await frame(page)

    assert (told["seq"], told["tag"]) == (2, "thing.broken")
    assert (reset["op"], reset["n"]) == ("reset", 2)


@pytest.mark.parametrize("code", [4401, 4403, 1012])
async def test_the_end_of_a_session_closes_its_socket_within_two_seconds(board, org, code):
    await facts.write_note(org, "first")
    leaving, staying = Guest(org), Guest(org)
    async with opened(board, leaving) as gone, opened(board, staying) as there:
        await frame(gone)
        await frame(there)
        await facts.tell(facts.GuestLeft(org_id=org, id=new_id(), session_id=leaving.session, code=code))
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await frame(gone, within=2)

        assert closed.value.rcvd.code == code
        assert (await frame(there))["tag"] == "guest.left"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("nonsense", 4400),
        ('{"op":"sub","topics":{"notes:org":"not a position"}}', 4400),
        ('{"op":"sub","topics":{"<script>":""}}', 4400),
        ('{"op":"shout"}', 4400),
        ('{"op":"sub","topics":{"branch:theirs":""}}', 4403),
        ('{"op":"sub","topics":{"unheard:of":""}}', 4403),
        ('{"op":"unsub","topics":[]}', 4429),
        ("[" * 15_000, 4400),
        ("x" * 20_000, 1009),
    ],
)
async def test_what_a_page_may_not_send_closes_its_socket(board, org, sent, code):
    async with opened(board, Guest(org), "?topics=") as socket:
        code_seen = await asyncio.wait_for(_insist(socket, sent, times=40 if code == 4429 else 1), 5)

    assert code_seen == code


async def _insist(socket, sent, *, times: int) -> int:
    try:
        for _ in range(times):
            await socket.send(sent)
        async for _ in socket:
            pass
    except websockets.ConnectionClosed:
        pass
    return socket.close_code


async def test_origin_and_credentials_are_checked_before_the_handshake(board, org):
    guest = Guest(org)
    ours = board.url
    cookie = {"Cookie": f"sid={guest.token}"}
    tried = {
        "evil": {**cookie, "Origin": "https://evil.example"},
        "look-alike": {**cookie, "Origin": ours + ".evil.example"},
        "null": {**cookie, "Origin": "null"},
        "https": {**cookie, "Origin": ours.replace("http", "https")},
        "none": cookie,
        "bearer-and-evil": {**guest.as_bearer(), "Origin": "https://evil.example"},
        "nobody": {"Origin": ours},
        "false bearer": {"Authorization": "Bearer x"},
    }
    for headers in tried.values():
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with websockets.connect(f"ws://127.0.0.1:{board.port}/live", additional_headers=headers):
                pass
        assert refused.value.response.status_code == 403
    with pytest.raises(websockets.InvalidStatus):
        async with opened(board, guest, "?topics=branch:theirs"):
            pass
    async with websockets.connect(
        f"ws://127.0.0.1:{board.port}/live", additional_headers={**cookie, "Origin": ours}
    ) as socket:
        assert (await frame(socket))["t"] == "hello"


async def test_a_browser_with_an_ended_session_is_told_to_sign_in_and_not_to_try_again(board, org):
    async with websockets.connect(
        f"ws://127.0.0.1:{board.port}/live?topics=", additional_headers={"Cookie": "sid=old", "Origin": board.url}
    ) as socket:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await frame(socket)

    assert closed.value.rcvd.code == 4401


async def test_an_old_page_is_told_to_reload(board, org):
    async with opened(board, Guest(org), "?topics=&v=0") as socket:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await frame(socket)

    assert closed.value.rcvd.code == 4409


async def test_one_person_has_at_most_twenty_sockets(board, org):
    guest = Guest(org)
    async with asyncio.TaskGroup() as group:
        entered = [group.create_task(_open_and_wait(board, guest)) for _ in range(21)]

    assert sorted(task.result() for task in entered) == [0] * 20 + [4429]


async def _open_and_wait(board, guest) -> int:
    try:
        async with opened(board, guest) as socket:
            await frame(socket)
            await asyncio.sleep(1)
            return 0
    except websockets.ConnectionClosed as closed:
        return closed.rcvd.code


async def test_polling_gives_the_frames_a_socket_would(board, org):
    note = await facts.write_note(org, "first")
    at = await position(org)
    await facts.write_note(org, "second", note_id=note)
    async with httpx.AsyncClient(base_url=board.url, headers=Guest(org).as_bearer()) as http:
        answer = await http.get("/live/since", params={"topics": f"notes:org@{at},count:org"})
        foreign = await http.get("/live/since", params={"topics": "branch:theirs"})

    patch, snapshot, beat = answer.json()
    assert (patch["op"], patch["p"], patch["n"]) == ("patch", 1, 2)
    assert "<b>second</b>" in patch["content"]
    assert (snapshot["t"], beat["op"]) == ("count:org", "hb")
    assert foreign.is_error


async def test_a_paced_state_is_shown_once_in_so_long_and_ends_as_it_is(board, org):
    await facts.write_note(org, "first")
    shown, beats = [], []
    async with opened(board, Guest(org), "?topics=gauge:org") as socket:
        await frame_of(socket, "patch")

        async def write() -> None:
            for number in range(30):
                await facts.write_note(org, f"note {number}")

        writing = asyncio.create_task(write())
        async with asyncio.timeout(20):
            while not shown or "31 notes" not in shown[-1][1]["content"]:
                got = json.loads(await socket.recv())
                if got.get("op") == "patch":
                    shown.append((asyncio.get_running_loop().time(), got))
                elif got.get("op") == "hb":
                    beats.append((got["heads"]["gauge:org"], shown[-1][1]["n"] if shown else 1))
        await writing
    times = [at for at, _frame in shown]

    assert all(later - earlier > facts.PACE_S * 0.9 for earlier, later in itertools.pairwise(times))
    assert len(shown) <= 2 + (times[-1] - times[0]) / facts.PACE_S
    assert [one["p"] for _at, one in shown] == [0] * len(shown)
    assert shown[-1][1]["n"] == 31
    assert all(head <= sent for head, sent in beats), "a heartbeat promised what was not sent yet"
