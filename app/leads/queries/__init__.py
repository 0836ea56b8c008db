"""Reads of leads, each within the branches the asker may see (`within`: one branch, or None for all)."""

from app.leads.queries.cars import Selling, car_marked, cars, cars_of, priced_cars_of, selling
from app.leads.queries.clocks import (
    clocked,
    clocks_of,
    ended_by,
    following,
    pauses,
    pauses_of,
    running,
    running_of,
)
from app.leads.queries.contacts import contact_for_change, knows, visitor_for_change
from app.leads.queries.leads import (
    branch_id,
    branch_slug,
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
from app.leads.queries.rounds import (
    Free,
    duties_for_change,
    duty_for_change,
    free,
    on_duty,
    open_of,
    reach,
    require_staff,
    round_for_change,
    round_of,
    rounds,
    unanswered_of,
    waiting,
)
from app.leads.queries.templates import template_for_change, template_row, templates, values_for
from app.leads.queries.timeline import (
    batch_of,
    deed_of,
    entry,
    last_batch,
    lead_page,
    replied_since,
    timeline,
    version,
)
from app.leads.queries.views import view_for_change, view_row, views
from app.leads.queries.words import Asked, Reachable, assignees, branch_of, chat_of, own_listing, reachable, ways_to

__all__ = [
    "Asked", "Free", "Reachable", "Selling", "assignees", "batch_of", "branch_id", "branch_of", "branch_slug",
    "branch_slug_of", "car_marked", "cars", "cars_of", "chat_of", "clocked", "clocks_of", "contact_for_change",
    "count_leads", "counts", "counts_of", "deed_of", "duties_for_change", "duty_for_change", "ended_by", "entry",
    "find_leads", "following", "free", "knows", "last_batch", "lead_for_change", "lead_page", "lead_row",
    "leads_for_change", "merged_into", "on_duty", "open_lead_of", "open_of", "others_of", "own_listing", "pauses",
    "pauses_of", "priced_cars_of", "reach", "reachable", "refs", "replied_since", "require_staff", "require_view",
    "round_for_change", "round_of", "rounds", "running", "running_of", "selling", "template_for_change",
    "template_row", "templates", "timeline", "unanswered_of", "values_for", "version", "view_for_change", "view_row",
    "views", "visitor_for_change", "waiting", "ways_to",
]  # fmt: skip
