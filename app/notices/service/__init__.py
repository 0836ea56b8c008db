"""Every change of notices: lock, decide, change, record."""

from app.notices.service.choosing import change_choices
from app.notices.service.delivering import called_off, note_delivery
from app.notices.service.opening import come_due
from app.notices.service.reading import read, read_all
from app.notices.service.telling import (
    tell_assigned,
    tell_day,
    tell_deadline,
    tell_feed_stopped,
    tell_import_held,
    tell_mentioned,
    tell_taken,
    try_one,
    try_out,
)

__all__ = [
    "called_off", "change_choices", "come_due", "note_delivery", "read", "read_all", "tell_assigned", "tell_day",
    "tell_deadline", "tell_feed_stopped", "tell_import_held", "tell_mentioned", "tell_taken", "try_one", "try_out",
]  # fmt: skip
