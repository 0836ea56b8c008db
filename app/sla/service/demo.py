"""The answer times a demo starts with. Running it again changes nothing."""

from app.core import db as database
from app.core.base import Scope
from app.core.settings import Settings
from app.orgs import queries as orgs
from app.sla import queries
from app.sla.queries.policies import STANDARD
from app.sla.schemas import ConditionsForm, PolicyForm
from app.sla.service.policies import add_policy

_CRORE = 10_000_000
_RULES = (
    PolicyForm(name="Walk-ins", conditions=ConditionsForm(sources=["walk_in"]), first_response=240, next_response=240),
    PolicyForm(
        name="Cars over one crore", conditions=ConditionsForm(price_from=_CRORE), first_response=5, next_response=15,
        resolution=3 * 10 * 60, urgent=True, hours="always",
    ),
)  # fmt: skip
"""Each is put before the one above it."""


async def seed(settings: Settings) -> str:
    """Rules of the demo's dealers, where DESK_DEMO says so and they have none of their own."""
    if not settings.desk_demo:
        return "demo answer times: none outside a demo"
    new = 0
    for slug in ("ravi", "indus"):
        org_id = await orgs.org_id_of(slug)
        if org_id is None:
            continue
        async with database.unit(Scope(org_id=org_id)) as db:
            if list(await queries.policy_rows(db)) == [STANDARD]:
                for form in _RULES:
                    await add_policy(db, org_id, form)
                    await db.flush()
                    new += 1
    return f"demo answer times: {new} new"
