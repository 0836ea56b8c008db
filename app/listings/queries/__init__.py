"""Every read of stock: a listing for its readers, the org's own list, the market's search."""

from app.listings.queries.cards import (
    Album,
    album,
    card,
    for_change,
    hits,
    illustrated,
    is_ours,
    photos,
    prices,
    public_listing,
    public_listing_of,
    public_listing_or_none,
    require_ours,
    row,
)
from app.listings.queries.choices import (
    Car,
    Kind,
    Named,
    branch_by_id,
    branch_of,
    car_by_ids,
    car_of,
    catalogue,
    cities,
    kinds,
    place_like,
    place_of,
    stock_numbers,
    trims,
)
from app.listings.queries.market import market_counts, newest, search, similar, storefront
from app.listings.queries.named import Name, Names, names
from app.listings.queries.stock import ages, counts, stock

__all__ = [
    "Album", "Car", "Kind", "Name", "Named", "Names", "ages", "album", "branch_by_id", "branch_of", "car_by_ids",
    "car_of", "card", "catalogue", "cities", "counts", "for_change", "hits", "illustrated", "is_ours", "kinds",
    "market_counts", "names", "newest", "photos", "place_like", "place_of", "prices", "public_listing",
    "public_listing_of", "public_listing_or_none", "require_ours", "row", "search", "similar", "stock", "stock_numbers",
    "storefront", "trims",
]  # fmt: skip
