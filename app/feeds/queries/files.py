"""Files that were handed in, with what their columns are taken for."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import select

from app.accounts.models import AppUser
from app.core import clock, lists
from app.core.base import Db, one_or
from app.core.ids import Id
from app.core.paging import Page, cut
from app.feeds.errors import FileGone, MappingGone
from app.feeds.models import FeedFile, FeedMapping, FeedRun, FeedSource, FeedWord
from app.feeds.schemas import ColumnCard, FileCard, MappingCard, Options, RunCard
from app.listings import rules as stock

WAITS = timedelta(days=30)


async def file_for_run(db: Db, file_id: Id) -> FeedFile:
    """Raises FileGone."""
    found: FeedFile = one_or(await db.scalars(select(FeedFile).where(FeedFile.id == file_id)), FileGone)
    return found


class StoredSheet(Struct, frozen=True):
    """Where a file lies, and how it is read where somebody has chosen."""

    name: str
    key: str
    encoding: str | None
    separator: str | None
    tab: str | None


class WaitingFile(Struct, frozen=True):
    id: Id
    name: str
    total: int | None
    uploaded_by: str | None
    uploaded_at: datetime


class WordsLeft(Struct, frozen=True):
    """`left` has the most frequent first; `learned` says what each means now."""

    left: list[dict[str, Any]]
    learned: list[tuple[dict[str, Any], str]]


async def stored(db: Db, file_id: Id) -> StoredSheet:
    """Raises FileGone."""
    columns = (FeedFile.name, FeedFile.key, FeedFile.encoding, FeedFile.separator, FeedFile.tab)
    return StoredSheet(*one_or(await db.execute(select(*columns).where(FeedFile.id == file_id)), FileGone))


async def file_card(db: Db, file_id: Id) -> FileCard:
    """With the mapping saved for such headers, else the one proposed when it came. Raises FileGone."""
    file = await file_for_run(db, file_id)
    return _file(file, await mapping_for(db, file.signature))


async def files(db: Db, *, cursor: str | None = None, limit: int = 20) -> Page[FileCard]:
    """The latest first."""
    position, cursors = await lists.position(db), lists.cursors(db, "feed_files")
    query = select(FeedFile).order_by(FeedFile.id.desc()).limit(limit + 1)
    if before := cursors.decode(cursor, tuple[Id]):
        query = query.where(FeedFile.id < before[0])
    page, more = cut(list(await db.scalars(query)), limit)
    cards = [_file(file, await mapping_for(db, file.signature)) for file in page]
    return Page(cards, cursors.encode(page[-1].id) if more else None, position)


async def mapping_for(db: Db, signature: bytes) -> FeedMapping | None:
    """What this dealer said of the same headers."""
    found: FeedMapping | None = await db.scalar(select(FeedMapping).where(FeedMapping.signature == signature))
    return found


async def mapping(db: Db, mapping_id: Id) -> FeedMapping:
    """Raises MappingGone."""
    found: FeedMapping = one_or(await db.scalars(select(FeedMapping).where(FeedMapping.id == mapping_id)), MappingGone)
    return found


async def headers_known(db: Db) -> dict[str, str | None]:
    """What this dealer's headers have meant, the latest saying first heard."""
    known: dict[str, str | None] = {}
    for columns in await db.scalars(select(FeedMapping.columns).order_by(FeedMapping.saved_at)):
        known.update(columns)
    return known


async def mappings(db: Db, *, cursor: str | None = None, limit: int = 50) -> Page[MappingCard]:
    """The latest first."""
    position, cursors = await lists.position(db), lists.cursors(db, "feed_mappings")
    query = select(FeedMapping).order_by(FeedMapping.id.desc()).limit(limit + 1)
    if before := cursors.decode(cursor, tuple[Id]):
        query = query.where(FeedMapping.id < before[0])
    page, more = cut(list(await db.scalars(query)), limit)
    return Page([mapping_card(one) for one in page], cursors.encode(page[-1].id) if more else None, position)


def mapping_card(one: FeedMapping) -> MappingCard:
    options = msgspec.convert(one.options, Options)
    return MappingCard(id=one.id, name=one.name, columns=one.columns, options=options, saved_at=one.saved_at)


async def words(db: Db) -> dict[tuple[str, str], str]:
    """What this dealer's words mean, by field and folded word."""
    found = await db.execute(select(FeedWord.field, FeedWord.said, FeedWord.meant))
    return {(field, said): meant for field, said, meant in found}


async def waiting(db: Db, *, limit: int = 5) -> list[WaitingFile]:
    """Handed in and never tried, the latest first; what a source pulled waits there."""
    tried = select(FeedRun.id).where(FeedRun.file_id == FeedFile.id).exists()
    pulled = select(FeedSource.id).where(FeedSource.file_id == FeedFile.id).exists()
    found = await db.execute(
        select(FeedFile.id, FeedFile.name, FeedFile.total, FeedFile.uploaded_at, AppUser)
        .outerjoin(AppUser, AppUser.id == FeedFile.uploaded_by)
        .where(~tried, ~pulled, FeedFile.uploaded_at > clock.now() - WAITS)
        .order_by(FeedFile.id.desc())
        .limit(limit)
    )
    return [
        WaitingFile(id_, name, total, person.name if person else None, at) for id_, name, total, at, person in found
    ]


async def left_of(db: Db, run: RunCard) -> WordsLeft:
    """The words of a run that nobody has told a meaning since it was asked for, and those that somebody has."""
    told: dict[tuple[str, str], str] = {}
    if run.unknown:
        query = select(FeedWord.field, FeedWord.said, FeedWord.meant).where(FeedWord.saved_at >= run.created_at)
        told = {(field, said): meant for field, said, meant in await db.execute(query)}
    every = [(one, told.get((one["field"], stock.fold(one["value"])))) for one in run.unknown]
    return WordsLeft(
        sorted((one for one, meant in every if meant is None), key=lambda one: -one["rows"]),
        [(one, meant) for one, meant in every if meant is not None],
    )


def _file(file: FeedFile, kept: FeedMapping | None) -> FileCard:
    shape: dict[str, Any] = file.shape
    return FileCard(
        id=file.id,
        name=file.name,
        size=file.size,
        format=shape["format"],
        encoding=shape["encoding"],
        separator=shape["separator"],
        tab=file.tab,
        tabs=tuple(shape["tabs"]),
        heading_row=shape["heading_row"],
        total=file.total,
        columns=tuple(_column(column, kept) for column in shape["columns"]),
        mapping_id=kept.id if kept else None,
        options=msgspec.convert(kept.options, Options) if kept else Options(),
        uploaded_at=file.uploaded_at,
    )


def _column(column: dict[str, Any], kept: FeedMapping | None) -> ColumnCard:
    known = kept is not None and column["header"] in kept.columns
    field = kept.columns[column["header"]] if known and kept else column["field"]
    why = "kept" if known else column["why"]
    return ColumnCard(column["header"], column["fill"], tuple(column["samples"]), field, why)
