"""A board counted again by hand: plain SQL over the tables, nothing of the product's own."""

from datetime import datetime
from statistics import median
from typing import Any

import asyncpg

_COUNTED = "l.merged_into_id is null and l.status <> 'spam'"
_AWAKE = """l.status not in ('won', 'lost', 'spam') and l.archived_at is null and l.merged_into_id is null
    and l.snoozed_until is null"""


class Recount:
    def __init__(self, connection: asyncpg.Connection, org_id: Any, branch_id: Any) -> None:
        self.connection, self.org_id, self.branch_id = connection, org_id, branch_id

    async def rows(self, what: str, *told: Any) -> list[Any]:
        of = "l.org_id = $1 and ($2::uuid is null or l.branch_id = $2)"
        return await self.connection.fetch(what.replace("/*of*/", of), self.org_id, self.branch_id, *told)

    async def count(self, where: str, *told: Any) -> int:
        found = await self.rows(f"select 1 from lead l where /*of*/ and {where}", *told)  # noqa: S608
        return len(found)

    async def now(self) -> dict[str, int]:
        return {
            "open": await self.count(_AWAKE),
            "unassigned": await self.count(f"{_AWAKE} and l.assignee_id is null"),
            "soon": await self.count(f"{_AWAKE} and l.soon_since is not null"),
            "late": await self.count(f"{_AWAKE} and l.late_since is not null"),
        }

    async def between(self, since: datetime, until: datetime) -> dict[str, Any]:
        """What happened; durations of first answers in seconds, shortest first."""
        rows = await self.rows(
            "select c.lead_id, c.took_s, c.breached_at, c.ended_at from lead_clock c join lead l on l.id = c.lead_id "  # noqa: S608
            f"where /*of*/ and {_COUNTED} and c.kind = 'first_response' and c.ended_as = 'met' "
            "and c.ended_at >= $3 and c.ended_at < $4 order by c.ended_at",
            since,
            until,
        )
        latest = {row["lead_id"]: row for row in rows}
        took = sorted(row["took_s"] for row in latest.values())
        missed = await self.rows(
            f"select distinct c.lead_id from lead_clock c join lead l on l.id = c.lead_id where /*of*/ and {_COUNTED} "  # noqa: S608
            "and c.breached_at >= $3 and c.breached_at < $4",
            since,
            until,
        )
        return {
            "arrived": await self.count(f"{_COUNTED} and l.opened_at >= $3 and l.opened_at < $4", since, until),
            "won": await self.count(
                "l.merged_into_id is null and l.status = 'won' and l.closed_at >= $3 and l.closed_at < $4", since, until
            ),
            "answered": len(took),
            "in_time": sum(row["breached_at"] is None for row in latest.values()),
            "breached": len(missed),
            "median_s": round(median(took)) if took else None,
            "took": took,
        }
