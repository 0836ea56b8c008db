"""What other systems sent, and what an arriving document needs to know: its car, its branch, the buyer."""

from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.core import clock
from app.core.base import Db, kept, one_or
from app.core.errors import NotFound
from app.core.ids import Id, new_id
from app.leads.errors import OriginalForgotten
from app.leads.models import Lead, LeadDocument
from app.leads.queries.leads import require_view
from app.leads.queries.words import Asked
from app.leads.schemas import DocumentRow, Original
from app.listings.models import Listing
from app.orgs.models import Branch

_SHOWN = 20
_HOLD = insert(cast(Table, LeadDocument.__table__)).on_conflict_do_nothing()
_HELD = kept(select(LeadDocument).where(LeadDocument.key == bindparam("key")).with_for_update())


async def document_for_change(db: Db, *, key: bytes, via: str, digest: bytes) -> LeadDocument:
    """The row of this document, made if there is none. A twin that is being taken in is waited for."""
    values = {"id": new_id(), "org_id": db.scope.org_id, "key": key, "via": via, "digest": digest}
    await db.execute(_HOLD, {**values, "kind": "adf", "received_at": clock.now()})
    found: LeadDocument = one_or(await db.scalars(_HELD, {"key": key}), NotFound)
    return found


async def documents(db: Db, *, within: Id | None) -> list[DocumentRow]:
    """The latest 20, the latest first; of one branch only what became a lead there."""
    query = (
        select(LeadDocument, Lead.ref)
        .outerjoin(Lead, Lead.id == LeadDocument.lead_id)
        .order_by(LeadDocument.received_at.desc(), LeadDocument.id.desc())
        .limit(_SHOWN)
    )
    found = await db.execute(query if within is None else query.where(Lead.branch_id == within))
    return [
        DocumentRow(
            id=one.id, via=one.via, received_at=one.received_at, external_id=one.external_id, error=one.error,
            lead_id=one.lead_id, ref=ref, repeated=one.repeated, unknown=one.unknown,
        )
        for one, ref in found
    ]  # fmt: skip


async def original(db: Db, document_id: Id, *, within: Id | None) -> Original:
    """What came, for whoever sees its lead; what became none is the whole org's. Raises NotFound,
    OriginalForgotten."""
    document = await _document(db, document_id)
    if document.lead_id is not None:
        await require_view(db, document.lead_id, within=within)
    elif within is not None:
        raise NotFound
    whole = document if document.whole_id is None else await _document(db, document.whole_id)
    if whole.raw is None:
        raise OriginalForgotten
    return Original(f"lead-{document.received_at:%Y%m%d-%H%M%S}-{str(document.id)[-4:]}.txt", whole.raw)


async def _document(db: Db, document_id: Id) -> LeadDocument:
    found: LeadDocument = one_or(await db.scalars(select(LeadDocument).where(LeadDocument.id == document_id)), NotFound)
    return found


async def car_meant(db: Db, stocks: list[str], numbers: list[int], *, within: Id | None) -> Asked | None:
    """Our car with one of these stock numbers, else with one of these numbers on the market; in whatever state."""
    by_stock = func.lower(Listing.stock_number).in_([one.lower() for one in stocks])
    for condition in (by_stock, Listing.number.in_(numbers)):
        found = (await db.execute(_cars(db, condition, within))).first()
        if found is not None:
            return Asked(*found)
    return None


def _cars(db: Db, condition: ColumnElement[bool], within: Id | None) -> Any:
    query = (
        select(Listing.id, Listing.org_id, Listing.branch_id, Listing.asking_price)
        .where(condition, Listing.org_id == db.scope.org_id, Listing.deleted_at.is_(None))
        .order_by(Listing.id)
    )
    return query if within is None else query.where(or_(Listing.branch_id == within, Listing.branch_id.is_(None)))


async def open_branches(db: Db) -> list[tuple[Id, str, str]]:
    """Id, slug and name."""
    found = await db.execute(
        select(Branch.id, Branch.slug, Branch.name).where(Branch.archived_at.is_(None)).order_by(Branch.id).limit(200)
    )
    return [(id_, slug, name) for id_, slug, name in found]
