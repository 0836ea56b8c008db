"""Structs at the edges of leads: forms in, rows, timelines and counts out."""

from app.leads.schemas.documents import (
    AddressForm,
    AddressRow,
    Delivery,
    DocumentFault,
    DocumentLead,
    DocumentRow,
    Door,
    Original,
)
from app.leads.schemas.forms import (
    AssignForm,
    BulkForm,
    CallForm,
    CallPatch,
    LeadForm,
    LeadPatch,
    MergeForm,
    MoveForm,
    NoteForm,
    PauseForm,
    ReplyForm,
    SnoozeForm,
    StatusForm,
)
from app.leads.schemas.kinds import (
    MOMENT,
    TOOK,
    Capacity,
    Channel,
    Ids,
    Message,
    PauseReason,
    Priority,
    Reason,
    Source,
    Status,
    TemplateKey,
    Text,
    Version,
    View,
    What,
)
from app.leads.schemas.rounds import CapacityForm, DutyForm, OnDuty, Person, RoundForm, RoundRow
from app.leads.schemas.rows import (
    Bulk,
    CarBrief,
    ChatLink,
    Entry,
    LeadPage,
    LeadRow,
    Mark,
    OtherLead,
    Receipt,
    Revealed,
)
from app.leads.schemas.views import (
    Counts,
    DayFigures,
    FilledReply,
    Filters,
    TemplateForm,
    TemplateRow,
    ViewForm,
    ViewRow,
)

__all__ = [
    "MOMENT", "TOOK", "AddressForm", "AddressRow", "AssignForm", "Bulk", "BulkForm", "CallForm", "CallPatch",
    "Capacity", "CapacityForm", "CarBrief", "Channel", "ChatLink", "Counts", "DayFigures", "Delivery", "DocumentFault",
    "DocumentLead", "DocumentRow", "Door", "DutyForm", "Entry", "FilledReply", "Filters", "Ids", "LeadForm",
    "LeadPage", "LeadPatch", "LeadRow", "Mark", "MergeForm", "Message", "MoveForm", "NoteForm", "OnDuty", "Original",
    "OtherLead", "PauseForm", "PauseReason", "Person", "Priority", "Reason", "Receipt", "ReplyForm", "Revealed",
    "RoundForm", "RoundRow", "SnoozeForm", "Source", "Status", "StatusForm", "TemplateForm", "TemplateKey",
    "TemplateRow", "Text", "Version", "View", "ViewForm", "ViewRow", "What",
]  # fmt: skip
