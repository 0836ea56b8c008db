"""Tables of stock."""

from app.listings.models.listings import Listing, ListingAttribute, ListingPrice
from app.listings.models.search import ListingSearch, ListingText

__all__ = ["Listing", "ListingAttribute", "ListingPrice", "ListingSearch", "ListingText"]
