"""What leads need to know of others: the listing asked about, the people a lead can be given to, branches."""

from collections.abc import Collection
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, or_, select

from app.accounts.models import AppUser
from app.core import i18n, settings
from app.core.base import Db, one_or
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import Id
from app.leads import rules
from app.leads.schemas import Person
from app.listings.models import Listing
from app.listings.schemas import PublicListing
from app.orgs.models import Branch, Membership
from app.orgs.rules import MATRIX

_FIRST_WORDS = _("Salam, is the %(car)s (Ref %(number)s) still available? %(link)s")
_WORKERS = ("sales", "manager", "owner")


class Reachable(Struct, frozen=True):
    """A colleague with a mailbox."""

    id: Id
    name: str
    email: str
    lang: str | None
    role: str


class Asked(Struct, frozen=True):
    """The listing somebody asks about."""

    id: Id
    org_id: Id
    branch_id: Id | None
    asking_price: int | None


async def own_listing(db: Db, listing_id: Id) -> Asked | None:
    """One of the org's own, in whatever state."""
    found = await db.execute(
        select(Listing.id, Listing.org_id, Listing.branch_id, Listing.asking_price).where(
            Listing.id == listing_id, Listing.org_id == db.scope.org_id, Listing.deleted_at.is_(None)
        )
    )
    row = found.one_or_none()
    return Asked(*row) if row else None


class Ways(Struct, frozen=True):
    """How a buyer reaches the seller of a listing, in E.164; `whatsapp` only where the number can have it."""

    phone: str | None
    whatsapp: str | None


async def ways_to(db: Db, listing_id: Id) -> Ways:
    """Of a listing of the org in scope: its branch's numbers, or the private seller's."""
    found = await db.execute(
        select(Branch.phone, Branch.whatsapp, AppUser)
        .select_from(Listing)
        .outerjoin(Branch, Branch.id == Listing.branch_id)
        .outerjoin(AppUser, AppUser.id == Listing.seller_id)
        .where(Listing.id == listing_id, Listing.org_id == db.scope.org_id)
    )
    phone, whatsapp, seller = one_or(found, NotFound)
    phone = phone or whatsapp or (seller.phone if seller else None)
    return Ways(phone, whatsapp or (phone if rules.is_mobile(phone) else None))


async def chat_of(db: Db, shown: PublicListing, lang: str) -> str:
    """The chat with the seller, begun with a sentence about the car, a listing of the org in scope. Raises NotFound."""
    ways = await ways_to(db, shown.id)
    if ways.whatsapp is None:
        raise NotFound
    link = f"{settings.current().base_url}{'/ur' if lang == 'ur' else ''}{shown.url}"
    said = i18n.translate(_FIRST_WORDS, i18n.known(lang), car=shown.title, number=shown.number, link=link)
    return rules.chat_link(ways.whatsapp, said)


async def assignees(db: Db, branch_id: Id | None) -> list[Person]:
    """Who works on leads of this branch, or of any with None; by role, then in the order they joined."""
    query = _workers(db).where(_works_at(branch_id)) if branch_id else _workers(db)
    found = [Person(user.id, user.name, role, at) for user, role, at in await db.execute(query)]
    return sorted(found, key=lambda person: _WORKERS.index(person.role))


async def readers(db: Db, branch_id: Id | None) -> list[Person]:
    """Whoever may see a lead of this branch, or of none, by name."""
    held = or_(Membership.branch_id.is_(None), Membership.branch_id == branch_id)
    found = await db.execute(_members(db, MATRIX["lead.read"]).where(held))
    people = [Person(user.id, user.name, role, at) for user, role, at in found]
    return sorted(people, key=lambda person: person.name.casefold())


async def reachable(db: Db, branch_id: Id | None) -> list[Reachable]:
    """Who sees leads of this branch, or those of none, with what a mail needs."""
    found = await db.execute(_workers(db).where(_works_at(branch_id)))
    return [Reachable(user.id, user.name, user.email, user.lang, role) for user, role, _at in found]


def _workers(db: Db) -> Select[*tuple[Any, ...]]:
    return _members(db, _WORKERS)


def _members(db: Db, roles: Collection[str]) -> Select[*tuple[Any, ...]]:
    return (
        select(AppUser, Membership.role, Membership.branch_id)
        .join(Membership, Membership.user_id == AppUser.id)
        .where(Membership.org_id == db.scope.org_id, Membership.status == "active", Membership.role.in_(roles))
        .order_by(Membership.joined_at, Membership.user_id)
    )


def _works_at(branch_id: Id | None) -> ColumnElement[bool]:
    everywhere = Membership.branch_id.is_(None)
    return everywhere if branch_id is None else or_(everywhere, Membership.branch_id == branch_id)


async def branch_of(db: Db, branch_id: Id | None, *, within: Id | None) -> Id | None:
    """The branch of a lead that is typed in: the asker's own, the one named, or the only one there is.

    Raises Invalid.
    """
    if within is not None:
        if branch_id not in (None, within):
            raise Invalid([{"field": "branch_id", "message": "There is no such branch."}])
        return within
    open_ones = list(await db.scalars(select(Branch.id).where(Branch.archived_at.is_(None)).limit(200)))
    if branch_id is None and len(open_ones) <= 1:
        return open_ones[0] if open_ones else None
    if branch_id not in open_ones:
        message = "Choose a branch." if branch_id is None else "There is no such branch."
        raise Invalid([{"field": "branch_id", "message": message}])
    return branch_id
