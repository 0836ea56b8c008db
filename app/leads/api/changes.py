"""What members do to leads, over JSON. Each answers with the lead as it then is."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Response, patch, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody

from app.core.asks import Who, WithDb
from app.core.base import Db
from app.core.idempotency import keyed, once
from app.core.ids import Id
from app.leads import queries, service
from app.leads.schemas import (
    AssignForm,
    Bulk,
    BulkForm,
    CallForm,
    CallPatch,
    Entry,
    LeadPatch,
    LeadRow,
    MergeForm,
    MoveForm,
    NoteForm,
    PauseForm,
    ReplyForm,
    SnoozeForm,
    StatusForm,
)

_MADE = {201: ResponseSpec(Entry, generate_examples=False)}


@post("/leads/{lead_id:uuid}/claim", access="org:lead.claim", status_code=200)
async def claim_lead(db: WithDb, who: Who, lead_id: FromPath[Id]) -> LeadRow:
    """The first wins; everybody else gets 409 with who it was."""
    await service.claim(db, who, lead_id)
    return await _now(db, lead_id)


@patch("/leads/{lead_id:uuid}", access="org:lead.change")
async def update_lead(db: WithDb, who: Who, lead_id: FromPath[Id], data: JSONBody[LeadPatch]) -> LeadRow:
    await service.change_lead(db, who, lead_id, data)
    return await _now(db, lead_id)


@patch("/leads/{lead_id:uuid}/assign", access="org:lead.assign")
async def assign_lead(db: WithDb, who: Who, lead_id: FromPath[Id], data: JSONBody[AssignForm]) -> LeadRow:
    await service.assign(db, who, lead_id, data)
    return await _now(db, lead_id)


@post("/leads/{lead_id:uuid}/pause", access="org:lead.change", status_code=200)
async def pause_lead(db: WithDb, who: Who, lead_id: FromPath[Id], data: JSONBody[PauseForm]) -> LeadRow:
    """Its deadlines stand still, for a reason."""
    await service.pause(db, who, lead_id, data)
    return await _now(db, lead_id)


@post("/leads/{lead_id:uuid}/resume", access="org:lead.change", status_code=200)
async def resume_lead(db: WithDb, who: Who, lead_id: FromPath[Id]) -> LeadRow:
    await service.resume(db, who, lead_id)
    return await _now(db, lead_id)


@patch("/leads/{lead_id:uuid}/branch", access="org:lead.assign")
async def move_lead(db: WithDb, who: Who, lead_id: FromPath[Id], data: JSONBody[MoveForm]) -> LeadRow:
    """To another branch; nobody has it there yet."""
    await service.move(db, who, lead_id, data)
    return await _now(db, lead_id)


@patch("/leads/{lead_id:uuid}/status", access="org:lead.change")
async def update_status(db: WithDb, who: Who, lead_id: FromPath[Id], data: JSONBody[StatusForm]) -> LeadRow:
    await service.change_status(db, who, lead_id, data)
    return await _now(db, lead_id)


@post("/leads/{lead_id:uuid}/replies", access="org:lead.reply", responses=_MADE)
async def create_reply(
    db: WithDb, who: Who, lead_id: FromPath[Id], data: JSONBody[ReplyForm], request: Request[Any, Any, Any]
) -> Response[bytes]:
    return await once(db, keyed(request, data), _entry(db, lambda: service.reply(db, who, lead_id, data)))


@post("/leads/{lead_id:uuid}/notes", access="org:lead.note", responses=_MADE)
async def create_note(
    db: WithDb, who: Who, lead_id: FromPath[Id], data: JSONBody[NoteForm], request: Request[Any, Any, Any]
) -> Response[bytes]:
    return await once(db, keyed(request, data), _entry(db, lambda: service.note(db, who, lead_id, data)))


@post("/leads/{lead_id:uuid}/calls", access="org:lead.reply", responses=_MADE)
async def create_call(
    db: WithDb, who: Who, lead_id: FromPath[Id], data: JSONBody[CallForm], request: Request[Any, Any, Any]
) -> Response[bytes]:
    """One for each time the buyer is rung. Only `talked` is an answer to them."""
    make = _entry(db, lambda: service.call(db, who, lead_id, data.outcome))
    return await once(db, keyed(request, data), make)


@patch("/leads/{lead_id:uuid}/calls/{entry_id:uuid}", access="org:lead.reply")
async def update_call(
    db: WithDb, who: Who, lead_id: FromPath[Id], entry_id: FromPath[Id], data: JSONBody[CallPatch]
) -> Entry:
    """How it went. A talk that was none gives the deadline back."""
    await service.settle_call(db, who, lead_id, entry_id, data.outcome)
    await db.flush()
    return await queries.entry(db, entry_id)


@post("/leads/{lead_id:uuid}/snooze", access="org:lead.change", status_code=200)
async def snooze_lead(db: WithDb, who: Who, lead_id: FromPath[Id], data: JSONBody[SnoozeForm]) -> LeadRow:
    """Without a moment it wakes now."""
    await service.snooze(db, who, lead_id, data)
    return await _now(db, lead_id)


@post("/leads/{lead_id:uuid}/archive", access="org:lead.change", status_code=200)
async def archive_lead(db: WithDb, who: Who, lead_id: FromPath[Id]) -> LeadRow:
    await service.archive(db, who, lead_id)
    return await _now(db, lead_id)


@post("/leads/{lead_id:uuid}/restore", access="org:lead.change", status_code=200)
async def restore_lead(db: WithDb, who: Who, lead_id: FromPath[Id]) -> LeadRow:
    await service.restore(db, who, lead_id)
    return await _now(db, lead_id)


@post("/leads/{lead_id:uuid}/merge", access="org:lead.merge", status_code=200)
async def merge_lead(db: WithDb, who: Who, lead_id: FromPath[Id], data: JSONBody[MergeForm]) -> LeadRow:
    """Into `into_id`, whose lead is answered."""
    await service.merge(db, who, lead_id, data.into_id)
    return await _now(db, data.into_id)


@post("/leads/{lead_id:uuid}/unmerge", access="org:lead.merge", status_code=200)
async def unmerge_lead(db: WithDb, who: Who, lead_id: FromPath[Id]) -> LeadRow:
    await service.unmerge(db, who, lead_id)
    return await _now(db, lead_id)


@post("/leads/bulk", access="org:lead.change", status_code=200)
async def change_leads(db: WithDb, who: Who, data: JSONBody[BulkForm]) -> Bulk:
    """One action on at most 200 leads. What could not be done is named, the rest is done."""
    return await service.bulk(db, who, data)


@post("/leads/batches/{batch_id:uuid}/undo", access="org:lead.change", status_code=200)
async def undo_batch(db: WithDb, who: Who, batch_id: FromPath[Id]) -> Bulk:
    """Takes back one's own action, where nobody has changed the lead since."""
    return await service.undo(db, who, batch_id)


async def _now(db: Db, lead_id: Id) -> LeadRow:
    await db.flush()
    return await queries.lead_row(db, lead_id)


def _entry(db: Db, make: Callable[[], Awaitable[Id]]) -> Callable[[], Awaitable[Entry]]:
    async def made() -> Entry:
        entry_id = await make()
        await db.flush()
        return await queries.entry(db, entry_id)

    return made


ROUTES = (
    claim_lead, update_lead, assign_lead, update_status, create_reply, create_note, create_call, update_call,
    snooze_lead, archive_lead, restore_lead, merge_lead, unmerge_lead, change_leads, undo_batch, pause_lead,
    resume_lead, move_lead,
)  # fmt: skip
