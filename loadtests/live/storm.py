"""Leads that anybody sends, at an even pace, and when each was acknowledged and was on the last screen."""

import asyncio
import random
import time
from collections.abc import Sequence

import asyncpg
import httpx
from msgspec import Struct

from app.core.ids import Id, new_id
from loadtests.live.client import Client, Table
from loadtests.live.measure import quantile, rounded

_WORDS = (
    "Is it still there?",
    "Gari kis area mein dekh sakte hain?",
    "What is your last price for a cash deal tomorrow?",
    "Is the file original and the token paid? I can come to Jail Road on Saturday with a mechanic.",
)
_NETWORKS = (300, 301, 304, 312, 321, 333, 345)


class Acknowledged(Struct, frozen=True):
    """A lead that was answered with 201, with the moments its request left and its answer was read."""

    lead_id: str
    asked: float
    answered: float


class Storm:
    """`rate` leads a second, each by a new buyer, whether or not the ones before were answered."""

    def __init__(self, url: str, listings: Sequence[Id], *, seed: str) -> None:
        self._url, self._listings, self._chance = url, listings, random.Random(seed)
        self.acknowledged: list[Acknowledged] = []
        self.refused: list[str] = []

    async def run(self, rate: float, seconds: float) -> None:
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
        async with httpx.AsyncClient(limits=limits, timeout=30) as http, asyncio.TaskGroup() as group:
            began = time.monotonic()
            for number in range(round(rate * seconds)):
                await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
                group.create_task(self._send(http))

    async def _send(self, http: httpx.AsyncClient) -> None:
        asked = time.monotonic()
        answer = await http.post(
            f"{self._url}/api/v1/leads",
            json={
                "listing_id": str(self._chance.choice(self._listings)),
                "name": "Ahsan Raza",
                "phone": f"+92{self._chance.choice(_NETWORKS)}{self._chance.randrange(10_000_000):07d}",
                "message": self._chance.choice(_WORDS),
            },
            headers={"Idempotency-Key": str(new_id())},
        )
        answered = time.monotonic()
        if answer.status_code == 201:
            self.acknowledged.append(Acknowledged(answer.json()["id"], asked, answered))
        else:
            self.refused.append(f"{answer.status_code} {answer.text[:200]}")


class Seen(Struct, frozen=True):
    """What became of the leads of a storm on the screens. `late_s`: from the answer to the last byte at the last."""

    late_s: list[float]
    whole_s: list[float]
    answer_s: list[float]
    lost: int
    table: Table


async def seen(owner_url: str, storm: Storm, client: Client, sockets: int, *, patience_s: float = 15) -> Seen:
    """Wait until every acknowledged lead is at all `sockets`, or patience ends."""
    seqs = await _seqs(owner_url, [one.lead_id for one in storm.acknowledged])
    until = time.monotonic() + patience_s
    while seqs and max(client.done, default=0) < max(seqs.values()) and time.monotonic() < until:
        await client.more(0.5)
    table = await client.table()
    whole = [row for row in table.rows if row.count >= sockets]
    late, total, lost = [], [], len(storm.acknowledged) - len(seqs)
    for one in storm.acknowledged:
        # a frame that tells everything up to `number` has told this lead
        row = next((row for row in whole if row.number >= seqs.get(one.lead_id, 2**62)), None)
        if row is None:
            lost += one.lead_id in seqs
            continue
        late.append(max(0.0, row.last - one.answered))
        total.append(row.last - one.asked)
    marks = sum(row.marks for row in whole)
    missing = max(0, len(storm.acknowledged) - marks)
    answers = [one.answered - one.asked for one in storm.acknowledged]
    return Seen(late, total, answers, max(lost, missing), table)


async def _seqs(owner_url: str, lead_ids: Sequence[str]) -> dict[str, int]:
    connection = await asyncpg.connect(owner_url)
    try:
        found = await connection.fetch(
            "select payload->>'id' as id, seq from event where tag = 'lead.opened' and payload->>'id' = any($1)",
            list(lead_ids),
        )
        return {row["id"]: row["seq"] for row in found}
    finally:
        await connection.close()


def milliseconds(values: Sequence[float], part: float) -> float | None:
    found = quantile(values, part)
    return rounded(None if found is None else found * 1000, 1)
