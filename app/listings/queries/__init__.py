"""Every read of stock: a listing for its readers, the org's own list, the market's search."""

from app.listings.queries.addresses import Address, Chunk, Ended, address_chunks, addresses, ended
from app.listings.queries.batches import (
    batch,
    batch_cars,
    batch_for_change,
    batch_part,
    listings,
    listings_for_change,
)
from app.listings.queries.book import BookNames, StockBook, names_in_book, stock_book
from app.listings.queries.cards import (
    Album,
    album,
    card,
    drops,
    for_change,
    hits,
    illustrated,
    is_ours,
    photos,
    prices,
    public_hits,
    public_listing,
    public_listing_of,
    public_listing_or_none,
    public_versions,
    require_ours,
    row,
    rows,
)
from app.listings.queries.choices import (
    Car,
    Kind,
    Named,
    branch_by_id,
    branch_of,
    branch_slugs,
    car_by_ids,
    car_of,
    catalogue,
    cities,
    kinds,
    place_like,
    place_of,
    registration,
    stock_numbers,
    trims,
)
from app.listings.queries.codes import CodeBook, code_book, known_codes, refreshed
from app.listings.queries.costs import (
    costs,
    costs_for_change,
)
from app.listings.queries.fronts import Front, storefront
from app.listings.queries.named import Name, NamedModel, Names, named_models, names
from app.listings.queries.offered import offered
from app.listings.queries.places import (
    Place,
    cities_of,
    city_called,
    make_called,
    makes_of,
    model_called,
    models_of,
)
from app.listings.queries.printed import printed
from app.listings.queries.sellers import offered_by_for_change
from app.listings.queries.stock import (
    ages,
    counts,
    stock,
    stock_ids,
)
from app.listings.queries.twins import (
    twins,
)
from app.listings.queries.views import (
    stock_view,
    stock_view_for_change,
    stock_views,
)

__all__ = [
    "Address", "Album", "BookNames", "Car", "Chunk", "CodeBook", "Ended", "Front", "Kind",
    "Name", "Named", "NamedModel", "Names", "Place", "StockBook", "address_chunks", "addresses", "ages",
    "album", "batch", "batch_cars", "batch_for_change", "batch_part", "branch_by_id", "branch_of", "branch_slugs",
    "car_by_ids", "car_of", "card", "catalogue", "cities", "cities_of", "city_called", "code_book", "costs",
    "costs_for_change", "counts", "drops", "ended", "for_change", "hits", "illustrated", "is_ours", "kinds",
    "known_codes", "listings", "listings_for_change", "make_called", "makes_of",
    "model_called", "models_of", "named_models", "names", "names_in_book", "offered",
    "offered_by_for_change", "photos", "place_like", "place_of", "prices", "printed", "public_hits", "public_listing",
    "public_listing_of", "public_listing_or_none", "public_versions", "refreshed", "registration", "require_ours",
    "row", "rows", "stock", "stock_book", "stock_ids", "stock_numbers", "stock_view",
    "stock_view_for_change", "stock_views", "storefront", "trims", "twins",
]  # fmt: skip
