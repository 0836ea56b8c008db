"""Upkeep of what searches read."""

from app.search.service.folding import fold
from app.search.service.outside import Compared, compare, connected, follow, follow_org, refill
from app.search.service.rebuilding import rebuild, recount

__all__ = ["Compared", "compare", "connected", "fold", "follow", "follow_org", "rebuild", "recount", "refill"]
