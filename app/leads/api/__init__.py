"""JSON of leads, of canned replies and of saved views."""

from app.leads.api import asking, changes, leads, templates, views

ROUTES = (*leads.ROUTES, *asking.ROUTES, *changes.ROUTES, *templates.ROUTES, *views.ROUTES)
