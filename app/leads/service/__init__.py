"""Every change of leads: lock, decide, change, record."""

from app.leads.service.assigning import assign, claim
from app.leads.service.bulk import bulk, undo
from app.leads.service.calling import call, settle_call
from app.leads.service.changing import archive, change_lead, change_status, restore, snooze, wake
from app.leads.service.forgetting import forget_originals
from app.leads.service.holding import move, pause, resume
from app.leads.service.lateness import come_up, fall_due
from app.leads.service.merging import merge, unmerge
from app.leads.service.opening import Enquiry, e164, enquire, open_lead, walk_in
from app.leads.service.receiving import Inlet, Received, receive, receive_mail
from app.leads.service.rehours import follow_hours, preview
from app.leads.service.replying import note, note_delivery, reply
from app.leads.service.rounds import attend, go_round, lapse, leave, set_capacity, set_duty, set_round
from app.leads.service.sources import inlet_of, renew_address
from app.leads.service.templates import add_template, change_template, filled_replies, filled_reply, remove_template
from app.leads.service.views import remove_view, save_view

__all__ = [
    "Enquiry", "Inlet", "Received", "add_template", "archive", "assign", "attend", "bulk", "call", "change_lead",
    "change_status", "change_template", "claim", "come_up", "e164", "enquire", "fall_due", "filled_replies",
    "filled_reply", "follow_hours", "forget_originals", "go_round", "inlet_of", "lapse", "leave", "merge", "move",
    "note", "note_delivery", "open_lead", "pause", "preview", "receive", "receive_mail", "remove_template",
    "remove_view", "renew_address", "reply", "restore", "resume", "save_view", "set_capacity", "set_duty",
    "set_round", "settle_call", "snooze", "undo", "unmerge", "wake", "walk_in",
]  # fmt: skip
