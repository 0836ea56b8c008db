"""What taking a sheet stands on: the catalogue as words, the org's branches by the names people write."""

from typing import Any

from sqlalchemy import select

from app.core.base import Db
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import Id
from app.feeds.rules.vocabulary import Vocabulary
from app.listings import rules as stock
from app.listings.queries import StockBook, names_in_book, stock_book
from app.orgs.models import Branch


async def branches(db: Db) -> dict[str, Id]:
    """Open branches by slug and by folded name, the oldest first."""
    open_ = (Branch.org_id == db.scope.org_id, Branch.archived_at.is_(None))
    found: dict[str, Id] = {}
    rows = await db.execute(select(Branch.id, Branch.slug, Branch.name).where(*open_).order_by(Branch.id))
    for id_, slug, name in rows:
        found.setdefault(slug, id_)
        found.setdefault(stock.fold(name), id_)
    return found


async def stands(db: Db, book: StockBook) -> dict[Id, Any]:
    """The city of each branch, where we know it: a car whose row names none stands there."""
    by_name = {stock.fold(place.name): place for place in book.places.values()}
    rows = await db.execute(select(Branch.id, Branch.city).where(Branch.org_id == db.scope.org_id))
    return {id_: by_name[name] for id_, city in rows if (name := stock.fold(city.strip())) in by_name}


async def branch_named(db: Db, slug: str) -> Id:
    """Raises Invalid."""
    found = (await branches(db)).get(slug)
    if found is None:
        raise Invalid([{"field": "branch", "message": _("There is no such branch here.")}])
    return found


async def vocabulary_now(db: Db) -> Vocabulary:
    return vocabulary(await stock_book(db))


def vocabulary(book: StockBook) -> Vocabulary:
    """The catalogue as the words sheets use; it takes a tenth of a second, so ask once for a sheet."""
    names = names_in_book(book)
    levels = {car: {str(year): lakh for year, lakh in by_year.items()} for car, by_year in stock.LEVELS.items()}
    return Vocabulary.of(names.makes, names.models, names.trims, names.places, levels)
