"""Every change to stock. Each keeps the search tables in step within its own transaction."""

from app.listings.service.bulk import add_many
from app.listings.service.changes import change_listing, create_listing
from app.listings.service.demo import seed
from app.listings.service.moves import (
    archive_listing,
    delete_listing,
    expire_listing,
    publish_listing,
    release_listing,
    reserve_listing,
    sell_listing,
    unpublish_listing,
)
from app.listings.service.stocking import add_stock, change_stock
from app.listings.service.synthetic import fill

__all__ = [
    "add_many", "add_stock", "archive_listing", "change_listing", "change_stock", "create_listing", "delete_listing", "expire_listing", "fill",
    "publish_listing", "release_listing", "reserve_listing", "seed", "sell_listing", "unpublish_listing",
]  # fmt: skip
