"""A whole board, read in one snapshot; and how often a car was looked at."""

from app.analytics.queries.boards import board, named, slug_for
from app.analytics.queries.reach import Reach, reach

__all__ = ["Reach", "board", "named", "reach", "slug_for"]
