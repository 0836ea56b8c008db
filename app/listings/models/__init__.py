"""Tables of stock."""

from app.listings.models.kept import (
    CostSheet,
    ListingPair,
    StockBatch,
    StockBatchCar,
    StockView,
)
from app.listings.models.listings import Listing, ListingAttribute, ListingPrice
from app.listings.models.search import ListingSearch, ListingText

__all__ = [
    "CostSheet", "Listing", "ListingAttribute", "ListingPair", "ListingPrice", "ListingSearch", "ListingText",
    "StockBatch", "StockBatchCar", "StockView",
]  # fmt: skip
