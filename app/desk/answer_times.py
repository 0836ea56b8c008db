"""The form of a rule of answer times, as it is filled in and as it is kept."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from app.core import forms
from app.core.base import Db
from app.core.bounds import Input, ShortText
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import Id
from app.core.money import AmountUnclear, parse_pkr
from app.leads import rules as leads
from app.orgs import queries as orgs
from app.sla import queries
from app.sla.rules import About
from app.sla.schemas import ConditionsForm, Fitting, PolicyForm, PolicyRow, Version

Unit = Literal["minutes", "hours", "days"]
Number = Annotated[int, Meta(ge=1, le=60 * 24 * 90)]
Text = Annotated[str, Meta(max_length=60)]

KINDS = ("first_response", "next_response", "resolution")
_LISTS = ("sources", "branches", "priorities")
_HOUR = 60
_MOST = 60 * 24 * 90
_MOST_DAYS = 60


class RuleForm(Input, frozen=True, kw_only=True):
    """A target is a number and its unit, where `days` are working days; prices are said as people say them: 80 lakh,
    1 crore."""

    name: ShortText
    price_from: Text | None = None
    price_to: Text | None = None
    first_response: Number | None = None
    first_response_unit: Unit = "minutes"
    next_response: Number | None = None
    next_response_unit: Unit = "minutes"
    resolution: Number | None = None
    resolution_unit: Unit = "hours"
    urgent: bool = False
    always: bool = False
    version: Version | None = None


async def context(db: Db, row: PolicyRow | None) -> dict[str, Any]:
    """What can be chosen."""
    return {
        "row": row,
        "branches": (await orgs.branches(db, limit=100)).items,
        "sources": leads.SOURCES,
        "priorities": leads.PRIORITIES,
        "kinds": KINDS,
    }


def tidy(data: Mapping[str, Any]) -> dict[str, Any]:
    """What may be ticked more than once as lists, the rest as text."""
    found: dict[str, Any] = {name: value for name, value in data.items() if isinstance(value, str)}
    for name in _LISTS:
        given = data.get(name, [])
        found[name] = [str(one) for one in given] if isinstance(given, list) else [given]
    return found


def policy_form(data: Mapping[str, Any]) -> PolicyForm:
    """Raises Invalid."""
    form = forms.read(RuleForm, {name: value for name, value in data.items() if name not in _LISTS})
    asked = {name: data[name] for name in _LISTS}
    asked |= {name: rupees(name, getattr(form, name)) for name in ("price_from", "price_to")}
    try:
        conditions = msgspec.convert(asked, ConditionsForm, strict=False)
    except msgspec.ValidationError:
        raise Invalid([{"field": "sources", "message": _("This does not look right.")}]) from None
    return PolicyForm(
        name=form.name,
        conditions=conditions,
        urgent=form.urgent,
        hours="always" if form.always else "business",
        version=form.version,
        **{kind: _minutes(form, kind) for kind in KINDS},
        **{f"{kind}_days": _days(form, kind) for kind in KINDS},
    )


def rupees(field: str, said: str | None) -> int | None:
    """Raises Invalid for an amount that could mean two things."""
    try:
        found = parse_pkr(said or "")
    except AmountUnclear:
        raise Invalid([{"field": field, "message": _("Say lakh or crore: 42.5 lakh, 1.2 crore.")}]) from None
    if found is not None and found > 999_999_999_999:
        raise Invalid([{"field": field, "message": _("This does not look right.")}])
    return found


def _minutes(form: RuleForm, kind: str) -> int | None:
    number, unit = getattr(form, kind), getattr(form, f"{kind}_unit")
    if unit == "days":
        return None
    minutes: int | None = number * _HOUR if number is not None and unit == "hours" else number
    if minutes is not None and minutes > _MOST:
        raise Invalid([{"field": kind, "message": _("Choose at most 90 days.")}])
    return minutes


def _days(form: RuleForm, kind: str) -> int | None:
    number: int | None = getattr(form, kind)
    if getattr(form, f"{kind}_unit") != "days" or number is None:
        return None
    if number > _MOST_DAYS:
        raise Invalid([{"field": kind, "message": _("Choose at most 60 working days.")}])
    return number


def values_of(row: PolicyRow) -> dict[str, Any]:
    """The rule as its form shows it."""
    asked = row.conditions
    values: dict[str, Any] = {
        "name": row.name,
        "sources": asked.sources,
        "branches": [str(one) for one in asked.branches],
        "priorities": list(asked.priorities),
        "urgent": "1" if row.urgent else "",
        "always": "1" if row.hours == "always" else "",
        "version": str(row.version),
    }
    for name in ("price_from", "price_to"):
        amount = getattr(asked, name)
        values[name] = "" if amount is None else f"{amount:,}"
    for kind in KINDS:
        minutes, days = getattr(row, kind), getattr(row, f"{kind}_days")
        whole = kind == "resolution" if minutes is None else minutes % _HOUR == 0
        values[kind] = "" if minutes is None else str(minutes // _HOUR if whole else minutes)
        values[f"{kind}_unit"] = "hours" if whole else "minutes"
        if days is not None:
            values[kind], values[f"{kind}_unit"] = str(days), "days"
    return values


async def tried(db: Db, source: str, branch: str, priority: str, price: str) -> tuple[Fitting | None, dict[str, str]]:
    """The rule such a lead would get, and what is wrong with the question. Raises NotFound."""
    try:
        amount = rupees("price", price)
    except Invalid as refusal:
        return None, {item["field"]: item["message"] for item in refusal.extra["errors"]}
    branch_id: Id | None = await orgs.branch_id_of(db, branch) if branch else None
    return await queries.fitting(db, About(source, branch_id, priority or "normal", amount)), {}
