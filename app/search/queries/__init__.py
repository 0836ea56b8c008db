"""Reading for searches."""

from app.search.queries.lexicon import lexicon
from app.search.queries.suggesting import stock

__all__ = ["lexicon", "stock"]
