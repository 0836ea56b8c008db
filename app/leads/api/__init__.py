"""JSON of leads, of canned replies, of saved views, of who gets new leads."""

from app.leads.api import asking, changes, leads, rounds, templates, views

ROUTES = (
    *leads.ROUTES, *asking.ROUTES, *changes.ROUTES, *templates.ROUTES, *views.ROUTES, *rounds.ROUTES,
)  # fmt: skip
