"""Structs at the edges of service levels: forms of hours, special days and policies; their rows."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from app.core.bounds import Input, ShortText
from app.core.ids import Id

DayHours = Annotated[str, Meta(max_length=100)]
Minutes = Annotated[int, Meta(ge=1, le=60 * 24 * 90)]
WorkingDays = Annotated[int, Meta(ge=1, le=60)]
Version = Annotated[int, Meta(ge=0, le=2**53)]
"""What somebody saw before changing it; 0 where there was nothing yet."""

Priority = Literal["low", "normal", "high"]


class WeekForm(Input, frozen=True, kw_only=True):
    """Each day as `10:00-13:00 14:30-20:00`; left empty it is closed."""

    mon: DayHours = ""
    tue: DayHours = ""
    wed: DayHours = ""
    thu: DayHours = ""
    fri: DayHours = ""
    sat: DayHours = ""
    sun: DayHours = ""


class HoursForm(WeekForm, frozen=True, kw_only=True):
    """The week of a branch, or with no branch of all that have none of their own."""

    branch_id: Id | None = None
    version: Version | None = None


class SpecialDaysForm(WeekForm, frozen=True, kw_only=True):
    """Days that differ; a timetable has hours, a closure has none."""

    kind: Literal["closure", "timetable"]
    name: ShortText
    first: date
    last: date
    branch_id: Id | None = None
    holiday: Annotated[str, Meta(max_length=60)] | None = None
    version: Version | None = None


class HolidayForm(WeekForm, frozen=True, kw_only=True):
    """An accepted suggestion: other dates where the moon has decided otherwise, hours where it asks for a timetable."""

    first: date | None = None
    last: date | None = None
    branch_id: Id | None = None


class PlanForm(Input, frozen=True, kw_only=True):
    """One change that is only thought of: a week, a branch that follows the org again, days that are added, changed
    (`days` and `days_id`) or removed (`days_id`)."""

    hours: HoursForm | None = None
    follow_branch_id: Id | None = None
    days: SpecialDaysForm | None = None
    days_id: Id | None = None


class ConditionsForm(Input, frozen=True, kw_only=True):
    """What a lead must be; empty asks for nothing."""

    sources: list[Annotated[str, Meta(max_length=20)]] = field(default_factory=list)
    branches: list[Id] = field(default_factory=list)
    priorities: list[Priority] = field(default_factory=list)
    price_from: Annotated[int, Meta(ge=0, le=999_999_999_999)] | None = None
    price_to: Annotated[int, Meta(ge=0, le=999_999_999_999)] | None = None


class PolicyForm(Input, frozen=True, kw_only=True):
    """Targets are minutes of open time, or working days: until the closing of so many days later, by the branch's
    hours. Without either there is no such deadline, both at once are refused."""

    name: ShortText
    conditions: ConditionsForm = field(default_factory=ConditionsForm)
    first_response: Minutes | None = None
    next_response: Minutes | None = None
    resolution: Minutes | None = None
    first_response_days: WorkingDays | None = None
    next_response_days: WorkingDays | None = None
    resolution_days: WorkingDays | None = None
    urgent: bool = False
    hours: Literal["business", "always"] = "business"
    version: Version | None = None


class HoursRow(Struct, frozen=True, kw_only=True):
    """The week of a branch. `own` tells whether it has one; otherwise it is the org's, or what we start with."""

    branch_id: Id | None
    week: dict[str, str]
    own: bool
    version: int


class SpecialDaysRow(Struct, frozen=True, kw_only=True):
    id: Id
    branch_id: Id | None
    kind: str
    name: str
    first: date
    last: date
    week: dict[str, str] | None
    holiday: str | None
    version: int


class PolicyRow(Struct, frozen=True, kw_only=True):
    """`id` is None for the rule every org starts with."""

    id: Id | None
    name: str
    position: int
    conditions: ConditionsForm
    first_response: int | None
    next_response: int | None
    resolution: int | None
    first_response_days: int | None
    next_response_days: int | None
    resolution_days: int | None
    urgent: bool
    hours: str
    version: int


class Suggestion(Struct, frozen=True, kw_only=True):
    """A holiday nobody has answered yet; it changes nothing until somebody does."""

    key: str
    name_en: str
    name_ur: str
    first: date
    last: date
    kind: str
    confirmed: bool


class MoveForm(Input, frozen=True, kw_only=True):
    """Up (negative) or down in the order."""

    steps: Annotated[int, Meta(ge=-50, le=50)]


class OpenNow(Struct, frozen=True, kw_only=True):
    """open, break or closed until then; `because` names the special days that rule."""

    kind: str
    until: datetime | None
    because: str | None


class Hours(Struct, frozen=True):
    """On these weekdays (0 is Monday) open between these times, as machines are told; see `rules.told`."""

    weekdays: tuple[int, ...]
    opens: str
    closes: str
    first: date | None
    last: date | None


class Doors(Struct, frozen=True, kw_only=True):
    """What a car's page says of its place now: open, on a break (`prayer`: that of Friday noon) or closed, until when.

    `today` are the moments between which it is open today, `hours` the week and the special days near.
    """

    kind: Literal["open", "break", "closed"]
    until: datetime | None
    because: str | None
    prayer: bool
    today: list[tuple[datetime, datetime]]
    hours: list[Hours]


class Fitting(Struct, frozen=True, kw_only=True):
    """The rule for such a lead, and what is due when if it arrived now; None where no rule fits."""

    policy: PolicyRow | None
    due: dict[str, datetime]


class WeekDay(Struct, frozen=True, kw_only=True):
    """One day of the week in words and as `bars`: minutes from `first_hour`, and how many."""

    day: str
    today: bool
    hours: list[str]
    bars: list[tuple[int, int]]
    first_hour: int
    last_hour: int


class HoursScreen(Struct, frozen=True, kw_only=True):
    """Of one branch, or (without `name`) of all that have no hours of their own. `places` names branches."""

    key: str
    name: str | None
    hours: HoursRow
    now: OpenNow
    week: list[WeekDay]
    special: list[SpecialDaysRow]
    suggestions: list[Suggestion]
    places: dict[Id, str]


class RulesScreen(Struct, frozen=True, kw_only=True):
    """`never` names, for each rule that can never apply, the one above it that fits all of its leads."""

    rules: Sequence[PolicyRow]
    places: dict[Id, str]
    never: dict[Id, str]


class Moved(Struct, frozen=True):
    """A deadline that other hours would move; None where it would stand still or stands."""

    lead_id: Id
    ref: str
    branch_id: Id | None
    kind: str
    before: datetime | None
    after: datetime | None
