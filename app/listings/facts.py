"""What happens to listings. `id` is the listing's."""

from typing import ClassVar

from app.core.events import Fact
from app.core.ids import Id


class ListingCreated(Fact, tag="listing.created", frozen=True, kw_only=True):
    pass


class ListingChanged(Fact, tag="listing.changed", frozen=True, kw_only=True):
    """Anything but its price and its state. `was_branch_id`: where it stood, when it has moved."""

    was_branch_id: Id | None = None


class ListingPriceChanged(Fact, tag="listing.price_changed", frozen=True, kw_only=True):
    pass


class ListingPublished(Fact, tag="listing.published", frozen=True, kw_only=True):
    """It went live, or a private seller handed it in; also when a reservation is lifted."""


class ListingUnpublished(Fact, tag="listing.unpublished", frozen=True, kw_only=True):
    """Taken back to a draft."""


class ListingReserved(Fact, tag="listing.reserved", frozen=True, kw_only=True):
    pass


class ListingSold(Fact, tag="listing.sold", frozen=True, kw_only=True):
    pass


class ListingExpired(Fact, tag="listing.expired", frozen=True, kw_only=True):
    """Its time was up and nobody refreshed it."""


class ListingArchived(Fact, tag="listing.archived", frozen=True, kw_only=True):
    """Put away, or deleted."""


class ListingRefreshed(Fact, tag="listing.refreshed", frozen=True, kw_only=True):
    """Put up afresh: among the newest again."""


class ListingsParted(Fact, tag="listing.parted", frozen=True, kw_only=True):
    """Somebody said that another listing is not the same car."""


class ListingCostsChanged(Fact, tag="listing_costs.changed", frozen=True, kw_only=True):
    """What it has cost its dealer; not for everybody's ears."""

    needs: ClassVar[str | None] = "listing_cost.read"


class StockChanged(Fact, tag="stock.changed", frozen=True, kw_only=True):
    """A chunk of a batch was applied or taken back; `id` is the batch's, `part` the number of the chunk."""

    part: int


class StockRenamed(Fact, tag="stock.renamed", frozen=True, kw_only=True):
    """A make, a model or a place of some cars is called otherwise now; `id` is its own."""


class StockViewChanged(Fact, tag="stock_view.changed", frozen=True, kw_only=True):
    """A saved view was made or removed."""


class StockFilled(Fact, tag="stock.filled", frozen=True, kw_only=True):
    """Many listings at once; `id` is the org's."""
