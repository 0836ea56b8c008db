"""Every read of pictures: those of a listing for its keepers, what pages show of them, what the worker takes in."""

from app.media.queries.keeping import (
    alike,
    by_key,
    for_change,
    here,
    next_position,
    one_for_change,
    qualities,
    removed,
    rows,
    with_any,
)
from app.media.queries.showing import (
    SHOWN,
    File,
    Served,
    albums,
    covers,
    pictured,
    pictures,
    served,
    served_to_anybody,
)
from app.media.queries.working import drawings_wanted, for_work, same_picture, these, waiting_for

__all__ = [
    "SHOWN", "File", "Served", "albums", "alike", "by_key", "covers", "drawings_wanted", "for_change", "for_work",
    "here", "next_position", "one_for_change", "pictured", "pictures", "qualities", "removed", "rows", "same_picture",
    "served", "served_to_anybody", "these", "waiting_for", "with_any",
]  # fmt: skip
