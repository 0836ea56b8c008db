"""Tables of stock imports: what was handed in, what its columns mean, what each run did and left behind."""

from app.feeds.models.files import FeedFile, FeedMapping, FeedWord
from app.feeds.models.pulls import FeedSource
from app.feeds.models.runs import FeedChange, FeedReject, FeedRun, FeedSeen
from app.feeds.models.sources import ListingSource

__all__ = [
    "FeedChange", "FeedFile", "FeedMapping", "FeedReject", "FeedRun", "FeedSeen", "FeedSource",
    "FeedWord", "ListingSource",
]  # fmt: skip
