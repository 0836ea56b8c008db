"""Two leads that are one: the entries of the merged one show in the other, and for 24 hours it can be undone."""

from app.core import clock
from app.core.base import Db
from app.core.errors import NotFound
from app.core.ids import Id
from app.core.security import Principal
from app.leads import queries, rules
from app.leads.errors import CannotMerge, MergeTooOld, OpenLeadExists
from app.leads.facts import LeadMerged, LeadUnmerged
from app.leads.models import Contact, Lead
from app.leads.service import deadlines, rounds
from app.leads.service._entries import change, entry


async def merge(db: Db, who: Principal, lead_id: Id, into_id: Id) -> None:
    """`lead_id` goes into `into_id`. Raises NotFound, CannotMerge."""
    lead, into = await _both(db, who, lead_id, into_id)
    if lead.merged_into_id is not None or into.merged_into_id is not None or lead.id == into.id:
        raise CannotMerge
    for moved in await queries.merged_into(db, lead.id):  # what had been merged into it comes along
        moved.merged_into_id = into.id
    into.enquiries += lead.enquiries
    into.arrived_at = max(into.arrived_at, lead.arrived_at)
    if into.first_replied_at is None or (lead.first_replied_at and lead.first_replied_at < into.first_replied_at):
        into.first_replied_at = lead.first_replied_at
    into.version += 1
    entry(db, into, "merged", data={"ref": lead.ref})
    await deadlines.merged(db, lead, into)
    await rounds.poke(db, lead.branch_id)
    change(
        db, lead, "merged_away", {"merged_into_id": into.id, "merged_at": clock.now()}, LeadMerged,
        into_id=into.id, data={"ref": into.ref},
    )  # fmt: skip


async def unmerge(db: Db, who: Principal, lead_id: Id) -> None:
    """Raises NotFound, MergeTooOld, OpenLeadExists (the buyer has opened another for the same car meanwhile)."""
    found = await queries.leads_for_change(db, [lead_id], within=who.branch_id, merged=True)
    if not found or found[0].merged_into_id is None or found[0].merged_at is None:
        raise NotFound
    if clock.now() - found[0].merged_at > rules.UNDO_WITHIN:
        raise MergeTooOld
    lead, into = await _both(db, who, lead_id, found[0].merged_into_id)
    await db.get(Contact, lead.contact_id, with_for_update=True)
    if lead.status in rules.OPEN and lead.listing_id is not None:
        other = await queries.open_lead_of(db, lead.contact_id, lead.listing_id)
        if other is not None and other.id not in (lead.id, into.id):
            raise OpenLeadExists
    into.enquiries = max(1, into.enquiries - lead.enquiries)
    into.version += 1
    entry(db, into, "unmerged", data={"ref": lead.ref})
    await deadlines.unmerged(db, lead, into)
    change(
        db, lead, "unmerged", {"merged_into_id": None, "merged_at": None}, LeadUnmerged,
        into_id=into.id, data={"ref": into.ref},
    )  # fmt: skip


async def _both(db: Db, who: Principal, lead_id: Id, into_id: Id) -> tuple[Lead, Lead]:
    """Locked in the order of their ids. Raises NotFound."""
    found = await queries.leads_for_change(db, [lead_id, into_id], within=who.branch_id, merged=True)
    by_id = {lead.id: lead for lead in found}
    try:
        return by_id[lead_id], by_id[into_id]
    except KeyError:
        raise NotFound from None
