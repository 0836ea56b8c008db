"""What happens to outlets. `id` is the outlet's; that somebody fetched one is not announced."""

from typing import ClassVar

from app.core.events import Fact


class OutletFact(Fact, frozen=True, kw_only=True):
    needs: ClassVar[str | None] = "outlet.read"


class OutletOpened(OutletFact, tag="outlet.opened", frozen=True, kw_only=True):
    pass


class OutletChanged(OutletFact, tag="outlet.changed", frozen=True, kw_only=True):
    """Its name, or the branch whose cars it carries."""


class OutletRenewed(OutletFact, tag="outlet.renewed", frozen=True, kw_only=True):
    """It has a new address; the old one stopped working."""


class OutletClosed(OutletFact, tag="outlet.closed", frozen=True, kw_only=True):
    pass
