"""Stock written a chunk at a time, as imports do: one COPY, then one statement a table, whatever the number of cars.

Nothing is announced here: who calls it records one fact for the chunk.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from sqlalchemy import Boolean, Column, Table, Text, Uuid, and_, any_, delete, insert, literal, select, update
from sqlalchemy import cast as as_type
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.schema import DropTable

from app.core import clock
from app.core.base import Db
from app.core.copying import copied, temporary
from app.core.ids import Id, new_id
from app.listings import rules
from app.listings.models import Listing, ListingPrice, ListingSearch, ListingText
from app.listings.queries import StockBook
from app.listings.queries.codes import KINDS, Named
from app.listings.service.coding import coded
from app.listings.service.indexing import code_of, named_in, search_row, sells, text_row

_LISTING, _PRICE, _SEARCH, _TEXT = (
    cast(Table, model.__table__) for model in (Listing, ListingPrice, ListingSearch, ListingText)
)
_LEFT_OUT = ("number", "attributes", "category_id", "changed_at")
COLUMNS = tuple(column.name for column in _LISTING.columns if column.name not in _LEFT_OUT)
"""Of a listing, those that a chunk carries."""

_SEARCHED = tuple(column.name for column in _SEARCH.columns if column.name != "live")
_PLAIN = tuple(name for name in _SEARCHED if name not in COLUMNS and name not in KINDS)
_STOCKING = temporary(
    "stocking",
    *(Column(name, _LISTING.c[name].type) for name in COLUMNS),
    *(Column(name, _SEARCH.c[name].type) for name in (*_PLAIN, *KINDS)),
    Column("words", Text()),
    Column("price_id", Uuid()),
    Column("repriced", Boolean()),
)
_STOCKING_GONE = DropTable(_STOCKING)


def _empty(column: Column[Any]) -> Any:
    """What a column holds where nobody says: its default, which COPY does not fill in."""
    default = getattr(column.server_default, "arg", None)
    if column.nullable or default is None:
        return None
    said, kind = str(getattr(default, "text", default)), column.type.python_type
    return said == "true" if kind is bool else kind(said)


_EMPTY = {name: _empty(_LISTING.c[name]) for name in COLUMNS}
_LAID_OUT = "laid_out"
_NEVER_CHANGED = ("id", "org_id", "created_at")


def car(book: StockBook, values: Mapping[str, Any]) -> SimpleNamespace:
    """A listing as a chunk carries it: every column there, what was not said empty."""
    made = SimpleNamespace(**_EMPTY)
    made.__dict__.update(values)
    made.title = made.title or title(book, made)
    made.quality_score = rules.quality(made)
    return made


def lay_out(book: StockBook, one: SimpleNamespace) -> None:
    """What is written of this car, worked out ahead, in a thread that has the time: nothing of it changes any more."""
    one.__dict__[_LAID_OUT] = _row(book, one)


def title(book: StockBook, made: Any) -> str:
    """What the car is called where nobody says."""
    make, model, trim = book.car(made.make_id, made.model_id, made.trim_id)
    parts = (make and make.name, model and model.name, trim and trim.name, made.year and str(made.year))
    return " ".join(part for part in parts if part)


async def stands(db: Db, ids: Sequence[Id]) -> dict[Id, tuple[str, str | None]]:
    """Status and doubt of those of the org's cars that are still there."""
    mine = (_LISTING.c.org_id == db.scope.org_id, _LISTING.c.deleted_at.is_(None))
    wanted = _LISTING.c.id == any_(literal(list(ids), pg.ARRAY(Uuid())))
    rows = await db.execute(select(_LISTING.c.id, _LISTING.c.status, _LISTING.c.doubt).where(*mine, wanted))
    return {id_: (status, doubt) for id_, status, doubt in rows}


async def held_cars(db: Db, ids: Sequence[Id]) -> dict[Id, dict[str, Any]]:
    """Of those, the org's cars that are still there, locked: every column a chunk carries."""
    if not ids:
        return {}
    mine = (_LISTING.c.org_id == db.scope.org_id, _LISTING.c.deleted_at.is_(None))
    wanted = _LISTING.c.id == any_(literal(list(ids), pg.ARRAY(Uuid())))
    columns = [_LISTING.c[name] for name in COLUMNS]
    found = await db.execute(select(*columns).where(*mine, wanted).order_by(_LISTING.c.id).with_for_update())
    return {row["id"]: dict(row) for row in found.mappings()}


async def add_stock(db: Db, book: StockBook, cars: Sequence[SimpleNamespace], *, reason: str) -> None:
    """New cars of the org in scope, with their first prices."""
    if not cars:
        return
    await _laid_down(db, book, cars, None)
    await db.execute(insert(_LISTING).from_select(COLUMNS, _taken(*COLUMNS)))
    await _priced(db, reason)
    await db.execute(insert(_SEARCH).from_select((*_SEARCHED, "live"), await _searched(db)))
    await db.execute(insert(_TEXT).from_select(_TEXT.columns.keys(), _words()))
    await db.execute(_STOCKING_GONE)


async def change_stock(
    db: Db, book: StockBook, cars: Sequence[SimpleNamespace], repriced: set[Id], *, reason: str
) -> None:
    """Cars of the org in scope as they are from now on; the caller holds their rows locked."""
    if not cars:
        return
    await _laid_down(db, book, cars, repriced)
    mine = (_LISTING.c.id == _STOCKING.c.id, _LISTING.c.org_id == db.scope.org_id)
    new = {name: _STOCKING.c[name] for name in COLUMNS if name not in _NEVER_CHANGED}
    await db.execute(update(_LISTING).where(*mine).values(new))
    await _priced(db, reason)
    searched = (*_SEARCHED, "live")
    for table, names, rows in ((_SEARCH, searched, await _searched(db)), (_TEXT, _TEXT.columns.keys(), _words())):
        into = pg.insert(table).from_select(names, rows)
        values = {name: into.excluded[name] for name in names if name not in ("id", "org_id")}
        await db.execute(into.on_conflict_do_update(index_elements=["id"], set_=values))
    await db.execute(_STOCKING_GONE)


async def hide(db: Db, ids: Sequence[Id]) -> None:
    """Deleted cars leave what searches read."""
    for table in (_TEXT, _SEARCH):
        mine = table.c.id == any_(literal(list(ids), pg.ARRAY(Uuid())))
        await db.execute(delete(table).where(table.c.org_id == db.scope.org_id, mine))


async def _laid_down(db: Db, book: StockBook, cars: Iterable[SimpleNamespace], repriced: set[Id] | None) -> None:
    """In the temporary table: a chunk's cars with all that is written of them."""
    laid_out: list[_LaidOut] = [one.__dict__.get(_LAID_OUT) or _row(book, one) for one in cars]
    codes = await coded(db, {named for one in laid_out for named in one.named})
    await copied(db, _STOCKING, (_flat(one, codes, repriced) for one in laid_out))


def _flat(one: "_LaidOut", codes: Mapping[Named, int], repriced: set[Id] | None) -> tuple[Any, ...]:
    searched = one.searched
    return (
        *one.listed,
        *(searched[name] for name in _PLAIN),
        *(code_of(searched, kind, codes) for kind in KINDS),
        one.words,
        new_id(),
        repriced is None or searched["id"] in repriced,
    )


class _LaidOut(NamedTuple):
    listed: list[Any]
    searched: dict[str, Any]
    named: list[Named]
    words: str


def _row(book: StockBook, one: SimpleNamespace) -> _LaidOut:
    make, model, trim = book.car(one.make_id, one.model_id, one.trim_id)
    place = book.places_by_id.get(one.location_id)
    searched = search_row(one, make, model, trim, place)
    words = text_row(one, make, model, trim, place)["words"]
    return _LaidOut([one.__dict__[name] for name in COLUMNS], searched, named_in(searched), words)


async def _searched(db: Db) -> Any:
    columns = [_STOCKING.c[name] for name in _SEARCHED]
    return select(*columns, and_(_STOCKING.c.offered, literal(await sells(db))))


def _taken(*names: str) -> Any:
    return select(*(_STOCKING.c[name] for name in names))


def _words() -> Any:
    return select(_STOCKING.c.id, _STOCKING.c.org_id, as_type(_STOCKING.c.words, pg.TSVECTOR))


async def _priced(db: Db, reason: str) -> None:
    names = ("id", "org_id", "listing_id", "price", "at", "reason")
    now, why = literal(clock.now(), _PRICE.c.at.type), literal(reason, Text())
    row = _STOCKING.c
    taken = select(row.price_id, row.org_id, row.id, row.asking_price, now, why).where(row.repriced)
    await db.execute(insert(_PRICE).from_select(names, taken))
