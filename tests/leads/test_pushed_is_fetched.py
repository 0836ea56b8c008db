"""What a screen is pushed is what it would fetch, fragment by fragment, after every action; and a screen that was
there all along shows what one that comes now shows."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import Struct

from app.core import clock, db, feeds, live, render
from app.core.base import Scope
from app.core.ids import Id
from app.core.security import Principal
from app.desk import inbox
from app.leads import queries, service
from app.leads.schemas import (
    AssignForm,
    BulkForm,
    Filters,
    LeadForm,
    LeadPatch,
    NoteForm,
    ReplyForm,
    SnoozeForm,
    StatusForm,
)
from realtime import pushes
from tests.leads.conftest import Stage

_ID = re.compile(r'\s*<[^>]*?\sid="([^"]+)"')
ALL = Filters(view="all")


class Screen(Struct):
    """The elements a browser shows, by id: rows of the inbox, and one lead's page."""

    elements: dict[str, str]

    def take(self, shown: list[tuple[int, Any]], topics: set[str], lang: str, clearance: str) -> None:
        """As live-swap.js does."""
        for _seq, push in shown:
            if push.topic not in topics:
                continue
            if push.swap == "remove":
                self.elements.pop(push.target, None)
                continue
            html = render.fragment(push.fragment, lang=lang, clearance=clearance, **push.context)
            found = _ID.match(html)
            assert found, html
            if push.target.startswith("timeline-") and push.swap == "morph":
                self.elements = {key: old for key, old in self.elements.items() if not key.startswith("entry-")}
                self.elements |= _entries(html)
                continue
            self.elements[found[1]] = html


def _entries(timeline: str) -> dict[str, str]:
    found = re.findall(r'<li id="(entry-[^"]+)".*?</li>', timeline, re.DOTALL)
    whole = re.finditer(r"<li id=\"(entry-[^\"]+)\".*?</li>\n?", timeline, re.DOTALL)
    kept = {one[1]: one[0].rstrip() for one in whole}
    assert set(found) == set(kept)
    return kept


async def fetched(who: Principal, lead_id: Id, lang: str) -> Screen:
    """What the page's own regions hold, rendered with the page's own templates."""
    clearance = inbox.clearance(who.role)

    def fragment(name: str, **context: Any) -> str:
        return render.fragment(name, lang=lang, clearance=clearance, **context)

    async with db.unit(Scope(org_id=who.org_id), read=True) as session:
        rows = await queries.find_leads(
            session, ALL, me=who.person_id, within=who.branch_id, masked=clearance == "desk-contact", limit=100
        )
        page = await inbox.opened(session, who, lead_id)
        counts = await queries.counts_of(session, inbox.topic_key(who))
    elements = {f"lead-{row.id}": fragment("leads/_row.html", lead=row) for row in rows.items}
    elements["tally"] = fragment("leads/_tally.html", counts=counts)
    elements[f"head-{lead_id}"] = fragment("leads/_head.html", lead=page["lead"])
    elements[f"reach-{lead_id}"] = fragment("leads/_reach.html", lead=page["lead"])
    elements[f"side-{lead_id}"] = fragment("leads/_side.html", lead=page["lead"], others=page["others"])
    elements |= _entries(fragment("leads/_timeline.html", lead=page["lead"], entries=page["entries"]))
    return Screen({key: html.rstrip() for key, html in elements.items()})


def principal(stage: Stage, name: str, role: str, branch: str | None) -> Principal:
    return Principal(
        person_id=stage.people[name], session_id=stage.people[name], org_id=stage.orgs["ravi"], org_slug="ravi",
        org_name="Ravi", org_kind="dealer", role=role, name=name.title(),
        branch_id=stage.branches[branch] if branch else None, branch_slug=branch,
    )  # fmt: skip


Act = Callable[[Any, Principal, Id, Id], Awaitable[Any]]


async def _bulk_and_undo(session: Any, who: Principal, lead: Id, other: Id) -> None:
    done = await service.bulk(session, who, BulkForm(ids=[lead, other], action="archive"))
    await session.flush()
    await service.undo(session, who, done.batch_id)


ACTIONS: dict[str, Act] = {
    "claim": lambda s, who, lead, _: service.claim(s, who, lead),
    "assign": lambda s, who, lead, _: service.assign(s, who, lead, AssignForm(assignee_id=who.person_id)),
    "status": lambda s, who, lead, _: service.change_status(s, who, lead, StatusForm(status="qualified")),
    "lost": lambda s, who, lead, _: service.change_status(s, who, lead, StatusForm(status="lost", reason="price")),
    "reply": lambda s, who, lead, _: service.reply(s, who, lead, ReplyForm(body="سلام <b>", channel="whatsapp")),
    "note": lambda s, who, lead, _: service.note(
        s, who, lead, NoteForm(body="@Sales2\nrang <b> twice", mentions=[who.person_id])
    ),
    "snooze": lambda s, who, lead, _: service.snooze(s, who, lead, SnoozeForm(choice="next_week")),
    "archive": lambda s, who, lead, _: service.archive(s, who, lead),
    "edit": lambda s, who, lead, _: service.change_lead(s, who, lead, LeadPatch(name="Renamed", lang="ur")),
    "bulk": lambda s, who, lead, other: service.bulk(
        s, who, BulkForm(ids=[lead, other], action="status", status="contacted")
    ),
    "undo": _bulk_and_undo,
    "merge": lambda s, who, lead, other: service.merge(s, who, other, lead),
    "again": lambda s, who, _lead, _other: service.walk_in(s, who, LeadForm(name="Ali", phone="03001234567")),
}


@pytest.fixture
async def pair(stage: Stage) -> tuple[Id, Id]:
    """Two leads of one branch, the first without a car so that its buyer can ask again at the desk."""
    who = principal(stage, "sales1", "sales", "lahore")
    made = []
    for phone in ("03001234567", "03007654321"):
        async with db.unit(_scope(who)) as session:
            made.append((await service.walk_in(session, who, LeadForm(name="Ali", phone=phone, message="Hello"))).id)
    return made[0], made[1]


def _scope(who: Principal) -> Scope:
    return Scope(org_id=who.org_id, person_id=who.person_id, actor_id=who.person_id)


async def test_after_every_action_the_pushed_is_the_fetched(stage: Stage, pair: tuple[Id, Id]) -> None:
    lead, other = pair
    actor = principal(stage, "sales1", "sales", "lahore")
    onlookers = [
        (principal(stage, "sales2", "sales", "lahore"), "en"), (principal(stage, "manager", "manager", None), "ur"),
        (principal(stage, "readonly", "readonly", None), "en"),
    ]  # fmt: skip
    clock.use(lambda: moment)
    try:
        for name, act in ACTIONS.items():
            moment = datetime.now(UTC)
            before = [await fetched(who, lead, lang) for who, lang in onlookers]
            async with db.unit(Scope(org_id=actor.org_id), read=True) as session:
                at = await feeds.position(session)
            try:
                async with db.unit(_scope(actor)) as session:
                    await act(session, actor, lead, other)
            except Exception as error:
                raise AssertionError(f"{name}: {error!r}") from error
            for screen, (who, lang) in zip(before, onlookers, strict=True):
                clearance = inbox.clearance(who.role)
                async with db.unit(Scope(org_id=actor.org_id), read=True) as session:
                    _head, happened = await feeds.after(session, at.seq, limit=50)
                    topics = {f"inbox:{inbox.topic_key(who)}", f"tally:{inbox.topic_key(who)}", f"lead:{lead}"}
                    live.hears(session, topics)
                    shown = await pushes.show(session, happened)
                    screen.take(shown.pushes, topics, lang, clearance)
                now = await fetched(who, lead, lang)

                assert {key: html.rstrip() for key, html in screen.elements.items()} == now.elements, (name, who.role)
            if name in ("lost", "archive", "snooze"):
                await _back(actor, lead, name)
    finally:
        clock.use(None)


async def _back(who: Principal, lead: Id, name: str) -> None:
    """So that the next action finds an open lead."""
    async with db.unit(_scope(who)) as session:
        if name == "lost":
            await service.change_status(session, who, lead, StatusForm(status="contacted"))
        elif name == "archive":
            await service.restore(session, who, lead)
        else:
            await service.snooze(session, who, lead, SnoozeForm())


async def test_what_nobody_listens_to_is_not_made(stage: Stage) -> None:
    lead = Id(str((await stage.enquiry())["id"]))
    async with db.unit(stage.scope(), read=True) as session:
        _head, happened = await feeds.after(session, 0, limit=50)
        news = [row for row in happened if row.tag == "lead.opened"]
        for topics in ({"inbox:lahore"}, {"tally:lahore"}, {f"lead:{lead}", "tally:org"}, set()):
            live.hears(session, topics)
            shown = await pushes.show(session, news)
            costly = {push.topic for _, push in shown.pushes if not push.topic.startswith("inbox:")}

            assert news
            assert costly == {topic for topic in topics if topic.startswith("tally:")}
