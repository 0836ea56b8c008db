"""What people want to hear of, and how."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select

from app.core.base import Db
from app.core.ids import Id
from app.notices import rules
from app.notices.models import NoticeChoice
from app.notices.schemas import Choice, Choices


async def choices(db: Db, person_id: Id) -> Choices:
    """Everything that can be chosen, as it is for this person."""
    return (await choices_of(db, [person_id]))[person_id]


async def choices_of(db: Db, person_ids: Collection[Id]) -> dict[Id, Choices]:
    """The same for many."""
    made: dict[Id, dict[tuple[str, str], bool]] = defaultdict(dict)
    for one in await db.scalars(select(NoticeChoice).where(NoticeChoice.person_id.in_(person_ids))):
        made[one.person_id][one.kind, one.channel] = one.wanted
    return {person_id: _whole(made[person_id]) for person_id in person_ids}


async def choices_for_change(db: Db, person_id: Id) -> dict[tuple[str, str], NoticeChoice]:
    """The rows there are, locked."""
    found = await db.scalars(select(NoticeChoice).where(NoticeChoice.person_id == person_id).with_for_update())
    return {(one.kind, one.channel): one for one in found}


async def turned_off(db: Db, kind: str, channel: str) -> set[Id]:
    """Who does not want it, of what is on by itself."""
    found = await db.scalars(
        select(NoticeChoice.person_id).where(
            NoticeChoice.kind == kind, NoticeChoice.channel == channel, NoticeChoice.wanted.is_(False)
        )
    )
    return set(found)


def _whole(made: Mapping[tuple[str, str], bool]) -> Choices:
    def wanted(kind: str, channel: str) -> bool:
        return made.get((kind, channel), rules.on_by_default(channel))

    offered = [(kind, channel) for kind, channels in rules.OFFERED.items() for channel in channels]
    return Choices(quiet=wanted(*rules.QUIET), choices=[Choice(*one, wanted(*one)) for one in offered])
