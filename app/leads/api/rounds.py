"""Who gets new leads, over JSON."""

from litestar import get, put
from litestar.params import FromPath, JSONBody

from app.core import clock
from app.core.asks import Who, WithDb
from app.core.ids import Id
from app.leads import queries, service
from app.leads.schemas import CapacityForm, DutyForm, OnDuty, RoundForm, RoundRow


@get("/lead-rounds", access="org:lead.read")
async def list_rounds(db: WithDb, who: Who) -> list[RoundRow]:
    """How each branch hands out its leads."""
    return await queries.rounds(db, within=who.branch_id)


@put("/lead-rounds/{branch_id:uuid}", access="org:lead_round.change")
async def update_round(db: WithDb, who: Who, branch_id: FromPath[Id], data: JSONBody[RoundForm]) -> RoundRow:
    await service.set_round(db, who, branch_id, data)
    await db.flush()
    return await queries.round_of(db, branch_id)


@get("/duty", access="org:lead.read")
async def list_duty(db: WithDb, who: Who) -> list[OnDuty]:
    """The sales staff: who takes leads now, and how many they have."""
    return await queries.on_duty(db, who.branch_id, clock.now())


@put("/duty", access="org:lead.claim")
async def update_duty(db: WithDb, who: Who, data: JSONBody[DutyForm]) -> DutyForm:
    """One's own."""
    await service.set_duty(db, who, data)
    return data


@put("/duty/{person_id:uuid}/capacity", access="org:lead_round.change")
async def update_capacity(db: WithDb, who: Who, person_id: FromPath[Id], data: JSONBody[CapacityForm]) -> CapacityForm:
    """How many open leads this member is given at most."""
    await service.set_capacity(db, who, person_id, data)
    return data


ROUTES = (list_rounds, update_round, list_duty, update_duty, update_capacity)
