"""What is counted of the public, and the screens on which boards hang."""

from app.analytics.service.counting import EVERY_S, Batch, Car, Other, Tally, renew, sum_up, tally
from app.analytics.service.screens import MOST_SCREENS, close_screen, open_screen

__all__ = [
    "EVERY_S", "MOST_SCREENS", "Batch", "Car", "Other", "Tally", "close_screen", "open_screen", "renew", "sum_up",
    "tally",
]  # fmt: skip
