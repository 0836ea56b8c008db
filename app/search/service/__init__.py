"""Upkeep of what searches read."""

from app.search.service.folding import fold
from app.search.service.rebuilding import rebuild, recount

__all__ = ["fold", "rebuild", "recount"]
