"""Leads: lists, rows, counts, and rows locked for a change."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    cast,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.accounts.models import AppUser
from app.core import blind, lists
from app.core.base import Db, kept, one_or
from app.core.errors import NotFound
from app.core.ids import Id
from app.core.paging import Page, cut
from app.leads import rules
from app.leads.models import Contact, Lead
from app.leads.queries import happened, ordering
from app.leads.queries.contacts import with_phone_like
from app.leads.schemas import CarBrief, Counts, Filters, LeadRow, OtherLead
from app.listings.models import Listing
from app.orgs.models import Branch
from app.orgs.rules import mask_email, mask_phone

NO_BRANCH = "-"
"""Stands in a filter for "of no branch"."""

_ALIVE = Lead.merged_into_id.is_(None)
_OPEN = and_(Lead.status.in_(rules.OPEN), Lead.archived_at.is_(None), _ALIVE)
_AWAKE = and_(_OPEN, Lead.snoozed_until.is_(None))
_HAS_PHONE = exists().where(Contact.id == Lead.contact_id, Contact.phone_index.is_not(None)).correlate(Lead)
_LEADS: Select[*tuple[Any, ...]] = (
    select(Lead, Contact, AppUser, Branch.slug, Branch.name, Listing)
    .join(Contact, Contact.id == Lead.contact_id)
    .outerjoin(AppUser, AppUser.id == Lead.assignee_id)
    .outerjoin(Branch, Branch.id == Lead.branch_id)
    .outerjoin(Listing, Listing.id == Lead.listing_id)
)
_LEAD = kept(_LEADS.where(Lead.id == bindparam("lead")))
_LEAD_WITHIN = kept(_LEADS.where(Lead.id == bindparam("lead"), Lead.branch_id == bindparam("branch")))
_OPEN_OF = (
    select(Lead)
    .where(Lead.contact_id == bindparam("contact"), Lead.status.in_(rules.OPEN))
    .order_by(Lead.opened_at.desc())
    .with_for_update(of=Lead)
)
_FOR_CAR = kept(_OPEN_OF.where(Lead.listing_id == bindparam("listing")))
_FOR_NO_CAR = kept(_OPEN_OF.where(Lead.listing_id.is_(None)))


async def find_leads(
    db: Db,
    filters: Filters,
    *,
    me: Id,
    within: Id | None,
    masked: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[LeadRow]:
    """The latest arrivals first; of those to call now the one that is due first, of several the dearest car's. `q` is
    words of a name, a phone or its last digits from 4 on, an e-mail address, words of the car's title, a stock number
    or a reference."""
    position, order = await lists.position(db), ordering.of(db, filters.view)
    query = _within(_LEADS, within).where(*await _filtered(db, filters, me))
    found = await db.execute(order.page(query, cursor).limit(limit + 1))
    page, more = cut(list(found), limit)
    following = order.following(page[-1][0], page[-1][5]) if more else None
    return Page([_row(row, masked=masked) for row in page], following, position)


async def count_leads(db: Db, filters: Filters, *, me: Id, within: Id | None) -> int:
    """How many leads a list with these filters shows, to the last one."""
    query = (
        select(func.count())
        .select_from(Lead)
        .join(Contact, Contact.id == Lead.contact_id)
        .outerjoin(Branch, Branch.id == Lead.branch_id)
        .outerjoin(Listing, Listing.id == Lead.listing_id)
        .where(*await _filtered(db, filters, me))
    )
    return await db.scalar(_within(query, within)) or 0


async def lead_row(db: Db, lead_id: Id, *, within: Id | None = None, masked: bool = False) -> LeadRow:
    """Raises NotFound."""
    branch = {} if within is None else {"branch": within}
    found = await db.execute(_LEAD_WITHIN if branch else _LEAD, {"lead": lead_id, **branch})
    return _row(one_or(found, NotFound), masked=masked)


async def others_of(db: Db, lead: LeadRow, *, within: Id | None = None) -> list[OtherLead]:
    """The same buyer's other leads that the asker may see, the latest first."""
    query = (
        select(Lead, Listing.title)
        .outerjoin(Listing, Listing.id == Lead.listing_id)
        .where(Lead.contact_id == lead.contact_id, Lead.id != lead.id)
        .order_by(Lead.opened_at.desc())
        .limit(20)
    )
    found = await db.execute(_within(query, within))
    return [OtherLead(row.id, row.ref, row.status, title, row.opened_at, row.merged_into_id) for row, title in found]


async def counts(db: Db, *, within: Id | None) -> Counts:
    """Of every view at once; what a list of the view would show, to the last one."""
    kinds = {
        "open": _AWAKE,
        "unassigned": and_(_AWAKE, Lead.assignee_id.is_(None)),
        **{view: of_view(view) for view in rules.VIEWS if view not in ("mine", "unassigned", "open")},
    }
    columns = [func.count().filter(condition).label(name) for name, condition in kinds.items()]
    row = (await db.execute(_within(select(*columns).select_from(Lead), within))).one()
    mine = await db.execute(
        _within(
            select(Lead.assignee_id, func.count())
            .where(_AWAKE, Lead.assignee_id.is_not(None))
            .group_by(Lead.assignee_id),
            within,
        )
    )
    found = dict(zip(kinds, row, strict=True))
    return Counts(**found, mine={str(person): count for person, count in mine})


async def counts_of(db: Db, branch: str) -> Counts:
    """The counts of one branch by its slug, or with BRANCH_WIDE of the whole org. An unknown branch has none."""
    if branch == rules.BRANCH_WIDE:
        return await counts(db, within=None)
    found = await branch_id(db, branch)
    return await counts(db, within=found) if found else Counts()


async def require_view(db: Db, lead_id: Id, *, within: Id | None) -> None:
    """Raises NotFound for a lead the asker may not see."""
    one_or(await db.execute(_within(select(Lead.id).where(Lead.id == lead_id), within)), NotFound)


async def branch_slug_of(db: Db, lead_id: Id, *, within: Id | None) -> str:
    """Of a lead the asker may see; "" where it has no branch. Raises NotFound."""
    query = select(Branch.slug).select_from(Lead).outerjoin(Branch, Branch.id == Lead.branch_id)
    found: str | None = one_or(await db.execute(_within(query.where(Lead.id == lead_id), within)), NotFound)[0]
    return found or ""


async def branch_id(db: Db, slug: str) -> Id | None:
    return await db.scalar(select(Branch.id).where(Branch.slug == slug))


async def branch_slug(db: Db, branch_id: Id) -> str | None:
    return await db.scalar(select(Branch.slug).where(Branch.id == branch_id))


async def lead_for_change(db: Db, lead_id: Id, *, within: Id | None) -> Lead:
    """Locked. Raises NotFound; a merged lead can no longer be changed, so it is not found either."""
    found = await db.scalars(_within(select(Lead).where(Lead.id == lead_id, _ALIVE), within).with_for_update(of=Lead))
    lead: Lead = one_or(found, NotFound)
    return lead


async def leads_for_change(db: Db, lead_ids: Sequence[Id], *, within: Id | None, merged: bool = False) -> list[Lead]:
    """Those of `lead_ids` the asker may see, locked in the order of their ids, so that two lockers never wait in a
    circle."""
    query = select(Lead).where(Lead.id.in_(lead_ids)).order_by(Lead.id)
    if not merged:
        query = query.where(_ALIVE)
    return list(await db.scalars(_within(query, within).with_for_update(of=Lead)))


async def merged_into(db: Db, lead_id: Id) -> list[Lead]:
    """What was merged into this lead; lock that one first."""
    return list(await db.scalars(select(Lead).where(Lead.merged_into_id == lead_id).with_for_update(of=Lead)))


async def open_lead_of(db: Db, contact_id: Id, listing_id: Id | None) -> Lead | None:
    """The person's open lead for this car, or for no car in particular; of a merged one, what it was merged into.

    Lock the contact first.
    """
    statement, listing = (_FOR_CAR, {"listing": listing_id}) if listing_id else (_FOR_NO_CAR, {})
    found = await db.scalars(statement, {"contact": contact_id, **listing})
    for lead in found:
        if lead.merged_into_id is None:
            return lead
        into = await db.get(Lead, lead.merged_into_id, with_for_update=True)
        if into is not None and into.status in rules.OPEN and into.merged_into_id is None:
            return into
    return None


def _within(query: Select[*tuple[Any, ...]], within: Id | None) -> Select[*tuple[Any, ...]]:
    return query if within is None else query.where(Lead.branch_id == within)


def of_view(view: str, me: Id | None = None) -> ColumnElement[bool]:
    match view:
        case "mine":
            return and_(_AWAKE, Lead.assignee_id == me)
        case "unassigned":
            return and_(_AWAKE, Lead.assignee_id.is_(None))
        case "branchless":
            return and_(_AWAKE, Lead.branch_id.is_(None))
        case "call":
            return and_(_AWAKE, Lead.call_since.is_not(None), _HAS_PHONE)
        case "late":
            return and_(_AWAKE, Lead.late_since.is_not(None))
        case "soon":
            return and_(_AWAKE, Lead.soon_since.is_not(None))
        case "snoozed":
            return and_(_OPEN, Lead.snoozed_until.is_not(None))
        case "closed":
            return and_(_ALIVE, Lead.status.in_((rules.WON, rules.LOST)), Lead.archived_at.is_(None))
        case "spam":
            return and_(_ALIVE, Lead.status == rules.SPAM, Lead.archived_at.is_(None))
        case "archived":
            return and_(_ALIVE, Lead.archived_at.is_not(None))
        case "all":
            return _ALIVE
    return _AWAKE


async def _filtered(db: Db, filters: Filters, me: Id) -> list[ColumnElement[bool]]:
    conditions = [of_view(filters.view, me), *happened.as_asked(filters)]
    if filters.status:
        conditions.append(Lead.status.in_(filters.status))
    if filters.branch:
        conditions.append(Lead.branch_id.is_(None) if filters.branch == NO_BRANCH else Branch.slug == filters.branch)
    if filters.source:
        conditions.append(Lead.source == filters.source)
    if filters.assignee == "none":
        conditions.append(Lead.assignee_id.is_(None))
    elif filters.assignee:
        person = me if filters.assignee == "me" else _id(filters.assignee)
        conditions.append(Lead.assignee_id == person if person else false())
    if filters.q.strip() and db.scope.org_id:
        q = filters.q.strip()
        conditions.append(_sought(db.scope.org_id, q, await with_phone_like(db, q)))
    return conditions


def _id(text: str) -> Id | None:
    try:
        return Id(text)
    except ValueError:
        return None


def _sought(org_id: Id, q: str, alike: list[Id]) -> ColumnElement[bool]:
    codes = cast(blind.query_codes(org_id, q), ARRAY(BigInteger))
    words = [Listing.title.icontains(word, autoescape=True) for word in q.split()[:8]]
    either: list[ColumnElement[bool]] = [
        and_(func.cardinality(codes) > 0, Contact.search.contains(codes)),
        Lead.ref == q.upper().removeprefix("#"),
        Listing.stock_number.istartswith(q, autoescape=True),
        and_(*words),
    ]
    if alike:
        either.append(Lead.contact_id.in_(alike))
    if q.isascii() and q.isdigit() and len(q) < 19:
        either.append(Listing.number == int(q))
    return or_(*either)


def _row(row: Any, *, masked: bool) -> LeadRow:
    lead, contact, assignee, branch, branch_name, car = row
    phone, email = contact.phone, contact.email
    return LeadRow(
        id=lead.id,
        ref=lead.ref,
        listing_id=lead.listing_id,
        branch_id=lead.branch_id,
        branch=branch,
        branch_name=branch_name,
        contact_id=contact.id,
        status=lead.status,
        lost_reason=lead.lost_reason,
        source=lead.source,
        name=contact.name,
        phone=None if masked else phone,
        phone_masked=mask_phone(phone),
        email=None if masked else email,
        email_masked=mask_email(email) if email else None,
        lang=contact.lang,
        assignee_id=lead.assignee_id,
        assignee_name=assignee.name if assignee else None,
        car=_car(car) if car else None,
        price_at_open=lead.price_at_open,
        excerpt=lead.excerpt,
        excerpt_ours=lead.excerpt_ours,
        enquiries=lead.enquiries,
        waiting=lead.status in rules.OPEN and (lead.handled_at is None or lead.arrived_at > lead.handled_at),
        opened_at=lead.opened_at,
        arrived_at=lead.arrived_at,
        handled_at=lead.handled_at,
        first_replied_at=lead.first_replied_at,
        closed_at=lead.closed_at,
        priority=lead.priority,
        due_at=lead.due_at,
        due_kind=lead.due_kind,
        due_from=lead.due_from,
        warn_at=lead.warn_at,
        soon_since=lead.soon_since,
        late_since=lead.late_since,
        call_since=lead.call_since,
        paused_for=lead.paused_for,
        paused_until=lead.paused_until,
        breached_at=lead.breached_at,
        snoozed_until=lead.snoozed_until,
        archived_at=lead.archived_at,
        merged_into_id=lead.merged_into_id,
        version=lead.version,
    )


def _car(car: Listing) -> CarBrief:
    return CarBrief(
        id=car.id,
        number=car.number,
        title=car.title,
        asking_price=car.asking_price,
        status=car.status,
        stock_number=car.stock_number,
        url=f"/l/{car.number}",
        year=car.year,
        odometer_km=car.odometer_km,
        fuel=car.fuel,
        transmission=car.transmission,
        body=car.body,
        colour=car.colour,
    )


async def refs(db: Db) -> set[str]:
    """The references of every lead of the org."""
    return set(await db.scalars(select(Lead.ref)))
