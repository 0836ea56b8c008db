"""What happens to the screens on which boards hang. `id` is the screen's."""

from app.core.events import Fact


class ScreenOpened(Fact, tag="screen.opened", frozen=True, kw_only=True):
    """Whoever knows its address sees the figures of a branch, or of the org where `branch_id` is None."""


class ScreenClosed(Fact, tag="screen.closed", frozen=True, kw_only=True):
    """Its address shows nothing any more."""
