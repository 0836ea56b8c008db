"""A whole board, read in one snapshot; and how often a car was looked at."""

from app.analytics.queries.boards import board, named, slug_for
from app.analytics.queries.reach import Reach, reach, reach_of

__all__ = ["Reach", "board", "named", "reach", "reach_of", "slug_for"]
