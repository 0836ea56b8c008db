"""What the live road tells about itself."""

from prometheus_client import Counter, Gauge, Histogram

SOCKETS = Gauge("desk_live_sockets", "Open live sockets.", ["kind"])
FEEDS = Gauge("desk_live_feeds", "Feeds read by this process.")
HEAD_LAG = Gauge("desk_live_head_lag", "Facts committed but not yet read, worst feed.")
DELIVERIES = Gauge("desk_live_deliveries", "Frames written to sockets since the start.")
FILLS = Counter("desk_live_fills_total", "Subscriptions that were brought up to date from the feed.")
RESYNCS = Counter("desk_live_resyncs_total", "Topics told to start over from their region.")
SLOW_CUTS = Counter("desk_live_slow_cuts_total", "Sockets closed because their peer did not read.")
TURN_FAILURES = Counter("desk_live_turn_failures_total", "Turns of a feed reader that failed and were tried again.")
PUBLISH_TO_WRITE = Histogram(
    "desk_live_publish_to_write_seconds",
    "From the commit step of a fact to its first write.",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
