"""What the screen of opening hours shows: of one branch, or of all that follow the org's week."""

from typing import Any

from app.core import clock, dates
from app.core.base import Db
from app.orgs import queries as orgs
from app.orgs.schemas import BranchRow
from app.sla import rules
from app.sla.queries.calendars import hours_row, open_now, special_days
from app.sla.queries.holidays import suggestions
from app.sla.queries.policies import policy_rows, rule_of
from app.sla.schemas import HoursScreen, RulesScreen, WeekDay

ORG = "org"
"""Stands in a topic for "every branch of the org"."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EARLY, _LATE = 8, 22
MOST_BRANCHES = 100


async def hours_screen(db: Db, branch: BranchRow | None) -> HoursScreen:
    branch_id, today = branch.id if branch else None, dates.today()
    hours = await hours_row(db, branch_id)
    days = await special_days(db, branch_id, every=branch is None)
    return HoursScreen(
        key=branch.slug if branch else ORG,
        name=branch.name if branch else None,
        hours=hours,
        now=await open_now(db, branch_id),
        week=week_drawn(hours.week),
        special=[row for row in days if row.last >= today and row.kind != "dismissed"],
        suggestions=await suggestions(db, today),
        places={row.id: row.name for row in (await orgs.branches(db, limit=MOST_BRANCHES)).items},
    )


async def rules_screen(db: Db) -> RulesScreen:
    places = {row.id: row.name for row in (await orgs.branches(db, archived=True, limit=MOST_BRANCHES)).items}
    rows = await policy_rows(db)
    never = {id_: first.name for id_, first in rules.never_apply([rule_of(row) for row in rows]).items()}
    return RulesScreen(rules=rows, places=places, never=never)


def week_drawn(week: dict[str, Any]) -> list[WeekDay]:
    """Each day as it is written and as bars over the same stretch of hours."""
    days = rules.Week.written(**week).days
    held = [interval for day in days for interval in day]
    first = min([_EARLY, *(interval.opens // 60 for interval in held)])
    last = max([_LATE, *(-(-interval.closes // 60) for interval in held)])
    last += (last - first) % 2
    today = clock.now().astimezone(dates.ZONE)
    return [
        WeekDay(
            day=name,
            today=number == today.weekday(),
            hours=[str(interval) for interval in day],
            bars=[(interval.opens - first * 60, interval.closes - interval.opens) for interval in day],
            first_hour=first,
            last_hour=last,
        )
        for number, (name, day) in enumerate(zip(_DAYS, days, strict=True))
    ]
