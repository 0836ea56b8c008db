"""What happens to leads. `id` of every `lead.*` fact is the lead's; `entry_id` its entry in the timeline."""

from typing import ClassVar

from app.core.events import Fact
from app.core.ids import Id


class LeadFact(Fact, frozen=True, kw_only=True):
    needs: ClassVar[str | None] = "lead.read"

    entry_id: Id | None = None


class LeadOpened(LeadFact, tag="lead.opened", frozen=True, kw_only=True):
    pass


class LeadRepeated(LeadFact, tag="lead.repeated", frozen=True, kw_only=True):
    """The same person asked about the same car again."""


class LeadAssigned(LeadFact, tag="lead.assigned", frozen=True, kw_only=True):
    """Claimed, handed over, or given back (`assignee_id` None)."""

    assignee_id: Id | None = None
    was_id: Id | None = None


class LeadStatusChanged(LeadFact, tag="lead.status_changed", frozen=True, kw_only=True):
    status: str
    was: str


class LeadReplied(LeadFact, tag="lead.replied", frozen=True, kw_only=True):
    pass


class LeadReplyDelivered(LeadFact, tag="lead.reply_delivered", frozen=True, kw_only=True):
    """Handed to the vendor, or given up: the entry says which."""


class LeadCallDue(LeadFact, tag="lead.call_due", frozen=True, kw_only=True):
    """So little time is left for an answer that the buyer is to be called now."""


class LeadCalled(LeadFact, tag="lead.called", frozen=True, kw_only=True):
    """Somebody rang the buyer; `outcome` is talked or no_answer, once they have said so."""

    outcome: str | None = None


class LeadNoted(LeadFact, tag="lead.noted", frozen=True, kw_only=True):
    pass


class LeadSnoozed(LeadFact, tag="lead.snoozed", frozen=True, kw_only=True):
    pass


class LeadWoken(LeadFact, tag="lead.woken", frozen=True, kw_only=True):
    """Its snooze is over, by time or by hand."""


class LeadPaused(LeadFact, tag="lead.paused", frozen=True, kw_only=True):
    """Its deadlines stand still."""


class LeadResumed(LeadFact, tag="lead.resumed", frozen=True, kw_only=True):
    pass


class LeadMoved(LeadFact, tag="lead.moved", frozen=True, kw_only=True):
    """To another branch, from whoever had it."""

    was_branch_id: Id | None = None
    had_id: Id | None = None


class LeadArchived(LeadFact, tag="lead.archived", frozen=True, kw_only=True):
    pass


class LeadRestored(LeadFact, tag="lead.restored", frozen=True, kw_only=True):
    """Out of the archive again."""


class LeadEdited(LeadFact, tag="lead.edited", frozen=True, kw_only=True):
    """The buyer's details or the car."""


class LeadMerged(LeadFact, tag="lead.merged", frozen=True, kw_only=True):
    """`id` went into `into_id`; its entries show there."""

    into_id: Id


class LeadUnmerged(LeadFact, tag="lead.unmerged", frozen=True, kw_only=True):
    into_id: Id


class LeadUndone(LeadFact, tag="lead.undone", frozen=True, kw_only=True):
    """The latest action on it was taken back; `was_branch_id` where that was a move."""

    was_branch_id: Id | None = None


class ReplyTemplateChanged(Fact, tag="reply_template.changed", frozen=True, kw_only=True):
    """Made, changed or removed."""


class LeadViewChanged(Fact, tag="lead_view.changed", frozen=True, kw_only=True):
    """A saved view was made, changed or removed."""


class RoundChanged(Fact, tag="round.changed", frozen=True, kw_only=True):
    """How a branch (`id`) hands out its leads."""


class DutyChanged(Fact, tag="duty.changed", frozen=True, kw_only=True):
    """A member (`id`) takes leads or not, comes online or leaves (`online`), or has another capacity."""

    online: bool | None = None


class LeadDocumentRefused(Fact, tag="lead_document.refused", frozen=True, kw_only=True):
    """What another system sent could not become a lead; it is kept, with its reason."""

    needs: ClassVar[str | None] = "lead.read"


class LeadSourceChanged(Fact, tag="lead_source.changed", frozen=True, kw_only=True):
    """Where other systems send leads: an address was made, or replaced by a new one."""
