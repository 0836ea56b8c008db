"""What the inbox's screens show: the list, one lead, and how a list is asked for in an address."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, get_args
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from app.core import settings
from app.core.base import Db
from app.core.errors import Refused
from app.core.i18n import _
from app.core.ids import Id, new_id
from app.core.security import Principal, may
from app.leads import queries, rules
from app.leads.errors import AlreadyAssigned, AnsweredMeanwhile
from app.leads.rules import periods
from app.leads.schemas import Filters, LeadRow, Source, Status, View, What
from app.orgs import queries as orgs
from app.orgs.rules import clearance, masked

PAGE = 40
_NUMBER = re.compile(r"[\d\s()+.-]{2,}")
_VIEWS, _STATUSES, _SOURCES, _WHATS = (frozenset(get_args(kind)) for kind in (View, Status, Source, What))
_TIMED = ("what", "from", "to", "took")


class Asked(Struct, frozen=True):
    """Which leads a list shows: its filters, and the saved view they came from."""

    filters: Filters
    saved: Id | None = None

    def query(self, **changed: Any) -> str:
        """The part of an address after its path; with `changed` filters it is no saved view any more."""
        if self.saved is not None and not changed:
            return urlencode({"saved": str(self.saved)})
        given = {**msgspec.to_builtins(self.filters), **changed}
        pairs = [(name, value) for name, value in given.items() if value and not (name == "view" and value == "open")]
        return urlencode(pairs, doseq=True)

    def link(self, **changed: Any) -> str:
        query = self.query(**changed)
        return f"/desk/inbox?{query}" if query else "/desk/inbox"

    def without_time(self) -> str:
        """The list of all times."""
        return self.link(**dict.fromkeys(_TIMED, ""))

    @property
    def span(self) -> tuple[date, date] | None:
        """The days of `what`, the first and the last one; None where it is an hour, or nothing."""
        found = self.filters
        whole = found.what and len(found.since) == len(found.until) == len("2026-11-27")
        return (date.fromisoformat(found.since), date.fromisoformat(found.until)) if whole else None

    @property
    def hour(self) -> datetime | None:
        """When `what` began, where it is less than a day."""
        if not self.filters.what or self.span:
            return None
        found = periods.span(self.filters.since, self.filters.until)
        return found[0] if found else None

    @property
    def by_number(self) -> bool:
        """Whether what is sought looks like a part of a phone number."""
        return bool(_NUMBER.fullmatch(self.filters.q.strip()))

    @property
    def narrowed(self) -> bool:
        """Whether anything beside the view narrows the list."""
        found = self.filters
        return bool(
            found.status or found.branch or found.assignee or found.source or found.q or found.what or found.reason
        )


def asked_for(
    *,
    view: str = "",
    status: Sequence[str] = (),
    branch: str = "",
    assignee: str = "",
    source: str = "",
    q: str = "",
    what: str = "",
    since: str = "",
    until: str = "",
    took: str = "",
    reason: str = "",
    saved: Id | None = None,
) -> Asked:
    """What an address asks for; what it says that we do not know is left out."""
    timed = what in _WHATS and periods.span(since, until) is not None
    return Asked(
        Filters(
            view=view if view in _VIEWS else "open",  # type: ignore[arg-type]
            status=[one for one in status if one in _STATUSES],  # type: ignore[misc]
            branch=branch,
            assignee=assignee,
            source=source if source in _SOURCES else "",  # type: ignore[arg-type]
            q=q,
            what=what if timed else "",  # type: ignore[arg-type]
            since=since if timed else "",
            until=(until or since) if timed else "",
            took=took if timed and periods.is_took(took) else "",
            reason=reason,
        ),
        saved,
    )


def topic_key(who: Principal) -> str:
    """Whose inbox this is: of one branch, or of the whole org."""
    return who.branch_slug or rules.BRANCH_WIDE


async def listed(db: Db, who: Principal, asked: Asked, cursor: str | None = None) -> dict[str, Any]:
    """The list alone."""
    page = await queries.find_leads(
        db, asked.filters, me=who.person_id, within=who.branch_id, masked=masked(who.role), cursor=cursor, limit=PAGE
    )
    return {
        "leads": page.items,
        "next_cursor": page.next_cursor,
        "list_position": page.position,
        "asked": asked,
        "fit": msgspec.json.encode(asked.filters).decode(),
        "key": topic_key(who),
        "me": who.person_id,
        "clearance": clearance(who.role),
        "rights": rights(who),
    }


async def around(db: Db, who: Principal) -> dict[str, Any]:
    """What stands beside the list: the views with their counts, and what a lead or a filter can be set to."""
    found = await orgs.branches(db, limit=100)
    return {
        "counts": await queries.counts_of(db, topic_key(who)),
        "views": await queries.views(db, who.person_id, within=who.branch_id),
        "people": await queries.assignees(db, who.branch_id),
        "branches": found.items if who.branch_id is None else [],
        "rights": rights(who),
    }


async def opened(db: Db, who: Principal, lead_id: Id) -> dict[str, Any]:
    """One lead, whole. Raises NotFound."""
    page = await queries.lead_page(db, lead_id, within=who.branch_id, masked=masked(who.role))
    said = next((entry.body for entry in reversed(page.entries) if entry.kind == "enquiry" and entry.body), "")
    others = await queries.others_of(db, page.lead, within=page.lead.branch_id)
    return {
        "lead": page.lead,
        "entries": page.entries,
        "others": others,
        "elsewhere": [other for other in page.others if other not in others],
        "position": page.position,
        "people": await queries.assignees(db, page.lead.branch_id),
        "other_branches": [one for one in (await orgs.branches(db, limit=100)).items if one.id != page.lead.branch_id],
        "channels": channels(page.lead),
        "spoken": rules.spoken(said, page.lead.lang),
        "last_entry": page.entries[-1].id if page.entries else None,
        "write_key": new_id(),
        "sms_rupees": settings.current().sms_rupees_per_part,
        "me": who.person_id,
        "clearance": clearance(who.role),
        "rights": rights(who),
    }


async def versioned(db: Db, lead_id: Id) -> dict[str, str]:
    """A header for who has just changed the lead: their page knows its version before the push comes."""
    return {"desk-version": f"{lead_id} {await queries.version(db, lead_id)}"}


def channels(lead: LeadRow) -> list[str]:
    """How the buyer can be written to, the way they came first."""
    found = []
    if rules.is_mobile(lead.phone):
        found += ["whatsapp", "sms"]
    if lead.email is not None:
        found.append("email")
    if lead.source == "web" and "email" in found and "whatsapp" not in found:
        found.sort(key=lambda channel: channel != "email")
    return found


def rights(who: Principal) -> Mapping[str, bool]:
    """What this person may do here, for templates."""
    return {
        "work": may(who.role, "lead.change"),
        "note": may(who.role, "lead.note"),
        "open": may(who.role, "lead.open"),
        "share": may(who.role, "lead_view.share"),
        "canned": may(who.role, "reply_template.change"),
    }


def sentence(refusal: Refused) -> str:
    """A refusal in words that name who it is about."""
    if isinstance(refusal, AlreadyAssigned):
        return _("%(name)s has this lead already.", name=refusal.extra["assignee_name"])
    if isinstance(refusal, AnsweredMeanwhile):
        return _("%(name)s has answered since you began.", name=refusal.extra["by"])
    errors = refusal.extra.get("errors") or []
    return str(errors[0]["message"]) if errors else refusal.says
