"""Imports over JSON."""

from app.feeds.api import files, runs, sources

ROUTES = (*files.ROUTES, *runs.ROUTES, *sources.ROUTES)
