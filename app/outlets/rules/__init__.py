"""What a feed says of a car, and how feeds are written. Pure."""

from app.outlets.rules.meta import meta_row
from app.outlets.rules.plain import plain_row
from app.outlets.rules.truth import NEEDS, PUBLIC, SHOWS, STRICTEST, stamped
from app.outlets.rules.writing import Writer, writer

MOST = 50
"""Outlets of one org."""

__all__ = ["MOST", "NEEDS", "PUBLIC", "SHOWS", "STRICTEST", "Writer", "meta_row", "plain_row", "stamped", "writer"]
