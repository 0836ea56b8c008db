"""What happens to notices. `person_id` is whom they are for."""

from typing import ClassVar

from app.core.events import Fact
from app.core.ids import Id


class NoticeFact(Fact, frozen=True, kw_only=True):
    """No role may hear these over a machine's socket: what one person is told is not for colleagues."""

    needs: ClassVar[str | None] = "notice.overhear"

    person_id: Id


class NoticeMade(NoticeFact, tag="notice.made", frozen=True, kw_only=True):
    """It has reached the person: at once, or when the branch opened."""


class NoticeDropped(NoticeFact, tag="notice.dropped", frozen=True, kw_only=True):
    """There was no more need of it when its time came."""


class NoticeDue(NoticeFact, tag="notice.due", frozen=True, kw_only=True):
    """Time to send it by one way; `id` is the delivery's."""


class NoticeDelivered(NoticeFact, tag="notice.delivered", frozen=True, kw_only=True):
    """Sent by one way, given up or called off: the delivery says which."""


class NoticeRead(NoticeFact, tag="notice.read", frozen=True, kw_only=True):
    pass


class NoticesRead(NoticeFact, tag="notices.read", frozen=True, kw_only=True):
    """All of a person's; `id` is the person's."""


class NoticeChoicesChanged(NoticeFact, tag="notice_choices.changed", frozen=True, kw_only=True):
    """`id` is the person's."""
