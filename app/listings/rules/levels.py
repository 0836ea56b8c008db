"""What cars ask, roughly: enough to invent one or to doubt a figure, never a valuation."""

from pathlib import Path

import msgspec

LEVELS: dict[str, dict[int, int]] = msgspec.json.decode(
    (Path(__file__).parent.parent / "data" / "levels.json").read_bytes(), type=dict[str, dict[int, int]]
)
"""Asking prices in lakh of a make/model by model year, at the end of 2026."""
