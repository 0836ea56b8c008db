"""Notices whose time has come: shown, or dropped where they have become pointless meanwhile."""

from collections.abc import Sequence
from datetime import datetime

from app.core.base import Db
from app.core.ids import Id
from app.notices import queries, rules
from app.notices.service.delivering import drop, show


async def come_due(db: Db, notice_ids: Sequence[Id], at: datetime) -> None:
    notices = await queries.notices_for_change(db, notice_ids)
    ways = await queries.deliveries_for_change(db, notice_ids)
    leads = await queries.leads(db, {one.lead_id for one in notices if one.lead_id})
    clocks = await queries.clocks(db, {one.clock_id for one in notices if one.clock_id})
    for one in notices:
        lead = leads.get(one.lead_id) if one.lead_id else None
        clock = clocks.get(one.clock_id) if one.clock_id else None
        reason = "read" if one.read_at else rules.pointless(one.kind, one.person_id, lead, clock)
        if reason:
            drop(db, one, ways[one.id], reason)
        else:
            show(db, one, ways[one.id], at)
