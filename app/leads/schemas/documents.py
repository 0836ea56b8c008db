"""Leads that came as documents, and the addresses they come to."""

from datetime import datetime

from msgspec import Struct

from app.core.bounds import Input
from app.core.ids import Id


class DocumentLead(Struct, frozen=True):
    """A lead a document became. `repeated`: it joined an open one; `unknown` are its parts we did not understand."""

    id: Id
    ref: str
    repeated: bool
    unknown: list[str]


class DocumentFault(Struct, frozen=True):
    """Why the prospect of this number (the first is 1) became no lead."""

    prospect: int
    code: str


class Delivery(Struct, frozen=True):
    """What became of a document."""

    leads: list[DocumentLead]
    refused: list[DocumentFault]


class DocumentRow(Struct, frozen=True, kw_only=True):
    """A document that came; `error` says why it became no lead, `ref` and `lead_id` which it became."""

    id: Id
    via: str
    received_at: datetime
    external_id: str | None
    error: str | None
    lead_id: Id | None
    ref: str | None
    repeated: bool
    unknown: list[str]


class Original(Struct, frozen=True):
    """What came, as text."""

    name: str
    text: str


class AddressForm(Input, frozen=True, kw_only=True):
    """Of the whole org without a branch."""

    branch_id: Id | None = None


class AddressRow(Struct, frozen=True, kw_only=True):
    """`mail` is None where no mail comes in; `token` is the secret part of the link."""

    id: Id
    branch_id: Id | None
    branch_name: str | None
    mail: str | None
    token: str
    created_at: datetime


class Door(Struct, frozen=True):
    """Whose address somebody sends to."""

    org_id: Id
    branch_id: Id | None
