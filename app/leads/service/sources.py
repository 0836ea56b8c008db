"""Where other systems send leads: an address for the org, and for a branch where one is wanted."""

import secrets

from app.core import clock, crypto
from app.core.base import Db
from app.core.errors import Invalid
from app.core.events import record
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.leads import queries, rules
from app.leads.facts import LeadSourceChanged
from app.leads.models import LeadInboxAddress
from app.leads.schemas import AddressForm
from app.leads.service.receiving import Inlet
from app.orgs import queries as orgs

_SLUG = 40


async def renew_address(db: Db, who: Principal, form: AddressForm) -> Id:
    """A new mail address and link; the old ones stop working. Raises NotFound."""
    await orgs.require_branch(db, form.branch_id)
    before = await queries.address_for_change(db, form.branch_id)
    if before is not None:
        await db.delete(before)
        await db.flush()
    id_ = new_id()
    made = LeadInboxAddress(
        id=id_,
        org_id=who.org_id,
        branch_id=form.branch_id,
        local_part=f"{who.org_slug[:_SLUG]}-{''.join(secrets.choice(rules.REF_LETTERS) for _ in range(6)).lower()}",
        token_hash=crypto.digest(crypto.code(queries.TOKEN, id_)),
        created_by=who.person_id,
        created_at=clock.now(),
    )
    db.add(made)
    record(
        db,
        LeadSourceChanged(org_id=who.org_id, id=id_, branch_id=form.branch_id),
        changed={"address_id": (before.id if before else None, id_)},
    )
    return id_


async def inlet_of(db: Db, who: Principal, branch: str) -> Inlet:
    """For a member who sends a document; `branch` is a slug or empty. Raises Invalid."""
    branch_id = None
    if branch:
        branch_id = next((id_ for id_, slug, _name in await queries.open_branches(db) if slug == branch), None)
        if branch_id is None or who.branch_id not in (None, branch_id):
            raise Invalid([{"field": "branch", "message": "There is no such branch."}])
    return Inlet(via="http", branch_id=branch_id, within=who.branch_id, asks=True)
