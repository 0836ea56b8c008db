"""Everything that says when answers are due in an org, in one statement: its rules, weeks and special days."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct, field
from sqlalchemy import ColumnElement, Select, Text, cast, func, literal_column, select, text

from app.core.base import Db, kept
from app.core.ids import Id
from app.sla import rules
from app.sla.models import BusinessHours
from app.sla.queries.calendars import HELD, calendar_among
from app.sla.queries.policies import IN_FORCE, STANDARD, rule_of
from app.sla.schemas import PolicyRow, SpecialDaysRow


class _Week(Struct, frozen=True):
    branch_id: Id | None
    week: dict[str, str]


class _Told(Struct, frozen=True):
    policies: list[PolicyRow]
    weeks: list[_Week]
    days: list[SpecialDaysRow]


class Book(Struct, frozen=True):
    """As it was when the transaction asked. The same rules and hours are the same book, with what it has reckoned."""

    policies: Sequence[rules.Policy]
    """In their order; never empty."""

    _weeks: dict[Id | None, dict[str, str]]
    _days: list[SpecialDaysRow]
    _calendars: dict[Id | None, rules.Calendar] = field(default_factory=dict)

    def calendar(self, branch_id: Id | None) -> rules.Calendar:
        """By which deadlines of leads at this branch run."""
        found = self._calendars.get(branch_id)
        if found is None:
            found = self._calendars[branch_id] = calendar_among(self._weeks, self._days, branch_id)
        return found


def _listed(row: type[Struct], query: Select[Any]) -> ColumnElement[Any]:
    """The rows of `query` as a JSON array of objects with the fields of `row`."""
    columns = query.selected_columns
    told = [part for name in row.__struct_fields__ for part in (literal_column(f"'{name}'"), columns[name])]
    made = query.with_only_columns(func.jsonb_build_object(*told).label("told")).subquery()
    return select(func.coalesce(func.jsonb_agg(made.c.told), text("'[]'::jsonb"))).scalar_subquery()


_BOOK = kept(
    select(
        cast(
            func.jsonb_build_object(
                "policies", _listed(PolicyRow, IN_FORCE),
                "weeks", _listed(_Week, select(BusinessHours)),
                "days", _listed(SpecialDaysRow, HELD),
            ),
            Text,
        )
    )
)  # fmt: skip


async def book(db: Db) -> Book:
    return _written((await db.execute(_BOOK)).scalar_one())


@lru_cache(maxsize=500)
def _written(told: str) -> Book:
    found = msgspec.json.decode(told, type=_Told)
    return Book(
        [rule_of(row) for row in found.policies or [STANDARD]],
        {week.branch_id: week.week for week in found.weeks},
        found.days,
    )
