"""What a car has cost, written down."""

import msgspec

from app.core import clock
from app.core.base import Db
from app.core.errors import Invalid
from app.core.events import record
from app.core.i18n import _
from app.core.ids import Id
from app.core.security import Principal
from app.listings import queries
from app.listings.errors import Stale
from app.listings.facts import ListingCostsChanged
from app.listings.models import CostSheet
from app.listings.schemas import CostSheetForm
from app.listings.service.locking import locked


async def write_costs(db: Db, who: Principal, listing_id: Id, form: CostSheetForm) -> None:
    """The whole sheet in place of the one there. Raises ListingGone, OtherBranch, Stale, Invalid."""
    if any(line.kind == "other" and not line.label for line in form.lines):
        raise Invalid([{"field": "lines", "message": _("Say what the other cost was for.")}])
    listing = await locked(db, who, listing_id, None)
    sheet = await queries.costs_for_change(db, listing_id)
    if form.version != (sheet.version if sheet else 0):
        raise Stale
    lines, total = msgspec.to_builtins(form.lines), sum(line.amount for line in form.lines)
    before = (sheet.lines, sheet.total) if sheet else ([], 0)
    if before[0] == lines:
        return
    if sheet is None:
        sheet = CostSheet(listing_id=listing_id, org_id=listing.org_id, version=0)
        db.add(sheet)
    sheet.lines, sheet.total, sheet.version = lines, total, sheet.version + 1
    sheet.changed_at, sheet.changed_by = clock.now(), who.person_id
    fact = ListingCostsChanged(org_id=listing.org_id, id=listing_id, branch_id=listing.branch_id)
    record(db, fact, changed={"total": (before[1], total)})
