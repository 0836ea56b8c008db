"""What imports tell about themselves."""

from app.core.telemetry.metrics import counter, histogram
from app.feeds.models import FeedRun

_OUTCOMES = ("created", "updated", "unchanged", "skipped", "rejected")
ROWS = counter("desk_feed_rows", "Rows of sheets by what became of them, trials included.", ("outcome",))
PULLS = counter("desk_feed_pulls", "Fetches of sheets from addresses, by how they ended.", ("outcome",))
CHUNK = histogram("desk_feed_chunk_seconds", "One chunk of rows: matched, written and committed.")


def advanced(before: FeedRun, after: FeedRun, seconds: float) -> None:
    CHUNK.observe(seconds)
    for name in _OUTCOMES:
        new = getattr(after, name) - getattr(before, name)
        if new > 0:
            ROWS.labels(outcome=name).inc(new)
