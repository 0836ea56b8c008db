"""Upkeep of what searches read."""

from app.search.service.folding import fold

__all__ = ["fold"]
