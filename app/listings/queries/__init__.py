"""Every read of stock: a listing for its readers, the org's own list, the market's search."""

from app.listings.queries.cards import card, for_change, hits, is_ours, prices, public_listing, public_listing_of, row
from app.listings.queries.choices import (
    Car,
    branch_by_id,
    branch_of,
    car_by_ids,
    car_of,
    catalogue,
    place_like,
    place_of,
    stock_numbers,
)
from app.listings.queries.market import newest, search, similar, storefront
from app.listings.queries.stock import counts, stock

__all__ = [
    "Car", "branch_by_id", "branch_of", "car_by_ids", "car_of", "card", "catalogue", "counts", "for_change", "hits",
    "is_ours", "newest", "place_like", "place_of", "prices", "public_listing", "public_listing_of", "row", "search",
    "similar", "stock", "stock_numbers", "storefront",
]  # fmt: skip
