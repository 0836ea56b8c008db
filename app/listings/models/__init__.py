"""Tables of stock."""

from app.listings.models.kept import (
    CostSheet,
    StockBatch,
    StockBatchCar,
)
from app.listings.models.listings import Listing, ListingAttribute, ListingPrice
from app.listings.models.search import ListingSearch, ListingText

__all__ = [
    "CostSheet", "Listing", "ListingAttribute", "ListingPrice", "ListingSearch", "ListingText", "StockBatch",
    "StockBatchCar",
]  # fmt: skip
