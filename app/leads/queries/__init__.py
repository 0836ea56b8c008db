"""Reads of leads, each within the branches the asker may see (`within`: one branch, or None for all)."""

from app.leads.queries.cars import Selling, car_marked, cars, cars_of, priced_cars_of, selling
from app.leads.queries.contacts import contact_for_change, knows, visitor_for_change
from app.leads.queries.leads import (
    branch_slug_of,
    count_leads,
    counts,
    counts_of,
    find_leads,
    lead_for_change,
    lead_row,
    leads_for_change,
    merged_into,
    open_lead_of,
    others_of,
    refs,
    require_view,
)
from app.leads.queries.templates import template_for_change, template_row, templates, values_for
from app.leads.queries.timeline import batch_of, entry, last_batch, lead_page, replied_since, timeline, version
from app.leads.queries.views import view_for_change, view_row, views
from app.leads.queries.words import Asked, Reachable, assignees, branch_of, own_listing, reachable, ways_to

__all__ = [
    "Asked",
    "Reachable",
    "Selling",
    "assignees",
    "batch_of",
    "branch_of",
    "branch_slug_of",
    "car_marked",
    "cars",
    "cars_of",
    "contact_for_change",
    "count_leads",
    "counts",
    "counts_of",
    "entry",
    "find_leads",
    "knows",
    "last_batch",
    "lead_for_change",
    "lead_page",
    "lead_row",
    "leads_for_change",
    "merged_into",
    "open_lead_of",
    "others_of",
    "own_listing",
    "priced_cars_of",
    "reachable",
    "refs",
    "replied_since",
    "require_view",
    "selling",
    "template_for_change",
    "template_row",
    "templates",
    "timeline",
    "values_for",
    "version",
    "view_for_change",
    "view_row",
    "views",
    "visitor_for_change", "ways_to",
]  # fmt: skip
