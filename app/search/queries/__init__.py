"""Every question to the market."""

from app.search.queries.documents import documents, every_document
from app.search.queries.health import Drift, drift, of_cars, of_rows
from app.search.queries.landing import Figures, Landing, Share, figures, landings, newest_of
from app.search.queries.lexicon import lexicon
from app.search.queries.market import install, market_counts, newest, outside, search, similar
from app.search.queries.places import spot
from app.search.queries.postgres import PostgresIndex
from app.search.queries.spelling import respelt
from app.search.queries.suggesting import stock
from app.search.queries.understanding import understood

__all__ = [
    "Drift", "Figures", "Landing", "PostgresIndex", "Share", "documents", "drift", "every_document", "figures",
    "install", "landings", "lexicon", "market_counts", "newest", "newest_of", "of_cars", "of_rows", "outside",
    "respelt", "search", "similar", "spot", "stock", "understood",
]  # fmt: skip
