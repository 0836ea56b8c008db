"""What happens to imports. `id` of `feed.run_…` is the run's, of `feed.source_…` the source's."""

from typing import ClassVar

from app.core.events import Fact


class FeedFact(Fact, frozen=True, kw_only=True):
    needs: ClassVar[str | None] = "feed.read"


class FileUploaded(FeedFact, tag="feed.file_uploaded", frozen=True, kw_only=True):
    pass


class MappingSaved(FeedFact, tag="feed.mapping_saved", frozen=True, kw_only=True):
    pass


class RunStarted(FeedFact, tag="feed.run_started", frozen=True, kw_only=True):
    """Asked for; a worker takes it on."""


class RunAdvanced(FeedFact, tag="feed.run_advanced", frozen=True, kw_only=True):
    """The rows after `row_from` up to `row_to` of the sheet are done: their cars were made, changed or unlisted."""

    row_from: int
    row_to: int


class RunHeld(FeedFact, tag="feed.run_held", frozen=True, kw_only=True):
    """It would take too much away, or reprice too much: nothing is written until somebody approves."""


class RunApproved(FeedFact, tag="feed.run_approved", frozen=True, kw_only=True):
    pass


class RunFinished(FeedFact, tag="feed.run_finished", frozen=True, kw_only=True):
    """Every row has been read; also of a trial, which writes no stock."""


class RunFailed(FeedFact, tag="feed.run_failed", frozen=True, kw_only=True):
    """The sheet could not be read to its end: what was taken stays, and the run tells how far it came."""


class RunStopped(FeedFact, tag="feed.run_stopped", frozen=True, kw_only=True):
    """Somebody stopped it, or did not approve it."""


class UndoStarted(FeedFact, tag="feed.undo_started", frozen=True, kw_only=True):
    pass


class RunUndone(FeedFact, tag="feed.run_undone", frozen=True, kw_only=True):
    """Its cars are as they were, but for those that somebody has changed since: the run lists them."""


class SourceChanged(FeedFact, tag="feed.source_changed", frozen=True, kw_only=True):
    """Made, changed, paused, resumed or removed."""


class SourceDue(FeedFact, tag="feed.source_due", frozen=True, kw_only=True):
    """Its time has come, or somebody asked: a worker fetches it."""


class SourceFetched(FeedFact, tag="feed.source_fetched", frozen=True, kw_only=True):
    """Nothing new was there, or a run was started with what was."""


class SourceFailed(FeedFact, tag="feed.source_failed", frozen=True, kw_only=True):
    """No sheet came of it: the stock stays as it was, and it is tried again later."""


class SourceStopped(FeedFact, tag="feed.source_stopped", frozen=True, kw_only=True):
    """It does not go on by itself: its columns have changed, or it has failed too often."""
