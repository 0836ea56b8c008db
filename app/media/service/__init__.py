"""Every change to pictures. Listings say which of them, and lock it first."""

from app.media.service.keeping import add_addresses, add_upload, add_url, move, order_pictures, remove, restore, retry
from app.media.service.sketches import draw_in, sketch
from app.media.service.taking import Looked, fail, ready, start_purge

__all__ = [
    "Looked", "add_addresses", "add_upload", "add_url", "draw_in", "fail", "move", "order_pictures", "ready", "remove",
    "restore", "retry", "sketch", "start_purge",
]  # fmt: skip
