"""What can happen to notes, and what it shows."""

from html import escape
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.core import db, events, live
from app.core.base import Db, Scope
from app.core.events import Fact, Wire
from app.core.ids import Id, new_id
from app.core.live import Drop, Push, Stale, TopicKind
from app.core.security import Principal

PACE_S = 0.7

SCHEMA = """
create table note (org_id uuid not null, id uuid primary key, number bigint not null, body text not null);
create table ended (session_id uuid primary key);
grant select, insert, update, delete on note, ended to desk_app, desk_system;
"""


class NoteWritten(Fact, tag="note.written"):
    pass


class NoteErased(Fact, tag="note.erased"):
    pass


class SecretTold(Fact, tag="secret.told"):
    needs = "secrets.read"


class LongTold(Fact, tag="long.told"):
    words: str = ""


class GuestLeft(Fact, tag="guest.left"):
    session_id: Id | None = None
    person_id: Id | None = None
    code: int = 4401


class ThingBroken(Fact, tag="thing.broken"):
    """Its live function always fails."""


def note_row(note: dict[str, Any]) -> str:
    return (
        f'<li id="note-{note["id"]}" data-k="{note["number"]}"><b>{escape(note["body"])}</b> '
        f'<input id="tick-{note["id"]}" type="checkbox">'
        f'<span class="here" data-here="{note["id"]}"></span></li>'
    )


async def note_changed(session: Db, fact: Fact) -> list[Push]:
    found = (await session.execute(_ONE, {"id": fact.id})).mappings().one_or_none()
    element = f"note-{fact.id}"
    counted = Push(topic="count:org", target="count", swap="morph", fragment="count", context=await count(session))
    if found is None:
        return [Push(topic="notes:org", target=element, swap="remove"), counted]
    row = {"note": dict(found)}
    alert = {"title": "Note.", "body": found["body"], "url": "/notes"}
    return [Push(topic="notes:org", target="notes", fragment="row", context=row, say="Note.", alert=alert), counted]


async def guest_left(_session: Db, fact: GuestLeft) -> list[Drop]:
    return [Drop(session_id=fact.session_id, person_id=fact.person_id, code=fact.code)]  # type: ignore[arg-type]


async def break_down(_session: Db, _fact: Fact) -> list[Push]:
    raise RuntimeError("a bug in a live function")


async def count(session: Db) -> dict[str, int]:
    return {
        "count": (
            await session.execute(text("select count(*) from note where org_id = :o"), _org(session))
        ).scalar_one()
    }


async def gauge_stale(_session: Db, _fact: Fact) -> list[Stale]:
    return [Stale("gauge:org")]


async def snapshot_gauge(session: Db, _key: str) -> list[Push]:
    return [Push(topic="gauge:org", target="count", swap="morph", fragment="count", context=await count(session))]


async def snapshot_count(session: Db, _key: str) -> list[Push]:
    return [Push(topic="count:org", target="count", swap="morph", fragment="count", context=await count(session))]


_ONE = text("select id, number, body from note where id = :id")


def _org(session: Db) -> dict[str, Any]:
    return {"o": session.scope.org_id}


async def notes(session: Db) -> list[dict[str, Any]]:
    found = await session.execute(
        text("select id, number, body from note where org_id = :o order by number desc"), _org(session)
    )
    return [dict(row) for row in found.mappings()]


async def write_note(org_id: Id, body: str, *, note_id: UUID | None = None, branch_id: Id | None = None) -> Id:
    async with db.unit(Scope(org_id=org_id)) as session:
        made = note_id or new_id()
        await session.execute(
            text(
                "insert into note select :o, :id, coalesce(max(number), 0) + 1, :body from note where org_id = :o "
                "on conflict (id) do update set body = excluded.body"
            ),
            {"o": org_id, "id": made, "body": body},
        )
        events.record(session, NoteWritten(org_id=org_id, id=made, branch_id=branch_id))
    return made


async def erase_note(org_id: Id, note_id: Id) -> None:
    async with db.unit(Scope(org_id=org_id)) as session:
        await session.execute(text("delete from note where id = :id"), {"id": note_id})
        events.record(session, NoteErased(org_id=org_id, id=note_id))


async def end_session(org_id: Id, session_id: Id) -> None:
    async with db.unit(Scope(org_id=org_id)) as session:
        await session.execute(text("insert into ended values (:s)"), {"s": session_id})
        events.record(session, GuestLeft(org_id=org_id, id=new_id(), session_id=session_id))


async def tell(fact: Fact) -> None:
    async with db.unit(Scope(org_id=fact.org_id)) as session:
        events.record(session, fact)


def is_org(_who: Principal, key: str) -> bool:
    return key == "org"


def is_own_branch(who: Principal, key: str) -> bool:
    return key == who.branch_slug


def is_own_list(who: Principal, key: str) -> bool:
    return key == who.branch_slug or who.branch_slug is None


async def lists_of(session: Db, who: Principal, note_id: Id) -> tuple[str, ...]:
    """A note belongs to the branch its body begins with, `branch: …`."""
    found = next((note for note in await notes(session) if note["id"] == note_id), None)
    branch = found["body"].partition(":")[0] if found else None
    return () if branch is None or who.branch_slug not in (None, branch) else (branch, "org")


TABLE = {
    NoteWritten: Wire(show=(note_changed, gauge_stale)),
    NoteErased: Wire(show=(note_changed,)),
    SecretTold: Wire(),
    LongTold: Wire(),
    GuestLeft: Wire(show=(guest_left,)),
    ThingBroken: Wire(show=(break_down,)),
}
TOPICS = (
    TopicKind(name="notes", log=True, may=is_org, region="/notes/region"),
    TopicKind(name="count", log=False, may=is_org, region="/notes/count", snapshot=snapshot_count),
    TopicKind(name="gauge", log=False, may=is_org, region="/none", snapshot=snapshot_gauge, pace_s=PACE_S),
    TopicKind(name="branch", log=True, may=is_own_branch, region="/none"),
    TopicKind(name="presence", log=False, may=is_own_list, seen_in=lists_of),
)


def install() -> None:
    events.install(TABLE)
    live.install(TOPICS)


class Renderer:
    def __init__(self) -> None:
        self.rendered = 0

    def fragment(self, name: str, *, lang: str, clearance: str, **context: Any) -> str:
        self.rendered += 1
        if name == "count":
            return f'<p id="count" lang="{lang}" data-clearance="{clearance}">{context["count"]} notes</p>'
        return note_row(context["note"])

    def sentence(self, message: str, lang: str) -> str:
        return f"{lang}: {message}"
