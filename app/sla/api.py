"""JSON of service levels: opening hours, special days, suggested holidays, the rules of answer times."""

from collections.abc import Sequence
from typing import Annotated

from litestar import delete, get, patch, post, put
from litestar.params import FromPath, JSONBody, QueryParameter

from app.core import dates
from app.core.asks import Who, WithDb
from app.core.ids import Id
from app.orgs import queries as orgs
from app.sla import queries, service
from app.sla.schemas import (
    HolidayForm,
    HoursForm,
    HoursRow,
    MoveForm,
    OpenNow,
    PolicyForm,
    PolicyRow,
    SpecialDaysForm,
    SpecialDaysRow,
    Suggestion,
)

Seen = Annotated[int | None, QueryParameter(name="version", ge=0, le=2**53)]


@get("/sla/hours", access="org:sla.read")
async def show_hours(db: WithDb) -> HoursRow:
    """The week of every branch that has none of its own."""
    return await queries.hours_row(db, None)


@put("/sla/hours", access="org:sla.change")
async def update_hours(db: WithDb, who: Who, data: JSONBody[HoursForm]) -> HoursRow:
    """Of the branch it names, or of the org. 412 with the version there is when somebody was faster."""
    await service.set_hours(db, who.org_id, data)
    await db.flush()
    return await queries.hours_row(db, data.branch_id)


@get("/sla/branches/{branch_id:uuid}/hours", access="org:sla.read")
async def show_branch_hours(db: WithDb, branch_id: FromPath[Id]) -> HoursRow:
    await orgs.branch_row(db, branch_id)
    return await queries.hours_row(db, branch_id)


@delete("/sla/branches/{branch_id:uuid}/hours", access="org:sla.change", status_code=204)
async def delete_branch_hours(db: WithDb, who: Who, branch_id: FromPath[Id], version: Seen = None) -> None:
    """It follows the org's week again."""
    await service.follow_org(db, who.org_id, branch_id, version=version)


@get("/sla/branches/{branch_id:uuid}/state", access="org:sla.read")
async def show_branch_state(db: WithDb, branch_id: FromPath[Id]) -> OpenNow:
    await orgs.branch_row(db, branch_id)
    return await queries.open_now(db, branch_id)


@get("/sla/special-days", access="org:sla.read")
async def list_special_days(db: WithDb) -> list[SpecialDaysRow]:
    """Of all branches, by first day; dismissed suggestions too."""
    return await queries.special_days(db, every=True)


@post("/sla/special-days", access="org:sla.change")
async def create_special_days(db: WithDb, who: Who, data: JSONBody[SpecialDaysForm]) -> SpecialDaysRow:
    made = await service.add_days(db, who.org_id, data)
    return await queries.special_row(db, made)


@patch("/sla/special-days/{days_id:uuid}", access="org:sla.change")
async def update_special_days(db: WithDb, days_id: FromPath[Id], data: JSONBody[SpecialDaysForm]) -> SpecialDaysRow:
    await service.change_days(db, days_id, data)
    await db.flush()
    return await queries.special_row(db, days_id)


@delete("/sla/special-days/{days_id:uuid}", access="org:sla.change", status_code=204)
async def delete_special_days(db: WithDb, days_id: FromPath[Id], version: Seen = None) -> None:
    await service.remove_days(db, days_id, version=version)


@get("/sla/suggestions", access="org:sla.read")
async def list_suggestions(db: WithDb) -> list[Suggestion]:
    """Holidays of the coming year that nobody has answered; none of them changes anything yet."""
    return await queries.suggestions(db, dates.today())


@post("/sla/suggestions/{holiday:str}/accept", access="org:sla.change")
async def accept_suggestion(
    db: WithDb, who: Who, holiday: FromPath[str], data: JSONBody[HolidayForm]
) -> SpecialDaysRow:
    found = await queries.suggestion(db, holiday, dates.today())
    made = await service.accept(db, who.org_id, found, data)
    return await queries.special_row(db, made)


@post("/sla/suggestions/{holiday:str}/dismiss", access="org:sla.change", status_code=204)
async def dismiss_suggestion(db: WithDb, who: Who, holiday: FromPath[str]) -> None:
    await service.dismiss(db, who.org_id, await queries.suggestion(db, holiday, dates.today()))


@get("/sla/policies", access="org:sla.read")
async def list_policies(db: WithDb) -> Sequence[PolicyRow]:
    """In their order: the first that fits a lead counts."""
    return await queries.policy_rows(db)


@post("/sla/policies", access="org:sla.change")
async def create_policy(db: WithDb, who: Who, data: JSONBody[PolicyForm]) -> PolicyRow:
    """Before all others."""
    made = await service.add_policy(db, who.org_id, data)
    return await queries.policy_row(db, made)


@patch("/sla/policies/{policy_id:uuid}", access="org:sla.change")
async def update_policy(db: WithDb, policy_id: FromPath[Id], data: JSONBody[PolicyForm]) -> PolicyRow:
    """Deadlines that run already stay as they are."""
    await service.change_policy(db, policy_id, data)
    await db.flush()
    return await queries.policy_row(db, policy_id)


@post("/sla/policies/{policy_id:uuid}/move", access="org:sla.change", status_code=200)
async def move_policy(db: WithDb, policy_id: FromPath[Id], data: JSONBody[MoveForm]) -> Sequence[PolicyRow]:
    await service.move_policy(db, policy_id, data.steps)
    await db.flush()
    return await queries.policy_rows(db)


@delete("/sla/policies/{policy_id:uuid}", access="org:sla.change", status_code=204)
async def delete_policy(db: WithDb, policy_id: FromPath[Id]) -> None:
    await service.remove_policy(db, policy_id)


ROUTES = (
    show_hours, update_hours, show_branch_hours, delete_branch_hours, show_branch_state, list_special_days,
    create_special_days, update_special_days, delete_special_days, list_suggestions, accept_suggestion,
    dismiss_suggestion, list_policies, create_policy, update_policy, move_policy, delete_policy,
)  # fmt: skip
