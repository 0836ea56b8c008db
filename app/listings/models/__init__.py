"""Tables of stock."""

from app.listings.models.kept import (
    CostSheet,
)
from app.listings.models.listings import Listing, ListingAttribute, ListingPrice
from app.listings.models.search import ListingSearch, ListingText

__all__ = [
    "CostSheet", "Listing", "ListingAttribute", "ListingPrice", "ListingSearch", "ListingText",
]  # fmt: skip
