"""JSON of leads: what is done to them, canned replies, saved views, who gets new ones, leads from other systems."""

from app.leads.api import asking, changes, documents, hours, leads, rounds, templates, views

ROUTES = (
    *leads.ROUTES, *asking.ROUTES, *changes.ROUTES, *documents.ROUTES, *templates.ROUTES, *views.ROUTES,
    *rounds.ROUTES, *hours.ROUTES,
)  # fmt: skip
