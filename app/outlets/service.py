"""Outlets opened, changed, given a new address and closed."""

from msgspec import UNSET
from sqlalchemy import update

from app.core import clock, crypto
from app.core.base import Db
from app.core.errors import Invalid, NotFound
from app.core.events import record
from app.core.i18n import _
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.orgs import queries as orgs
from app.outlets import queries, rules
from app.outlets.errors import TooManyOutlets
from app.outlets.facts import OutletChanged, OutletClosed, OutletOpened, OutletRenewed
from app.outlets.models import Outlet
from app.outlets.schemas import OutletForm, OutletPatch


async def open_outlet(db: Db, who: Principal, form: OutletForm) -> Id:
    """Raises Invalid, TooManyOutlets."""
    if await queries.outlet_count(db) >= rules.MOST:
        raise TooManyOutlets
    now, token_id = clock.now(), new_id()
    made = Outlet(
        id=new_id(),
        org_id=who.org_id,
        branch_id=await _branch(db, who, form.branch),
        name=form.name,
        kind=form.kind,
        token_id=token_id,
        token_hash=crypto.digest(queries.token_of(token_id)),
        made_by=who.person_id,
        made_at=now,
        renewed_at=now,
    )
    db.add(made)
    changed = {"name": (None, made.name), "kind": (None, made.kind), "branch_id": (None, made.branch_id)}
    record(db, OutletOpened(org_id=made.org_id, id=made.id, branch_id=made.branch_id), changed=changed)
    return made.id


async def change_outlet(db: Db, who: Principal, outlet_id: Id, patch: OutletPatch) -> None:
    """Raises OutletGone, Invalid. Changing nothing is no change."""
    one = await queries.outlet_for_change(db, outlet_id, within=who.branch_id)
    wished = {
        "name": one.name if patch.name is UNSET else patch.name,
        "branch_id": one.branch_id if patch.branch is UNSET else await _branch(db, who, patch.branch),
    }
    changed = {name: (getattr(one, name), value) for name, value in wished.items() if getattr(one, name) != value}
    if not changed:
        return
    for name, value in wished.items():
        setattr(one, name, value)
    record(db, OutletChanged(org_id=one.org_id, id=one.id, branch_id=one.branch_id), changed=changed)


async def renew_outlet(db: Db, who: Principal, outlet_id: Id) -> None:
    """A new address; the old one stops working. Raises OutletGone."""
    one = await queries.outlet_for_change(db, outlet_id, within=who.branch_id)
    one.token_id = new_id()
    one.token_hash = crypto.digest(queries.token_of(one.token_id))
    before, one.renewed_at = one.renewed_at, clock.now()
    fact = OutletRenewed(org_id=one.org_id, id=one.id, branch_id=one.branch_id)
    record(db, fact, changed={"renewed_at": (before, one.renewed_at)})


async def close_outlet(db: Db, who: Principal, outlet_id: Id) -> None:
    """Raises OutletGone."""
    one = await queries.outlet_for_change(db, outlet_id, within=who.branch_id)
    await db.delete(one)
    fact = OutletClosed(org_id=one.org_id, id=one.id, branch_id=one.branch_id)
    record(db, fact, changed={"name": (one.name, None), "kind": (one.kind, None)})


async def note_fetch(db: Db, outlet_id: Id, *, cars: int | None) -> None:
    """Somebody fetched it; `cars` is None where they had it already. It may be closed meanwhile."""
    values = {"fetched_at": clock.now()} | ({} if cars is None else {"fetched_cars": cars})
    await db.execute(update(Outlet).where(Outlet.id == outlet_id).values(values))


async def _branch(db: Db, who: Principal, slug: str | None) -> Id | None:
    """Whoever belongs to a branch sends out its cars only. Raises Invalid."""
    if slug is None:
        return who.branch_id
    try:
        branch_id = await orgs.branch_id_of(db, slug)
        await orgs.require_branch(db, branch_id)
    except NotFound:
        branch_id = None
    if branch_id is None or who.branch_id not in (None, branch_id):
        raise Invalid([{"field": "branch", "message": _("There is no such branch.")}])
    return branch_id
