"""JSON of leads, of canned replies and of saved views; leads from other systems."""

from app.leads.api import changes, documents, leads, templates, views

ROUTES = (*leads.ROUTES, *changes.ROUTES, *documents.ROUTES, *templates.ROUTES, *views.ROUTES)
