"""Tables of leads: buyers, leads with their timelines and deadlines, canned replies, saved views."""

from app.leads.models.clocks import LeadClock, LeadPause
from app.leads.models.documents import LeadDocument, LeadInboxAddress, raw_place
from app.leads.models.kept import LeadView, ReplyTemplate
from app.leads.models.leads import ACTIVE, OPEN, Contact, Lead, LeadEvent, body_place, excerpt_place
from app.leads.models.rounds import Duty, LeadRound

__all__ = [
    "ACTIVE",
    "OPEN",
    "Contact",
    "Duty",
    "Lead",
    "LeadClock",
    "LeadDocument",
    "LeadEvent",
    "LeadInboxAddress",
    "LeadPause",
    "LeadRound",
    "LeadView",
    "ReplyTemplate",
    "body_place",
    "excerpt_place",
    "raw_place",
]  # fmt: skip
