"""Tables of stock."""

from app.listings.models.kept import (
    CostSheet,
    ListingPair,
    StockBatch,
    StockBatchCar,
    StockView,
)
from app.listings.models.listings import Listing, ListingAttribute, ListingPrice
from app.listings.models.search import ListingSearch, ListingTally, ListingText, SearchCode

__all__ = [
    "CostSheet", "Listing", "ListingAttribute", "ListingPair", "ListingPrice", "ListingSearch", "ListingTally",
    "ListingText", "SearchCode", "StockBatch", "StockBatchCar", "StockView",
]  # fmt: skip
