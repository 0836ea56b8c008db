"""A whole board, read in one snapshot; the screens it hangs on; and how often a car was looked at."""

from app.analytics.queries.boards import board, named, slug_for
from app.analytics.queries.reach import Reach, reach, reach_of
from app.analytics.queries.screens import Door, doors, screen_for_change, screens
from app.analytics.queries.walls import wall

__all__ = [
    "Door", "Reach", "board", "doors", "named", "reach", "reach_of", "screen_for_change", "screens", "slug_for",
    "wall",
]  # fmt: skip
