"""A worker takes a run through its sheet, a chunk of rows a transaction; killed anywhere, another goes on there."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct

from app.adapters import storage
from app.core import clock, settings
from app.core.base import Db
from app.core.jobs_ledger import Later, Work
from app.feeds import figures, queries, service
from app.feeds.facts import RunApproved, RunStarted, UndoStarted
from app.feeds.models import FeedRun
from app.feeds.rules.cars import Read
from app.feeds.rules.files import open_sheet
from app.feeds.rules.holding import FILE_GONE
from app.feeds.rules.reading import Reader
from app.feeds.rules.sheets import SheetRow
from app.feeds.rules.unreadable import Unreadable
from app.feeds.rules.vocabulary import Vocabulary
from app.feeds.service import Ground
from app.listings.queries import stock_book

_FIRST, _MOST = 100, 2_000
"""Rows of the first chunk, so that a screen moves at once, and of the biggest."""

_PATIENCE_S = 1.0

Rows = list[tuple[SheetRow, Read]]


class _Job(Struct, frozen=True):
    run: FeedRun
    file: queries.StoredSheet
    ground: Ground
    vocabulary: Vocabulary
    learned: dict[tuple[str, str], str]


async def run_import(work: Work, fact: RunStarted | RunApproved) -> None:
    """One run of an org at a time: the next waits for its turn."""
    async with work.step() as db:
        if await queries.another_runs(db, fact.id):
            raise Later(_PATIENCE_S)
        run = await service.begin(db, fact.id)
        if run is None:
            return
        ground, file = await _ground(db, run), await queries.stored(db, run.file_id)
        job = _Job(run, file, ground, queries.vocabulary(ground.book), await queries.words(db))
    try:
        async with _fetched(job.file) as path:
            await _through(work, job, path)
    except Unreadable as error:
        async with work.unit() as db:
            await service.fail(db, fact.id, error.code)
    except storage.NoSuchFile:
        async with work.unit() as db:
            await service.fail(db, fact.id, FILE_GONE)


async def undo_import(work: Work, fact: UndoStarted) -> None:
    async with work.step() as db:
        run = await queries.run_for_change(db, fact.id)
        ground = await _ground(db, run)
    more = True
    while more:
        async with work.step() as db:
            more = await service.undo_some(db, fact.id, ground)


async def _through(work: Work, job: _Job, path: Path) -> None:
    """Stage by stage, chunk by chunk. While PostgreSQL writes one chunk, a thread reads the next."""
    run: FeedRun | None = job.run
    while run is not None:
        if run.stage == "sweep":
            await _sweep(work, job)
        elif not await _rows_of(work, job, run, path):
            return
        async with work.step() as db:
            run = await service.next_stage(db, run.id)
    async with work.unit() as db:
        await service.finish(db, job.run.id)


async def _rows_of(work: Work, job: _Job, run: FeedRun, path: Path) -> bool:
    """False where the run was stopped, or another worker has it."""
    at = run.checkpoint
    chunks = await asyncio.to_thread(_chunks, job, path, at)
    chunk = await asyncio.to_thread(next, chunks, None)
    while chunk:
        following = asyncio.create_task(asyncio.to_thread(next, chunks, None))
        try:
            began = time.monotonic()
            async with work.step() as db:
                done = await service.advance(db, run.id, job.ground, chunk, after=at)
            if done is None:
                return False
            figures.advanced(run, done, time.monotonic() - began)
            run, at = done, done.checkpoint
            chunk = await following
        finally:
            with contextlib.suppress(Exception):
                await following
    return True


async def _sweep(work: Work, job: _Job) -> None:
    more = True
    while more:
        async with work.step() as db:
            more = await service.sweep(db, job.run.id, job.ground)


def _chunks(job: _Job, path: Path, after: int) -> Iterator[Rows]:
    file = job.file
    sheet = open_sheet(path, file.name, encoding=file.encoding, separator=file.separator, tab=file.tab)
    mapping = {header: field for header, field in job.run.columns.items() if field}
    this_year = clock.now().year
    reader = Reader(job.vocabulary, mapping, sheet.columns, learned=job.learned, this_year=this_year)
    chunk, size = Rows(), _FIRST
    for row in sheet.rows(after=after):
        chunk.append((row, reader.read(row)))
        if len(chunk) == size:
            yield chunk
            chunk, size = Rows(), min(_MOST, size * 5)
    if chunk:
        yield chunk


async def _ground(db: Db, run: FeedRun) -> Ground:
    book = await stock_book(db)
    stands = await queries.stands(db, book)
    return Ground(book, await queries.branches(db), run.branch_id, run.within, run.publish, stands)


@asynccontextmanager
async def _fetched(file: queries.StoredSheet) -> AsyncIterator[Path]:
    """The sheet on this machine's disk, for as long as it is read."""
    with tempfile.TemporaryDirectory(prefix="desk-import-") as directory:
        path = Path(directory) / "sheet"
        await storage.installed(settings.current()).fetch_to(file.key, path)
        yield path
