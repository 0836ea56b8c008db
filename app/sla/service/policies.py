"""The rules by which deadlines are set. A change holds for what begins from now on."""

from typing import Any

import msgspec

from app.core import clock
from app.core.base import Db
from app.core.errors import Invalid
from app.core.events import record
from app.core.i18n import _
from app.core.ids import Id, new_id
from app.orgs import queries as orgs
from app.sla import queries
from app.sla.errors import HoursChangedMeanwhile, LastPolicy
from app.sla.facts import SlaPolicyChanged
from app.sla.models import SlaPolicy
from app.sla.queries.policies import KINDS, STANDARD
from app.sla.schemas import ConditionsForm, PolicyForm

MOST = 50


async def add_policy(db: Db, org_id: Id, form: PolicyForm) -> Id:
    """Before all others: what is special comes first. The first one of an org leaves the standard one behind it.

    Raises Invalid.
    """
    await _check(db, form)
    there = await queries.policies_for_change(db)
    if len(there) >= MOST:
        raise Invalid([{"field": "name", "message": _("There are already 50 rules.")}])
    if not there:
        kept = PolicyForm(
            name=STANDARD.name, first_response=STANDARD.first_response, next_response=STANDARD.next_response
        )
        there = [_row(org_id, kept)]
        db.add(there[0])
    made = _row(org_id, form)
    db.add(made)
    _number([made, *there])
    _tell(db, made, {"name": (None, made.name)})
    return made.id


async def change_policy(db: Db, policy_id: Id, form: PolicyForm) -> None:
    """Raises NotFound, Invalid, HoursChangedMeanwhile."""
    await _check(db, form)
    row = await queries.policy_for_change(db, policy_id)
    if form.version is not None and form.version != row.version:
        raise HoursChangedMeanwhile(row.version)
    told = _told(form)
    changed = {name: (getattr(row, name), value) for name, value in told.items() if getattr(row, name) != value}
    if not changed:
        return
    for name, value in told.items():
        setattr(row, name, value)
    row.version += 1
    _tell(db, row, changed)


async def move_policy(db: Db, policy_id: Id, steps: int) -> None:
    """Up (negative) or down in the order, as far as there is room. Raises NotFound."""
    row = await queries.policy_for_change(db, policy_id)
    there = await queries.policies_for_change(db)
    place = there.index(row)
    there.insert(max(0, min(len(there) - 1, place + steps)), there.pop(place))
    if there.index(row) == place:
        return
    _number(there)
    _tell(db, row, {"position": (place + 1, there.index(row) + 1)})


async def remove_policy(db: Db, policy_id: Id) -> None:
    """Raises NotFound, LastPolicy."""
    row = await queries.policy_for_change(db, policy_id)
    there = await queries.policies_for_change(db)
    if len(there) == 1:
        raise LastPolicy
    row.removed_at = clock.now()
    _number([one for one in there if one is not row])
    _tell(db, row, {"name": (row.name, None)})


async def _check(db: Db, form: PolicyForm) -> None:
    asked = form.conditions
    if asked.price_from is not None and asked.price_to is not None and asked.price_to < asked.price_from:
        raise Invalid([{"field": "price_to", "message": _("The highest price is below the lowest.")}])
    if not any(getattr(form, name) for kind in KINDS for name in (kind, f"{kind}_days")):
        raise Invalid([{"field": "first_response", "message": _("Give at least one deadline.")}])
    for kind in KINDS:
        if getattr(form, kind) and getattr(form, f"{kind}_days"):
            raise Invalid([{"field": kind, "message": _("Say open time or working days, not both.")}])
    for branch_id in asked.branches:
        await orgs.require_branch(db, branch_id)


def _row(org_id: Id, form: PolicyForm) -> SlaPolicy:
    return SlaPolicy(id=new_id(), org_id=org_id, position=0, created_at=clock.now(), version=1, **_told(form))


def _told(form: PolicyForm) -> dict[str, Any]:
    return {
        "name": form.name,
        "conditions": _sorted(form.conditions),
        "first_response": form.first_response,
        "next_response": form.next_response,
        "resolution": form.resolution,
        **{f"{kind}_days": getattr(form, f"{kind}_days") for kind in KINDS},
        "urgent": form.urgent,
        "hours": form.hours,
    }


def _sorted(asked: ConditionsForm) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(asked)
    return {name: sorted(value) if isinstance(value, list) else value for name, value in told.items()}


def _number(there: list[SlaPolicy]) -> None:
    for position, row in enumerate(there, 1):
        row.position = position


def _tell(db: Db, row: SlaPolicy, changed: dict[str, tuple[Any, Any]]) -> None:
    record(db, SlaPolicyChanged(org_id=row.org_id, id=row.id), changed=changed)
