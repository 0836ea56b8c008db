"""What became of a branch's day, in the figures of its board."""

from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, select

from app.core.base import Db
from app.core.ids import Id
from app.leads.models import Lead
from app.leads.queries.happened import happened
from app.leads.queries.leads import of_view
from app.leads.rules import periods
from app.leads.schemas import DayFigures

_MORNING = timedelta(hours=2)


async def day_figures(db: Db, branch_id: Id, day: date, closed_at: datetime, opens_at: datetime | None) -> DayFigures:
    """Of the day until its closing, and how leads stand now; `due` are those for the first two hours after opening."""
    first, last = periods.hours_of_day(day, closed_at)
    next_first, next_last = periods.hours(opens_at, opens_at + _MORNING) if opens_at else ("", "")
    spans = dict.fromkeys(("arrived", "answered", "in_time", "breached"), (first, last))
    spans["due"] = (next_first, next_last)
    found = {name: periods.span(*span) for name, span in spans.items()}
    counted = {name: happened(name, *span) for name, span in found.items() if span is not None}
    counted |= {name: of_view(name) for name in ("late", "unassigned", "open")}
    columns = [func.count().filter(condition).label(name) for name, condition in counted.items()]
    row = (await db.execute(select(*columns).select_from(Lead).where(and_(Lead.branch_id == branch_id)))).one()
    counts = dict(zip(counted, row, strict=True))
    return DayFigures(
        day=day, first=first, last=last, opens_at=opens_at, next_first=next_first, next_last=next_last,
        **{name: counts.get(name, 0) for name in ("arrived", "answered", "in_time", "breached", "late", "unassigned",
                                                  "open", "due")},
    )  # fmt: skip
