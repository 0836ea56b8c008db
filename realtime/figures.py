"""What the live road tells about itself."""

from app.core.telemetry.metrics import counter, gauge, histogram

SOCKETS = gauge("desk_live_sockets", "Open live sockets.", ("kind",))
VIEWERS = gauge("desk_live_viewers", "Persons who have something open on this process's sockets.")
BACKLOG = gauge("desk_live_backlog_bytes", "Bytes that wait for sockets to read them.")
FEEDS = gauge("desk_live_feeds", "Feeds read by this process.")
HEAD_LAG = gauge("desk_live_head_lag", "Facts committed but not yet read, worst feed.")
DELIVERIES = gauge("desk_live_deliveries", "Frames written to sockets since the start.")
FILLS = counter("desk_live_fills", "Subscriptions brought up to date from the feed.")
RESYNCS = counter("desk_live_resyncs", "Topics told to start over from their region.")
SLOW_CUTS = counter("desk_live_slow_cuts", "Sockets closed because their peer did not read.")
TURNS = counter("desk_live_turns", "Turns of feed readers: one snapshot each, however many it answered.")
TURN_FAILURES = counter("desk_live_turn_failures", "Turns of a feed reader that failed and were tried again.")
PUBLISH_TO_WRITE = histogram(
    "desk_live_publish_to_write_seconds",
    "From the commit step of a fact to its first write.",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
