"""Pages and files of pictures."""

from app.media.routes.files import ROUTES
from app.media.routes.receiving import keep, vet

__all__ = ["ROUTES", "keep", "vet"]
