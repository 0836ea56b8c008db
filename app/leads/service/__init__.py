"""Every change of leads: lock, decide, change, record."""

from app.leads.service.assigning import assign, claim
from app.leads.service.bulk import bulk, undo
from app.leads.service.changing import archive, change_lead, change_status, restore, snooze, wake
from app.leads.service.merging import merge, unmerge
from app.leads.service.opening import Enquiry, enquire, open_lead, walk_in
from app.leads.service.receiving import Inlet, Received, receive, receive_mail
from app.leads.service.replying import note, note_delivery, reply
from app.leads.service.sources import inlet_of, renew_address
from app.leads.service.templates import add_template, change_template, filled_replies, filled_reply, remove_template
from app.leads.service.views import remove_view, save_view

__all__ = [
    "Enquiry", "Inlet", "Received", "add_template", "archive", "assign", "bulk", "change_lead", "change_status",
    "change_template", "claim", "enquire", "filled_replies", "filled_reply", "inlet_of", "merge", "note",
    "note_delivery", "open_lead", "receive", "receive_mail", "remove_template", "remove_view", "renew_address", "reply",
    "restore", "save_view", "snooze", "undo", "unmerge", "wake", "walk_in",
]  # fmt: skip
