"""Which cars a feed of each kind carries, beyond that anybody may see them; and whether it is as it was."""

import hashlib
import math
from collections.abc import Mapping
from datetime import UTC, datetime

from app.listings import rules as stock

PUBLIC = tuple(place for place, viewers in stock.TABLE.items() if "anonymous" in viewers)
"""Visibility and channel of cars that anybody may see."""

SHOWS: Mapping[str, tuple[str, ...]] = {
    "meta_csv": stock.OPEN,
    "csv": stock.FOUND,
    "json": stock.FOUND,
    "xml": stock.FOUND,
}
"""States: an advertisement of a reserved car rests (`not_available`); elsewhere it is as it is in our own lists."""

NEEDS: Mapping[str, tuple[str, ...]] = {"meta_csv": ("price", "picture"), "csv": (), "json": (), "xml": ()}
"""What a car cannot go without: the catalogue refuses an item that has no price or picture."""


STRICTEST = max(NEEDS, key=lambda kind: len(NEEDS[kind]))


def stamped(*made_of: object, changed_at: datetime, now: datetime) -> tuple[str, datetime | None]:
    """The ETag of what these make, and since when the feed is so.

    Dates of HTTP have whole seconds. Within the second of a change none is told, or a second change in it would not
    be seen.
    """
    etag = hashlib.sha256("\0".join(map(str, made_of)).encode()).hexdigest()[:32]
    since = datetime.fromtimestamp(math.ceil(changed_at.timestamp()), UTC)
    return f'"{etag}"', since if since <= now else None
