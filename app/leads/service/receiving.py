"""Leads that other systems send as ADF: each document is kept as it came, and becomes its leads once."""

import hashlib
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from app.core import settings
from app.core.base import Db
from app.core.crypto import seal
from app.core.errors import Invalid
from app.core.events import record
from app.core.ids import Id
from app.leads import queries, rules
from app.leads.facts import LeadDocumentRefused
from app.leads.models import LeadDocument, raw_place
from app.leads.rules import adf, arrivals
from app.leads.rules.adf import Prospect
from app.leads.rules.markup import Unreadable, text_of
from app.leads.schemas import Delivery, DocumentFault, DocumentLead
from app.leads.service.opening import Enquiry, take_in


class Inlet(Struct, frozen=True, kw_only=True):
    """Through which door a document comes. Leads go to the branch that their car or vendor names, else to `branch_id`.

    `within` is the branch a sender is bound to; one who `asks` is told when a branch has to be named.
    """

    via: Literal["http", "mail"]
    branch_id: Id | None = None
    within: Id | None = None
    asks: bool = False


class Received(Struct, frozen=True):
    """`fresh`: this delivery made something."""

    delivery: Delivery
    fresh: bool


async def receive(db: Db, raw: bytes, inlet: Inlet) -> Received:
    """A document for the org in scope. What cannot be read is kept with its reason. Raises Invalid for `asks`."""
    digest = hashlib.sha256(raw).digest()
    try:
        prospects = adf.parse(raw)
    except Unreadable as fault:
        return await _unreadable(db, raw, fault.reason, inlet)
    arrived: dict[bytes, tuple[int, Prospect]] = {}
    for number, prospect in enumerate(prospects, 1):
        arrived.setdefault(arrivals.key_of(prospect, digest, number), (number, prospect))
    held = {  # in the order of their keys: two deliveries of the same leads never wait for each other
        key: await queries.document_for_change(db, key=key, via=inlet.via, digest=digest) for key in sorted(arrived)
    }
    _keep_raw([held[key] for key in arrived], raw)
    await db.flush()
    leads: list[DocumentLead] = []
    faults: list[DocumentFault] = []
    fresh = False
    for key, (number, prospect) in arrived.items():
        document = held[key]
        if document.lead_id is None and prospect.fault is not None:
            _refused(db, document, prospect.fault)
            faults.append(DocumentFault(number, prospect.fault))
            continue
        if document.lead_id is None:
            await _open(db, document, prospect, inlet)
            fresh = True
        leads.append(await _told(db, document))
    return Received(Delivery(leads, faults), fresh)


async def receive_mail(db: Db, letter: bytes, texts: list[bytes], inlet: Inlet) -> Received:
    """A letter, by the first of its texts that holds a document; one that holds none is kept whole."""
    for text in texts:
        found = adf.found_in(text_of(text))
        if found is not None:
            return await receive(db, found.encode("utf-8-sig"), inlet)
    return await _unreadable(db, letter, "no_document", inlet)


async def _unreadable(db: Db, raw: bytes, reason: str, inlet: Inlet) -> Received:
    digest = hashlib.sha256(raw).digest()
    key = hashlib.sha256(b"unreadable\0" + digest).digest()
    document = await queries.document_for_change(db, key=key, via=inlet.via, digest=digest)
    _keep_raw([document], raw)
    _refused(db, document, reason)
    return Received(Delivery([], [DocumentFault(1, reason)]), fresh=False)


def _keep_raw(documents: list[LeadDocument], raw: bytes) -> None:
    """In the first row that is new; the other new ones name that row."""
    new = [document for document in documents if document.raw_sealed is None and document.whole_id is None]
    for document in new[1:]:
        document.whole_id = new[0].id
    for document in new[:1]:
        document.raw_sealed = seal(text_of(raw), raw_place(document.org_id, document.id))


def _refused(db: Db, document: LeadDocument, reason: str) -> None:
    if document.error != reason:
        before, document.error = document.error, reason
        fact = LeadDocumentRefused(org_id=document.org_id, id=document.id)
        record(db, fact, changed={"error": (before, reason)})


async def _open(db: Db, document: LeadDocument, prospect: Prospect, inlet: Inlet) -> None:
    car = await queries.car_meant(
        db, arrivals.stock_numbers(prospect), arrivals.listing_numbers(prospect, _our_hosts()), within=inlet.within
    )
    branch_id = car.branch_id if car else await _branch(db, prospect, inlet)
    enquiry = Enquiry(
        source="adf",
        name=prospect.name,
        phone=prospect.phone,
        email=prospect.email,
        message=prospect.comments,
        about=prospect.asked.title if prospect.asked else "",
        details=arrivals.details(prospect, document.id),
        lang="ur" if rules.spoken(prospect.comments, "en") == "ur" else "en",
    )
    receipt = await take_in(db, car, branch_id, enquiry)
    document.lead_id, document.repeated, document.error = receipt.id, receipt.repeated, None
    document.unknown = prospect.unknown
    document.external_id = prospect.ids[0].value if prospect.ids else None


async def _branch(db: Db, prospect: Prospect, inlet: Inlet) -> Id | None:
    """Raises Invalid for a sender who can be asked."""
    if inlet.within is not None:
        return inlet.within
    branches = await queries.open_branches(db)
    meant = arrivals.branch_meant(prospect.vendors, branches)
    ids = [id_ for id_, _slug, _name in branches]
    if meant is not None or inlet.branch_id in ids:
        return meant or inlet.branch_id
    if inlet.asks and len(ids) > 1:
        raise Invalid([{"field": "branch", "message": "Choose a branch."}])
    return ids[0] if len(ids) == 1 else None


async def _told(db: Db, document: LeadDocument) -> DocumentLead:
    await db.flush()
    assert document.lead_id is not None  # noqa: S101 - narrows the type
    lead = await queries.lead_row(db, document.lead_id)
    return DocumentLead(lead.id, lead.ref, document.repeated, document.unknown)


def _our_hosts() -> list[str]:
    ours = settings.current()
    others = [host.strip() for host in ours.allowed_hosts.split(",") if host.strip()]
    return [urlsplit(ours.base_url).netloc, *others]
