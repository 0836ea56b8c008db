"""A worker takes a run through its sheet, a chunk of rows a transaction; killed anywhere, another goes on there."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct

from app.adapters import http, storage
from app.core import clock, settings
from app.core.base import Db
from app.core.jobs_ledger import Later, Work
from app.feeds import figures, intake, queries, service
from app.feeds.facts import RunApproved, RunStarted, SourceDue, UndoStarted
from app.feeds.models import FeedRun, FeedSource
from app.feeds.rules import pulling
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


class Unfetched(Exception):
    """No sheet came: `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Rows = list[tuple[SheetRow, Read]]


class _Chunk(Struct, frozen=True):
    """Rows, and the cars that some of them, by number, will make if they are new."""

    rows: Rows
    ready: dict[int, service.Change]


class _Course(Struct):
    """`new`: most rows of late made new cars, so that it is worth making those to come ahead of the database."""

    new: bool


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


async def fetch_source(work: Work, fact: SourceDue) -> None:
    """A sheet at an address, if it is another one than the last. Fetched twice where a worker died: it is only read.

    The file has the id of the job, so that a second try writes the same one.
    """
    async with work.step() as db:
        source = await queries.source_asked(db, fact.id)
    if source is None:
        return
    with tempfile.TemporaryDirectory(prefix="desk-pull-") as directory:
        path = Path(directory) / "sheet"
        outcome = await _pull(work, source, path)
    if outcome is not None:
        figures.PULLS.labels(outcome=outcome).inc()


async def _pull(work: Work, source: FeedSource, path: Path) -> str | None:
    try:
        answer = await _download(source, path)
        if answer.status == 304 or await asyncio.to_thread(intake.digest_of, path) == source.digest:
            async with work.unit() as db:
                await service.note_unchanged(db, source.id)
            return "unchanged"
        kept, looked = await intake.take_in_path(source.org_id, path, source.name, file_id=work.job_id)
        if looked.total == 0:
            raise Unreadable(pulling.NO_ROWS)
    except (Unfetched, Unreadable) as fault:
        async with work.unit() as db:
            return await service.note_failure(db, source.id, fault.code)
    headers = answer.headers
    async with work.unit() as db:
        return await service.take_pulled(
            db, source.id, kept, looked, etag=headers.get("etag"), last_modified=headers.get("last-modified")
        )


async def _download(source: FeedSource, path: Path) -> http.Answer:
    """From there or where it leads; each address is looked at like the first. Raises Unfetched."""
    client = http.outgoing_for(settings.current())
    headers = pulling.asking(
        auth=source.auth, user=source.auth_user, secret=source.secret, etag=source.etag,
        last_modified=source.last_modified,
    )  # fmt: skip
    try:
        answer = await _followed(client, source.url, headers, path)
    except http.UrlNotAllowed:
        raise Unfetched(pulling.NOT_ALLOWED) from None
    except http.TooLarge:
        raise Unfetched(pulling.TOO_LARGE) from None
    except http.TooSlow:
        raise Unfetched(pulling.TOO_SLOW) from None
    except http.Unreachable:
        raise Unfetched(pulling.UNREACHABLE) from None
    finally:
        await client.close()
    if answer.status != 200 and not (answer.status == 304 and source.digest):
        raise Unfetched(pulling.fault_of(answer.status))
    return answer


async def _followed(client: http.Outgoing, url: str, headers: Mapping[str, str], path: Path) -> http.Answer:
    hops = 0
    while True:
        client.check_sealed(url)
        answer = await client.download(
            url, path, headers=headers, most_bytes=intake.MOST_BYTES, within_s=pulling.WITHIN_S
        )
        next_url = pulling.onward(url, answer.status, answer.headers.get("location"))
        if next_url is None or hops == pulling.MOST_HOPS:
            return answer
        headers, url, hops = pulling.carried(headers, url, next_url), next_url, hops + 1


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
    course = _Course(run.stage == "write" and not run.dry_run)
    chunks = await asyncio.to_thread(_chunks, job, path, at, course)
    chunk = await asyncio.to_thread(next, chunks, None)
    while chunk:
        following = asyncio.create_task(asyncio.to_thread(next, chunks, None))
        try:
            began = time.monotonic()
            async with work.step() as db:
                done = await service.advance(db, run.id, job.ground, chunk.rows, after=at, ready=chunk.ready)
            if done is None:
                return False
            course.new = 2 * (done.created - run.created) > len(chunk.rows) and not run.dry_run
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


def _chunks(job: _Job, path: Path, after: int, course: _Course) -> Iterator[_Chunk]:
    file = job.file
    sheet = open_sheet(path, file.name, encoding=file.encoding, separator=file.separator, tab=file.tab)
    mapping = {header: field for header, field in job.run.columns.items() if field}
    this_year = clock.now().year
    reader = Reader(job.vocabulary, mapping, sheet.columns, learned=job.learned, this_year=this_year)
    chunk, size = Rows(), _FIRST
    for row in sheet.rows(after=after):
        chunk.append((row, reader.read(row)))
        if len(chunk) == size:
            yield _chunk(job, chunk, course)
            chunk, size = Rows(), min(_MOST, size * 5)
    if chunk:
        yield _chunk(job, chunk, course)


def _chunk(job: _Job, rows: Rows, course: _Course) -> _Chunk:
    """All of it that needs no database: a thread has the time while PostgreSQL writes the chunk before."""
    ready = {}
    if course.new:
        for _, read in rows:
            if not read.problems:
                ready[read.number] = service.made_ready(job.run.org_id, job.ground, read)
    return _Chunk(rows, ready)


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
