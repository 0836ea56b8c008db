"""What happens to pictures. `id` is the picture's, but where it says otherwise."""

from typing import ClassVar

from app.core.events import Fact
from app.core.ids import Id


class MediaFact(Fact, frozen=True, kw_only=True):
    needs: ClassVar[str | None] = "listing.read"

    listing_id: Id


class MediaAdded(MediaFact, tag="media.added", frozen=True, kw_only=True):
    """Sent, or named by its address: it is still to be looked at. Also when that is to be tried again."""


class MediaReady(MediaFact, tag="media.ready", frozen=True, kw_only=True):
    """Looked at, and there in all our sizes."""


class MediaFailed(MediaFact, tag="media.failed", frozen=True, kw_only=True):
    """It could not be had, or is no picture that we take."""


class MediaOrdered(MediaFact, tag="media.ordered", frozen=True, kw_only=True):
    """Put in another order; `id` is the one that is now the cover."""


class MediaRemoved(MediaFact, tag="media.removed", frozen=True, kw_only=True):
    pass


class MediaRestored(MediaFact, tag="media.restored", frozen=True, kw_only=True):
    """The removal was undone."""


class MediaPurged(MediaFact, tag="media.purged", frozen=True, kw_only=True):
    """Removed long enough ago: its files go for good."""


class MediaSketched(Fact, tag="media.sketched", frozen=True, kw_only=True):
    """Many listings are to show drawings of ours; `id` is the org's."""
