"""JSON of leads, of canned replies and of saved views."""

from app.leads.api import changes, hours, leads, templates, views

ROUTES = (*leads.ROUTES, *changes.ROUTES, *templates.ROUTES, *views.ROUTES, *hours.ROUTES)
