"""Imports over JSON."""

from app.feeds.api import files, runs

ROUTES = (*files.ROUTES, *runs.ROUTES)
