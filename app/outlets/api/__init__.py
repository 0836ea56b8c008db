"""Outlets over JSON, and the feeds themselves."""

from app.outlets.api import feeds, outlets

ROUTES = (*outlets.ROUTES, *feeds.ROUTES)
