"""The writer of the fault run: opens leads over HTTP, each again with the same key until it is acknowledged."""

import asyncio
import contextlib
import itertools
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import httpx
import uvloop

from app.core import settings
from app.core.ids import Id
from loadtests.faults import trade, world
from loadtests.faults.world import Person

WRITERS = 16
PATIENCE_S = 4.0


class Writer:
    def __init__(self, directory: Path, seed: int, rate: float) -> None:
        self._directory = directory
        self._people = world.people(directory)
        self._fronts = world.fronts(directory)
        self._chance = random.Random(seed)
        self._keys = itertools.count(self._chance.getrandbits(100))  # no two of a run ask for the same person
        self._pause_s = WRITERS / rate
        self.answers: Counter[str] = Counter()
        self.stop = asyncio.Event()

    async def run(self) -> None:
        # Never closed: a client with connections that were given up on may wait for ever.
        await asyncio.gather(*(self._write(httpx.AsyncClient(timeout=PATIENCE_S)) for _ in range(WRITERS)))
        (self._directory / "answers.json").write_text(json.dumps(self.answers))

    async def _write(self, http: httpx.AsyncClient) -> None:
        while not self.stop.is_set():
            person, key, began = self._chance.choice(self._people), Id(int=next(self._keys)), time.time()
            while (made := await self._try(http, person, key)) is None:  # noqa: ASYNC110 - a pause
                await asyncio.sleep(0.2)
            with (self._directory / "acked").open("a") as file:
                file.write(f"{made} {person.org_id} {began:.4f} {time.time():.4f}\n")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stop.wait(), self._chance.uniform(0, 2 * self._pause_s))

    async def _try(self, http: httpx.AsyncClient, person: Person, key: Id) -> str | None:
        base_url = f"http://127.0.0.1:{self._chance.choice(self._fronts)}"
        try:
            async with asyncio.timeout(PATIENCE_S):
                answer = await trade.place(http, base_url, person, key)
        except (httpx.HTTPError, OSError, TimeoutError) as error:
            self.answers["none" if isinstance(error, TimeoutError | httpx.TimeoutException) else "broken"] += 1
            return None
        self.answers[str(answer.status_code)] += 1
        if answer.status_code >= 400 and answer.status_code not in (409, 503):
            print(answer.status_code, answer.text[:500], flush=True)
        return trade.placed(answer) if answer.is_success else None


async def main(seed: int, rate: float) -> None:
    settings.install(settings.load(os.environ))
    writer = Writer(Path(os.environ["BENCH_DIR"]), seed, rate)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, writer.stop.set)
    await writer.run()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), float(sys.argv[2])))
