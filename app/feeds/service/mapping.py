"""What a dealer's columns and words mean, said once."""

import msgspec
from sqlalchemy.dialects.postgresql import insert

from app.core import clock
from app.core.base import Db
from app.core.errors import Invalid
from app.core.events import record
from app.core.i18n import _
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.feeds import queries
from app.feeds.errors import BadMapping
from app.feeds.facts import MappingSaved
from app.feeds.models import FeedFile, FeedMapping, FeedWord
from app.feeds.rules import teaching
from app.feeds.schemas import MappingForm, Options, WordForm
from app.feeds.service.sources import go_on
from app.listings import rules as stock


async def save_mapping(db: Db, who: Principal, form: MappingForm) -> Id:
    """In place of the one for the same headers. Raises Invalid, BadMapping, FileGone."""
    if faults := teaching.faults(form.columns):
        raise BadMapping(errors=faults)
    if form.file_id is msgspec.UNSET:
        raise Invalid([{"field": "file_id", "message": _("Say for which file.")}])
    file = await queries.file_for_run(db, form.file_id)
    await _same_columns(file, form)
    if form.branch is not None:
        await queries.branch_named(db, form.branch)
    there = await queries.mapping_for(db, file.signature)
    options = msgspec.to_builtins(
        Options(
            branch=form.branch,
            publish=form.publish,
            full_stock=form.full_stock,
            unlist_after=form.unlist_after,
        )
    )
    mapping = there or FeedMapping(id=new_id(), org_id=who.org_id, signature=file.signature, name=file.name, version=0)
    before = mapping.columns if there else None
    mapping.columns, mapping.options = dict(form.columns), options
    mapping.saved_by, mapping.saved_at = who.person_id, clock.now()
    mapping.version += 1
    if form.name is not msgspec.UNSET:
        mapping.name = form.name
    db.add(mapping)
    await db.flush()
    fact = MappingSaved(org_id=who.org_id, id=mapping.id)
    record(db, fact, changed={"columns": (before, mapping.columns), "options": (None, options)})
    await go_on(db, file.signature)
    return mapping.id


async def _same_columns(file: FeedFile, form: MappingForm) -> None:
    known = {column["header"] for column in file.shape["columns"]}
    strange = [header for header in form.columns if header not in known]
    if strange:
        message = _("This file has no such column.")
        raise BadMapping(errors=[{"field": header, "message": message} for header in strange])


async def learn(db: Db, who: Principal, form: WordForm) -> None:
    """From the next run on the word means this. Raises Invalid."""
    if not teaching.is_value(form.field, form.meant):
        raise Invalid([{"field": "meant", "message": _("That is not a value of this field.")}])
    row = {"org_id": who.org_id, "field": form.field, "said": stock.fold(form.said), "meant": form.meant}
    into = insert(FeedWord).values(**row, saved_at=clock.now())
    new = {"meant": into.excluded.meant, "saved_at": into.excluded.saved_at}
    await db.execute(into.on_conflict_do_update(index_elements=["org_id", "field", "said"], set_=new))
    fact = MappingSaved(org_id=who.org_id, id=who.org_id)
    record(db, fact, changed={form.field: (form.said, form.meant)})
