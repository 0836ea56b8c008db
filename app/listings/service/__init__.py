"""Every change to stock. Each keeps the search tables in step within its own transaction."""

from app.listings.service.attributes import (
    USUAL,
)
from app.listings.service.batches import (
    apply_batch,
    show_batch,
    undo_batch,
)
from app.listings.service.bulk import add_many
from app.listings.service.changes import change_listing, create_listing, of_kind
from app.listings.service.contacts import follow_seller
from app.listings.service.costing import (
    write_costs,
)
from app.listings.service.demo import seed
from app.listings.service.moves import (
    archive_listing,
    delete_listing,
    expire_listing,
    publish_listing,
    refresh_listing,
    release_listing,
    reserve_listing,
    sell_listing,
    unpublish_listing,
)
from app.listings.service.photos import (
    add_photo,
    move_photo,
    order_photos,
    picture_stock,
    remove_photo,
    restore_photo,
    retry_photo,
    weigh_photos,
)
from app.listings.service.reindexing import reindex_named, reindex_org
from app.listings.service.renaming import tell_renamed
from app.listings.service.stocking import COLUMNS, add_stock, car, change_stock, held_cars, hide, lay_out, stands
from app.listings.service.synthetic import fill
from app.listings.service.twins import (
    part_listings,
)
from app.listings.service.views import (
    remove_stock_view,
    save_stock_view,
)

__all__ = [
    "COLUMNS", "USUAL", "add_many", "add_photo", "add_stock", "apply_batch", "archive_listing", "car",
    "change_listing", "change_stock", "create_listing", "delete_listing", "expire_listing", "fill", "follow_seller",
    "held_cars", "hide", "lay_out", "move_photo", "of_kind", "order_photos", "part_listings", "picture_stock",
    "publish_listing", "refresh_listing", "reindex_named", "reindex_org", "release_listing", "remove_photo",
    "remove_stock_view",
    "reserve_listing", "restore_photo", "retry_photo", "save_stock_view", "seed", "sell_listing", "show_batch",
    "stands", "tell_renamed", "undo_batch", "unpublish_listing", "weigh_photos", "write_costs",
]  # fmt: skip
