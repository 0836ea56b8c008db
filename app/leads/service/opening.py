"""How leads come in: enquiries from outside, people who walk in or ring. One open lead per person and car."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from app.core import clock
from app.core.base import Db, Scope
from app.core.errors import Invalid, NotFound
from app.core.ids import Id, new_id
from app.core.phone import PhoneInvalid, parse_phone
from app.core.security import Principal
from app.leads import queries, rules
from app.leads.errors import CarGone
from app.leads.facts import LeadOpened, LeadRepeated
from app.leads.models import Lead
from app.leads.queries.words import Asked
from app.leads.schemas import LeadForm, Receipt
from app.leads.service import deadlines, rounds
from app.leads.service._entries import announce, entry, say
from app.listings import queries as listings
from app.search import queries as search


class Enquiry(Struct, frozen=True, kw_only=True):
    """What somebody outside asks. Without a `phone` it is a letter from `email`, or a click of the browser `device`.

    With a `suspicion` (rules.TRAPPED, …) it is kept as spam: nothing is dropped, and nobody is disturbed. `about`
    stands in the inbox where there is no message; `details` go into the timeline.
    """

    source: str
    name: str = ""
    phone: str | None = None
    email: str | None = None
    message: str = ""
    about: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    lang: str = "en"
    device: str | None = None
    suspicion: str | None = None


async def enquire(db: Db, listing_id: Id) -> Asked:
    """The listing an enquiry from outside is about; from here on the transaction acts in the listing's org.

    Raises NotFound, or CarGone for one that is sold.
    """
    shown = await listings.public_listing_of(db, listing_id)
    if not shown.open:
        raise CarGone([hit.url for hit in await search.similar(db, shown)])
    asked = Asked(shown.id, shown.org_id, shown.branch_id, shown.asking_price)
    if db.scope.org_id != asked.org_id:
        before = db.scope
        await db.rescope(Scope(org_id=asked.org_id, actor_id=before.person_id, request_id=before.request_id))
    return asked


async def open_lead(db: Db, asked: Asked, enquiry: Enquiry) -> Receipt:
    """An enquiry about a listing of the org in scope. Raises Invalid for an impossible phone number."""
    buyer = await _contact(db, enquiry)
    return await _arrive(db, buyer, asked, asked.branch_id, enquiry, by_us=False)


async def take_in(db: Db, asked: Asked | None, branch_id: Id | None, enquiry: Enquiry) -> Receipt:
    """An enquiry that another system passes on, about one of our listings or about none. Raises Invalid."""
    buyer = await _contact(db, enquiry)
    return await _arrive(db, buyer, asked, branch_id, enquiry, by_us=False)


async def walk_in(db: Db, who: Principal, form: LeadForm) -> Receipt:
    """Somebody a member has met or spoken to; about one of our listings, or about none yet.

    Raises Invalid, NotFound.
    """
    asked = None
    if form.listing_id is not None:
        asked = await queries.own_listing(db, form.listing_id)
        if asked is None or who.branch_id not in (None, asked.branch_id):
            raise NotFound
    branch_id = asked.branch_id if asked else await queries.branch_of(db, form.branch_id, within=who.branch_id)
    enquiry = Enquiry(
        source=form.source or "walk_in",
        name=form.name,
        phone=form.phone,
        email=form.email,
        message=form.message,
        lang=form.lang,
    )
    buyer = await _contact(db, enquiry)
    return await _arrive(db, buyer, asked, branch_id, enquiry, by_us=True)


def e164(phone: str) -> str:
    """Raises Invalid, on the field."""
    try:
        return parse_phone(phone).e164
    except PhoneInvalid:
        raise Invalid([{"field": "phone", "message": "This is not a phone number."}]) from None


async def _contact(db: Db, enquiry: Enquiry) -> queries.Known:
    if enquiry.phone is None and enquiry.email is not None:
        return await queries.correspondent_for_change(db, email=enquiry.email, name=enquiry.name, lang=enquiry.lang)
    if enquiry.phone is None:
        return await queries.visitor_for_change(db, enquiry.device or str(new_id()), enquiry.lang)
    return await queries.contact_for_change(
        db,
        phone=e164(enquiry.phone),
        name=enquiry.name,
        email=enquiry.email,
        lang=enquiry.lang,
        device=enquiry.device,
    )


async def _arrive(
    db: Db, buyer: queries.Known, asked: Asked | None, branch_id: Id | None, enquiry: Enquiry, *, by_us: bool
) -> Receipt:
    contact, fresh = buyer.contact, buyer.fresh
    listing_id = asked.id if asked else None
    known = not fresh and enquiry.suspicion is None
    lead = await queries.open_lead_of(db, contact.id, listing_id) if known else None
    repeated = lead is not None
    now = clock.now()
    if lead is None:
        lead = Lead(
            id=new_id(),
            org_id=contact.org_id,
            ref=rules.new_ref(),
            branch_id=branch_id,
            listing_id=listing_id,
            contact_id=contact.id,
            source=enquiry.source,
            status=rules.SPAM if enquiry.suspicion else rules.NEW,
            price_at_open=asked.asking_price if asked else None,
            excerpt_ours=False,
            enquiries=1,
            opened_at=now,
            arrived_at=now,
            closed_at=now if enquiry.suspicion else None,
            version=1,
        )
        say(lead, enquiry.message or enquiry.about, ours=False)
        owed = await deadlines.of_new(db, lead) if enquiry.suspicion is None else []
        db.add(lead)
        await db.flush()
        db.add_all(owed)
    else:
        lead.enquiries += 1
        lead.arrived_at = max(now, lead.arrived_at)
        lead.archived_at = lead.snoozed_until = None
        lead.version += 1
        await deadlines.asked_again(db, lead)
        say(lead, enquiry.message or enquiry.about, ours=False)
    held = {"held": enquiry.suspicion} if enquiry.suspicion else {}
    told = {"source": enquiry.source, "price": asked.asking_price if asked else None, **held, **enquiry.details}
    made = entry(
        db, lead, "enquiry", body=enquiry.message, by_us=by_us, data=told,
    )  # fmt: skip
    fact = LeadRepeated if repeated else LeadOpened
    if enquiry.suspicion is None:
        await rounds.poke(db, lead.branch_id)
    announce(db, lead, fact, made, {} if repeated else {"status": (None, lead.status), "source": (None, lead.source)})
    return Receipt(lead.id, lead.ref, lead.listing_id, lead.opened_at, repeated)
