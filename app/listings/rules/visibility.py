"""Who sees which listing: the truth table of INV-05 as data. The scope and the policy say it again in SQL."""

from typing import Literal

Viewer = Literal["own", "dealer", "person", "platform", "anonymous"]

VISIBILITIES = ("public", "wholesale_public", "private")
CHANNELS = ("automart", "autotrader")
STATUSES = ("draft", "pending", "live", "reserved", "sold", "expired", "rejected", "archived")

# Whoever has the address of a reserved or sold car sees what became of it; lists show only what can be had.
SHOWN = ("live", "reserved", "sold")
FOUND = ("live",)
TRADE = ("public", "wholesale_public")

# Who, beyond the org itself, sees a listing in one of the SHOWN states.
TABLE: dict[tuple[str, str], frozenset[Viewer]] = {
    ("public", "automart"): frozenset({"anonymous", "person", "platform", "dealer"}),
    ("public", "autotrader"): frozenset({"dealer"}),
    ("wholesale_public", "automart"): frozenset({"dealer"}),
    ("wholesale_public", "autotrader"): frozenset({"dealer"}),
    ("private", "automart"): frozenset(),
    ("private", "autotrader"): frozenset(),
}


def viewer_of(org_kind: str | None, *, own: bool) -> Viewer:
    """How somebody acting in an org of this kind (None: nobody signed in) stands to a listing."""
    if own:
        return "own"
    return {"dealer": "dealer", "person": "person", "platform": "platform"}.get(org_kind or "", "anonymous")  # type: ignore[return-value]


def visible(viewer: Viewer, visibility: str, channel: str, status: str) -> bool:
    """Whether the listing can be read at all. The org sees all of its own."""
    return viewer == "own" or (status in SHOWN and viewer in TABLE[visibility, channel])


def found(visibility: str, channel: str, status: str) -> bool:
    """Whether the public market lists it."""
    return status in FOUND and "anonymous" in TABLE[visibility, channel]
