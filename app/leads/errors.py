"""Refusals of leads."""

from app.core.errors import Refused
from app.core.i18n import _
from app.core.ids import Id


class AlreadyAssigned(Refused, status=409, code="already_assigned", says="Somebody else has taken this lead."):
    """Tells who was first."""

    def __init__(self, assignee_id: Id, assignee_name: str) -> None:
        super().__init__(assignee_id=assignee_id, assignee_name=assignee_name)


class NotThatWay(Refused, status=409, code="transition_not_allowed", says="A lead cannot go from there to that."):
    def __init__(self, status: str, allowed: list[str]) -> None:
        super().__init__(lead_status=status, allowed=allowed)


class LeadClosed(Refused, status=409, code="lead_closed", says="This lead is closed. Open it again first."):
    pass


class ChangedMeanwhile(Refused, status=412, code="changed_meanwhile", says="Somebody changed this lead meanwhile."):
    """Carries the version there is now."""

    def __init__(self, version: int) -> None:
        super().__init__(version=version)


class AnsweredMeanwhile(
    Refused, status=409, code="answered_meanwhile", says="A colleague has just answered. Send yours all the same?"
):
    def __init__(self, by: str) -> None:
        super().__init__(by=by)


class CarGone(Refused, status=409, code="car_gone", says="This car is no longer for sale."):
    """`alternatives` are public pages of cars like it."""

    def __init__(self, alternatives: list[str]) -> None:
        super().__init__(alternatives=alternatives)


class CannotMerge(Refused, status=409, code="cannot_merge", says="These two leads cannot be merged."):
    pass


class MergeTooOld(Refused, status=409, code="merge_too_old", says="A merge can be undone for 24 hours."):
    pass


class OpenLeadExists(
    Refused, status=409, code="open_lead_exists", says="This person has another open lead for this car."
):
    pass


class NothingToUndo(Refused, status=409, code="nothing_to_undo", says="There is nothing to take back any more."):
    pass


class Overtaken(
    Refused, status=409, code="undo_overtaken", says="This has been changed since then, so nothing is taken back."
):
    """Of how many `leads`; of a single one by whom (None: no person, or the buyer), and what kind of entry it wrote."""

    def __init__(self, *, leads: int, name: str, by: str | None, deed: str, mine: bool) -> None:
        super().__init__(leads=leads, name=name, by=by, deed=deed, mine=mine)


class KeyTaken(Refused, status=409, code="key_taken", says="There is already a reply with this short name."):
    def __init__(self) -> None:
        super().__init__(errors=[{"field": "key", "message": self.says}])


class PhoneTaken(
    Refused, status=409, code="phone_taken", says="Another buyer here has this number. Merge their leads."
):
    def __init__(self) -> None:
        super().__init__(errors=[{"field": "phone", "message": self.says}])


class NoNumber(Refused, status=409, code="no_number", says="We know no phone number of this buyer."):
    pass


class NoChannel(Refused, status=422, code="channel_unavailable", says="This buyer cannot be reached that way."):
    def __init__(self) -> None:
        super().__init__(errors=[{"field": "channel", "message": self.says}])


class OriginalForgotten(
    Refused,
    status=410,
    code="original_forgotten",
    says="The original was kept for its time. What it said stands in its lead.",
):
    pass


UNREADABLE = {
    "empty": _("There is nothing in it."),
    "too_large": _("It is larger than 256 kB."),
    "not_xml": _("It is not well-formed XML."),
    "doctype": _("It has a DOCTYPE, which we do not accept."),
    "too_deep": _("Its elements stand too deep in each other."),
    "too_many": _("It has too many elements."),
    "no_document": _("There is no ADF in this mail."),
    "no_prospect": _("There is no prospect in it."),
    "no_buyer": _("It does not say who asks."),
    "unreachable": _("The buyer cannot be reached: there is no valid phone number and no e-mail address."),
}
"""Why a document is no lead, in words."""


class DocumentUnreadable(
    Refused, status=422, code="adf_unreadable", says="This is not an ADF document that can become a lead."
):
    """`reasons` has a code for each prospect, or one for the whole document."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(
            reasons=reasons, errors=[{"field": "", "message": UNREADABLE.get(reason, reason)} for reason in reasons]
        )
