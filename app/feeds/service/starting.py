"""A run is asked for: what it will do is settled here, a worker does it."""

import msgspec
from msgspec import structs

from app.core import clock
from app.core.base import Db
from app.core.errors import Invalid
from app.core.events import record
from app.core.i18n import _
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.feeds import queries
from app.feeds.errors import BadMapping, OtherColumns
from app.feeds.facts import RunStarted
from app.feeds.models import FeedFile, FeedMapping, FeedRun
from app.feeds.rules import teaching
from app.feeds.schemas import Options, RunForm


async def start_run(db: Db, who: Principal, file_id: Id, form: RunForm) -> Id:
    """Raises FileGone, MappingGone, OtherColumns, BadMapping, Invalid."""
    file = await queries.file_for_run(db, file_id)
    mapping = await _mapping(db, file, form)
    columns = {column["header"]: column["field"] for column in file.shape["columns"]}
    if mapping is not None:
        columns = {**dict.fromkeys(columns), **mapping.columns}
    if faults := teaching.faults(columns):
        raise BadMapping(errors=faults)
    options = msgspec.convert(mapping.options, Options) if mapping else Options()
    full_stock = options.full_stock if form.full_stock is msgspec.UNSET else form.full_stock
    run = FeedRun(
        id=new_id(),
        org_id=who.org_id,
        file_id=file.id,
        mapping_id=mapping.id if mapping else None,
        branch_id=await _branch(db, who, form.branch or options.branch),
        within=who.branch_id,
        columns=columns,
        dry_run=form.dry_run,
        publish=options.publish if form.publish is msgspec.UNSET else form.publish,
        full_stock=full_stock,
        unlist_after=options.unlist_after if form.unlist_after is msgspec.UNSET else form.unlist_after,
        stage="check" if full_stock and not form.dry_run else "write",
        state="waiting",
        total=file.total,
        checkpoint=0,
        started_by=who.person_id,
        created_at=clock.now(),
        conflicts=[],
        unknown=[],
    )
    db.add(run)
    await db.flush()
    fact = RunStarted(org_id=run.org_id, id=run.id, branch_id=run.branch_id)
    record(db, fact, changed={"file": (None, file.name), "dry_run": (None, run.dry_run)})
    return run.id


async def start_again(db: Db, who: Principal, run_id: Id) -> Id:
    """The sheet of this run for good, taken as that run was asked to, with what was learned since.

    Raises RunGone and what `start_run` does.
    """
    file_id, form = await queries.asked_of(db, run_id)
    return await start_run(db, who, file_id, form if who.branch_id is None else structs.replace(form, branch=None))


async def _mapping(db: Db, file: FeedFile, form: RunForm) -> FeedMapping | None:
    if form.mapping_id is None:
        return await queries.mapping_for(db, file.signature)
    mapping = await queries.mapping(db, form.mapping_id)
    if mapping.signature != file.signature:
        raise OtherColumns
    return mapping


async def _branch(db: Db, who: Principal, slug: str | None) -> Id | None:
    """Where its cars stand: of a member of one branch there. Raises Invalid."""
    if who.branch_id is not None:
        if slug is not None and slug != who.branch_slug:
            raise Invalid([{"field": "branch", "message": _("You work in another branch.")}])
        return who.branch_id
    if slug is not None:
        return await queries.branch_named(db, slug)
    return next(iter((await queries.branches(db)).values()), None)
