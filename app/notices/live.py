"""What notices show on their person's open screens: the bell with its count, the list; and, once, they ring."""

from app.core.base import Db
from app.core.errors import NotFound
from app.core.ids import Id
from app.core.live import Push, TopicKind, heard
from app.core.security import Principal
from app.notices import queries
from app.notices.facts import NoticeFact, NoticeMade, NoticesRead
from app.notices.schemas import NoticeRow

PAGE = 40
"""How many the list shows at once."""


def _own(who: Principal, key: str) -> bool:
    return who.org_kind == "dealer" and key == str(who.person_id)


async def bell_now(db: Db, key: str) -> list[Push]:
    """The count alone: what has rung does not ring again."""
    return [await _bell(db, Id(key))]


TOPICS = (
    TopicKind(name="me", log=False, may=_own, region="/desk/notices/bell", snapshot=bell_now),
    TopicKind(name="notices", log=True, may=_own, region="/desk/notices/region"),
)


async def notice_made(db: Db, fact: NoticeMade) -> list[Push]:
    """One that was read before anybody heard of it stays silent."""
    notice = await _notice(db, fact)
    if notice is None:
        return []
    return [*await _bells(db, fact.person_id, notice if notice.unread else None), *_rows(fact.person_id, notice)]


async def notice_changed(db: Db, fact: NoticeFact) -> list[Push]:
    notice = await _notice(db, fact)
    return [] if notice is None else [*await _bells(db, fact.person_id), *_rows(fact.person_id, notice)]


async def notices_read(db: Db, fact: NoticesRead) -> list[Push]:
    shown, topic = await _bells(db, fact.person_id), f"notices:{fact.person_id}"
    if heard(db, topic):
        found = await queries.notices(db, fact.person_id, limit=PAGE)
        context = {"notices": found.items}
        shown.append(Push(topic=topic, target="notices", swap="morph", fragment="notices/_list.html", context=context))
    return shown


async def _notice(db: Db, fact: NoticeFact) -> NoticeRow | None:
    if not any(heard(db, f"{kind}:{fact.person_id}") for kind in ("me", "notices")):
        return None
    try:
        return await queries.notice_row(db, fact.id, fact.person_id)
    except NotFound:
        return None


async def _bells(db: Db, person_id: Id, rings: NoticeRow | None = None) -> list[Push]:
    return [await _bell(db, person_id, rings)] if heard(db, f"me:{person_id}") else []


async def _bell(db: Db, person_id: Id, rings: NoticeRow | None = None) -> Push:
    """Without a buyer's name, which a lock screen would show."""
    return Push(
        topic=f"me:{person_id}",
        target="bell",
        swap="morph",
        fragment="notices/_bell.html",
        context={"unread": await queries.unread(db, person_id)},
        say=rings.title if rings else None,
        alert={"title": rings.title, "body": rings.car or rings.about or "", "url": f"/desk/notices/{rings.id}"}
        if rings
        else None,
    )


def _rows(person_id: Id, notice: NoticeRow) -> list[Push]:
    return [
        Push(topic=f"notices:{person_id}", target="notices", fragment="notices/_row.html", context={"notice": notice})
    ]
