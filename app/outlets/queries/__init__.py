"""Every read of outlets: the org's own with what is in them, and the feed itself for whoever has its address."""

from app.outlets.queries.doors import TOKEN, Door, door_of, token_of
from app.outlets.queries.outlets import (
    held_back,
    left_out,
    outlet,
    outlet_count,
    outlet_for_change,
    outlets,
)

__all__ = [
    "TOKEN", "Door", "door_of", "held_back", "left_out", "outlet", "outlet_count", "outlet_for_change", "outlets",
    "token_of",
]  # fmt: skip
