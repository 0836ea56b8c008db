"""Which policy a lead falls under: conditions in order of position, the first that fits."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.core.ids import Id
from app.sla.rules.calendars import Calendar
from app.sla.rules.clocks import Clock
from app.sla.rules.hours import Week

ALWAYS = Calendar(Week.written(**dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "00:00-24:00")),
                  zone=ZoneInfo("UTC"))  # fmt: skip


class Conditions(Struct, frozen=True):
    """What a lead must be; what is left empty asks for nothing. Both ends of the price are included."""

    sources: frozenset[str] = frozenset()
    branches: frozenset[Id] = frozenset()
    priorities: frozenset[str] = frozenset()
    price_from_rupees: int | None = None
    price_to_rupees: int | None = None


class Targets(Struct, frozen=True):
    """In minutes of open time, or until the closing of so many working days later; None sets no deadline."""

    first_response: int | None = None
    next_response: int | None = None
    resolution: int | None = None
    first_response_days: int | None = None
    next_response_days: int | None = None
    resolution_days: int | None = None

    def minutes(self, kind: str) -> int | None:
        found: int | None = getattr(self, kind)
        return found

    def days(self, kind: str) -> int | None:
        found: int | None = getattr(self, f"{kind}_days")
        return found


class Policy(Struct, frozen=True):
    id: Id | None
    """None for the one every org starts with."""
    name: str
    position: int
    conditions: Conditions
    targets: Targets
    urgent: bool
    """Its alerts go out at night too."""
    hours: Literal["business", "always"]
    version: int = 1


class About(Struct, frozen=True):
    """What a policy may ask about a lead."""

    source: str
    branch_id: Id | None
    priority: str
    price_rupees: int | None


def pick(policies: Iterable[Policy], about: About) -> Policy | None:
    fitting = (policy for policy in policies if fits(policy.conditions, about))
    return min(fitting, key=lambda policy: policy.position, default=None)


def fits(conditions: Conditions, about: About) -> bool:
    """A lead without a price fits no condition on price."""
    return (
        (not conditions.sources or about.source in conditions.sources)
        and (not conditions.branches or about.branch_id in conditions.branches)
        and (not conditions.priorities or about.priority in conditions.priorities)
        and _within(conditions, about.price_rupees)
    )


def never_apply(policies: Iterable[Policy]) -> dict[Id, Policy]:
    """Those for which no lead is left, by id, and the one above that takes all of theirs."""
    found, above = {}, list[Policy]()
    for policy in sorted(policies, key=lambda policy: policy.position):
        first = next((one for one in above if _takes_all(one.conditions, policy.conditions)), None)
        if first is not None and policy.id is not None:
            found[policy.id] = first
        above.append(policy)
    return found


def _takes_all(wide: Conditions, narrow: Conditions) -> bool:
    """Whether every lead that fits `narrow` fits `wide`."""
    named = ("sources", "branches", "priorities")
    if any(not _within_names(getattr(wide, name), getattr(narrow, name)) for name in named):
        return False
    low, high = wide.price_from_rupees, wide.price_to_rupees
    least, most = narrow.price_from_rupees, narrow.price_to_rupees
    return (low is None or (least is not None and least >= low)) and (
        high is None or (most is not None and most <= high)
    )


def _within_names(wide: frozenset[Any], narrow: frozenset[Any]) -> bool:
    return not wide or (bool(narrow) and narrow <= wide)


def hours_of(policy: Policy, kind: str) -> Literal["business", "always"]:
    """By what a deadline of it runs: working days are the branch's, also where minutes count day and night."""
    return "business" if policy.targets.days(kind) else policy.hours


def calendar_of(hours: str, branch: Calendar) -> Calendar:
    """What a deadline of these `hours` runs by."""
    return ALWAYS if hours == "always" else branch


def clock_of(policy: Policy, kind: str, branch: Calendar, started: datetime) -> Clock | None:
    """The deadline of this kind for a lead that begins to wait now; None where the policy sets none."""
    minutes, days = policy.targets.minutes(kind), policy.targets.days(kind)
    if minutes is None and days is None:
        return None
    calendar = calendar_of(hours_of(policy, kind), branch)
    return Clock(calendar, started=started, target=timedelta(minutes=minutes or 0), days=days)


def _within(conditions: Conditions, price: int | None) -> bool:
    low, high = conditions.price_from_rupees, conditions.price_to_rupees
    if low is None and high is None:
        return True
    return price is not None and (low is None or low <= price) and (high is None or price <= high)
