"""A whole board, read in one snapshot."""

from app.analytics.queries.boards import board, named, slug_for

__all__ = ["board", "named", "slug_for"]
