"""Branches: opened, changed, closed. A closed branch keeps its history."""

from msgspec import UNSET

from app.accounts.service import e164
from app.core import clock
from app.core.base import Db
from app.core.conflicts import unique_or
from app.core.errors import Invalid
from app.core.events import record
from app.core.ids import Id, new_id
from app.core.phone import PhoneInvalid, parse_phone
from app.orgs import queries
from app.orgs.errors import BranchInUse, SlugTaken
from app.orgs.facts import BranchChanged, BranchClosed, BranchOpened
from app.orgs.models import Branch
from app.orgs.schemas import BranchForm, BranchPatch

_WORDS = ("all", "none", "org")
"""Stand where a branch may stand, in topics and in addresses."""

_FIELDS = ("name", "city", "address", "phone", "whatsapp")


async def open_branch(db: Db, org_id: Id, form: BranchForm) -> Id:
    """Raises SlugTaken (also for a word that means every branch), Invalid."""
    if form.slug in _WORDS:
        raise SlugTaken
    branch = Branch(
        id=new_id(),
        org_id=org_id,
        slug=form.slug,
        name=form.name.strip(),
        city=form.city.strip(),
        address=form.address.strip(),
        phone=e164(form.phone) if form.phone else None,
        whatsapp=_mobile(form.whatsapp) if form.whatsapp else None,
        created_at=clock.now(),
    )
    async with unique_or(db, "uq_branch_org_id_slug", SlugTaken):
        db.add(branch)
    changed = {
        field: (None, getattr(branch, field)) for field in ("name", "slug", "city", "address", "phone", "whatsapp")
    }
    record(db, BranchOpened(org_id=org_id, id=branch.id, branch_id=branch.id), changed=changed)
    return branch.id


async def change_branch(db: Db, branch_id: Id, patch: BranchPatch) -> None:
    branch = await queries.branch_for_change(db, branch_id)
    changed = {}
    for field in _FIELDS:
        value = getattr(patch, field)
        if value is UNSET:
            continue
        if field == "phone":
            value = e164(value) if value else None
        if field == "whatsapp":
            value = _mobile(value) if value else None
        if value != getattr(branch, field):
            changed[field] = (getattr(branch, field), value)
            setattr(branch, field, value)
    if changed:
        record(db, BranchChanged(org_id=branch.org_id, id=branch.id, branch_id=branch.id), changed=changed)


def _mobile(number: str) -> str:
    """Raises Invalid for a number that cannot have WhatsApp."""
    try:
        phone = parse_phone(number)
    except PhoneInvalid:
        phone = None
    if phone is None or not phone.reaches_whatsapp:
        raise Invalid([{"field": "whatsapp", "message": "This is not a mobile number."}])
    return phone.e164


async def close_branch(db: Db, branch_id: Id) -> None:
    """Closing a closed one changes nothing. Raises BranchInUse."""
    branch = await queries.branch_for_change(db, branch_id)
    if branch.archived_at is not None:
        return
    if await queries.active_members_of(db, branch_id):
        raise BranchInUse
    branch.archived_at = clock.now()
    record(
        db,
        BranchClosed(org_id=branch.org_id, id=branch.id, branch_id=branch.id),
        changed={"archived_at": (None, branch.archived_at)},
    )
