"""A board put together: tiles, tables whose rows add up, charts."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import Row, and_, or_, select

from app.accounts.models import AppUser
from app.analytics import rules
from app.analytics.queries import counting
from app.analytics.queries.counting import Answered, Answers
from app.analytics.schemas import Board, Day, Figure, Funnel, Hour, Line, Part, Period, Tiles
from app.core import clock
from app.core.base import Db, one_or
from app.core.errors import NotFound
from app.core.ids import Id
from app.core.security import Principal
from app.leads.queries import NO_BRANCH
from app.leads.rules import LOST_REASONS, SOURCES
from app.listings import queries as listings
from app.orgs.models import Branch, Membership, Org

_SUMMED = ("open", "unassigned", "late", "arrived", "won")


class Named(Struct, frozen=True):
    """A branch, or with no id the whole org."""

    id: Id | None
    slug: str
    name: str


def slug_for(who: Principal, branch: str) -> str:
    """Which board an address means for this person. Raises NotFound for another branch than theirs."""
    if who.branch_id is None:
        return rules.ORG if branch in ("", "all", rules.ORG) else branch
    if branch not in ("", who.branch_slug):
        raise NotFound
    return who.branch_slug or ""


async def named(db: Db, slug: str) -> Named:
    """Raises NotFound for a branch that is not ours."""
    if slug == rules.ORG:
        name = await db.scalar(select(Org.name).where(Org.id == db.scope.org_id))
        return Named(None, rules.ORG, name or "")
    found = await db.execute(select(Branch.id, Branch.slug, Branch.name).where(Branch.slug == slug))
    return Named(*one_or(found, NotFound))


async def board(db: Db, about: Named, period: Period) -> Board:
    now = clock.now()
    window = rules.window(period, now)
    groups = await counting.standing(db, window, about.id)
    answered = await counting.answers(db, window, about.id)
    breached = await counting.breaches(db, window, about.id)
    arrived = await counting.arrivals(db, now, about.id)
    people = await _people(db, about.id, [row.assignee_id for row in groups] + [row[1] for row in breached])
    places = await _places(db) if about.id is None else {}
    sums = _Sums(groups, answered, breached)
    total = sums.line("", about.name, None, answered.now)
    return Board(
        branch=about.slug,
        name=about.name,
        period=period,
        first=window.first,
        last=window.last,
        at=now,
        hour=rules.hour(now),
        tiles=_tiles(sums, total, answered),
        total=total,
        sources=[sums.line(name, None, ("source", name)) for name in _sources(groups, sums)],
        members=_members(sums, people),
        branches=[sums.line(slug, name, ("branch", id_)) for id_, (slug, name) in places.items()]
        + sums.homeless(places),
        hours=_hours(arrived, now),
        week=_week(arrived, now),
        days=[sum(day.hours) for day in _days(arrived, now, rules.USUAL_WEEKS * 7)],
        answers=_parts(dict(zip(rules.ANSWERS, answered.now.parts or [0] * len(rules.ANSWERS), strict=True))),
        funnel=_funnel(groups),
        stock=_parts(await listings.ages(db, branch_id=about.id)),
        late=await counting.latest_late(db, about.id),
    )


class _Sums:
    """The groups, added up by whatever is asked."""

    def __init__(self, groups: list[Row[Any]], answers: Answers, breaches: Iterable[tuple[Any, ...]]) -> None:
        self.groups, self.answers = groups, answers
        self.breaches = list(breaches)

    def line(
        self, key: str, name: str | None, only: tuple[str, object] | None, answered: Answered | None = None
    ) -> Line:
        """Of those that are `only` of this branch, assignee or source."""
        at = {"branch": 0, "assignee": 1, "source": 2}.get(only[0]) if only else None
        rows = [row for row in self.groups if at is None or row[at] == only[1]]  # type: ignore[index]
        missed = sum(row[3] for row in self.breaches if at is None or row[at] == only[1])  # type: ignore[index]
        answered = answered or self.answers.of.get(only or ("", None)) or Answered()
        return Line(
            key=key,
            name=name,
            **{field: sum(getattr(row, field) for row in rows) for field in _SUMMED},
            answered=answered.count,
            in_time=answered.in_time,
            in_time_percent=rules.percent(answered.in_time, answered.count),
            median_s=answered.median_s,
            breached=missed,
        )

    def homeless(self, places: Mapping[Id, Any]) -> list[Line]:
        """What belongs to no branch, on the org's own board."""
        line = self.line(NO_BRANCH, None, ("branch", None))
        return [line] if places and (line.open or line.arrived or line.answered or line.won or line.breached) else []

    def sum(self, field: str) -> int:
        return sum(getattr(row, field) for row in self.groups)

    def first(self, field: str) -> datetime | None:
        return min((found for row in self.groups if (found := getattr(row, field))), default=None)


def _tiles(sums: _Sums, total: Line, answers: Answers) -> Tiles:
    now, before = answers.now, answers.before
    return Tiles(
        open=total.open,
        unassigned=total.unassigned,
        unassigned_since=sums.first("unassigned_since"),
        soon=sums.sum("soon"),
        soon_at=sums.first("soon_at"),
        late=total.late,
        late_since=sums.first("late_since"),
        arrived=Figure(total.arrived, sums.sum("arrived_before")),
        answered=Figure(now.count, before.count),
        median_s=Figure(now.median_s, before.median_s),
        p90_s=Figure(now.p90_s, before.p90_s),
        in_time=now.in_time,
        in_time_percent=Figure(rules.percent(now.in_time, now.count), rules.percent(before.in_time, before.count)),
        breached=Figure(total.breached, sum(row[4] for row in sums.breaches)),
        won=Figure(total.won, sums.sum("won_before")),
    )


def _sources(groups: list[Row[Any]], sums: _Sums) -> list[str]:
    """Those that brought anything, those that brought most first."""
    seen = {row.source for row in groups if any(getattr(row, field) for field in _SUMMED)}
    seen |= {key for kind, key in sums.answers.of if kind == "source"} | {row[2] for row in sums.breaches}
    brought = {name: sum(row.arrived for row in groups if row.source == name) for name in seen}
    return sorted(seen, key=lambda name: (-brought[name], SOURCES.index(name) if name in SOURCES else 99, name))


def _members(sums: _Sums, people: Mapping[Id, str]) -> list[Line]:
    """Everybody who sells or holds a lead, by name; then nobody."""
    lines = [sums.line(str(id_), name, ("assignee", id_)) for id_, name in people.items()]
    return [*lines, sums.line("none", None, ("assignee", None))]


async def _people(db: Db, branch_id: Id | None, holders: Iterable[Id | None]) -> dict[Id, str]:
    sells = and_(Membership.status == "active", Membership.role == "sales")
    if branch_id is not None:
        sells = and_(sells, Membership.branch_id == branch_id)
    found = await db.scalars(
        select(AppUser)
        .outerjoin(Membership, and_(Membership.user_id == AppUser.id, Membership.org_id == db.scope.org_id))
        .where(or_(sells, AppUser.id.in_({one for one in holders if one})))
    )
    return dict(sorted(((one.id, one.name) for one in found), key=lambda pair: (pair[1].casefold(), pair[0])))


async def _places(db: Db) -> dict[Id, tuple[str, str]]:
    """Closed ones too while they have anything: the rows add up."""
    found = await db.execute(select(Branch.id, Branch.slug, Branch.name).order_by(Branch.name, Branch.id))
    return {id_: (slug, name) for id_, slug, name in found}


def _hours(arrived: Mapping[tuple[Any, int], int], now: datetime) -> list[Hour]:
    today = rules.today(now)
    before = [today - timedelta(weeks=week) for week in range(1, rules.USUAL_WEEKS + 1)]
    return [
        Hour(hour, arrived.get((today, hour), 0), sum(arrived.get((day, hour), 0) for day in before) / len(before))
        for hour in range(24)
    ]


def _week(arrived: Mapping[tuple[Any, int], int], now: datetime) -> list[Day]:
    return _days(arrived, now, rules.WEEK)


def _days(arrived: Mapping[tuple[Any, int], int], now: datetime, count: int) -> list[Day]:
    """The last days, today at the end."""
    days = [rules.today(now) - timedelta(days=back) for back in reversed(range(count))]
    return [Day(day, [arrived.get((day, hour), 0) for hour in range(24)]) for day in days]


def _parts(counts: Mapping[str, int]) -> list[Part]:
    return [Part(key, count) for key, count in counts.items()]


def _funnel(groups: list[Row[Any]]) -> Funnel:
    sums = {
        name: sum(getattr(row, name) for row in groups) for name in ("arrived", "taken", "test_drive", "sold", "lost")
    }
    lost = {reason: sum(row.lost for row in groups if row.reason == reason) for reason in LOST_REASONS}
    reasons = sorted(_parts({reason: count for reason, count in lost.items() if count}), key=lambda part: -part.count)
    return Funnel(
        arrived=sums["arrived"], taken=sums["taken"], test_drive=sums["test_drive"], won=sums["sold"],
        lost=sums["lost"], reasons=reasons,
    )  # fmt: skip
