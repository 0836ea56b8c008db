"""Tables of leads: the buyers an org knows, their leads, everything that happened to each, what others sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned
from app.core.crypto import Place, unseal
from app.core.ids import Id

OPEN = "status in ('new', 'contacted', 'qualified', 'test_drive', 'negotiating')"
ACTIVE = f"{OPEN} and archived_at is null and merged_into_id is null"


class Contact(OrgOwned, Base):
    """A buyer as one org knows them: one per phone number. Without a number it is a visitor of one device.

    `search` holds the org's blind codes of name, phone and e-mail.
    """

    __tablename__ = "contact"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        UniqueConstraint("org_id", "id"),
        UniqueConstraint("org_id", "phone_index"),
        UniqueConstraint("org_id", "device_index"),
        Index("ix_contact_search", "search", postgresql_using="gin"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    phone_sealed: Mapped[bytes | None]
    phone_index: Mapped[bytes | None]
    device_index: Mapped[bytes | None]
    name_sealed: Mapped[bytes | None]
    email_sealed: Mapped[bytes | None]
    search: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default=text("'{}'"))
    lang: Mapped[str] = mapped_column(server_default="en")
    created_at: Mapped[datetime]

    def _read(self, column: str, sealed: bytes | None) -> str | None:
        return unseal(sealed, Place("contact", column, self.org_id, self.id)) if sealed else None

    @property
    def name(self) -> str:
        """Empty for a visitor who has not told it."""
        return self._read("name", self.name_sealed) or ""

    @property
    def phone(self) -> str | None:
        return self._read("phone", self.phone_sealed)

    @property
    def email(self) -> str | None:
        return self._read("email", self.email_sealed)


class Lead(OrgOwned, Base):
    """One person's interest in one car, or in none yet. At most one open lead per person and car.

    `arrived_at` is the buyer's latest word and orders the inbox; `handled_at` the latest deed of one of us.
    `due_at`, `due_kind`, `due_from`, `warn_at`, `soon_since` and `late_since` repeat the deadline that counts now, see
    LeadClock; `alarm_at` is when the next of them warns or is missed; `breached_at` when the first ever was. From
    `call_since` on the buyer is to be called now, at `call_at` they will be.
    """

    __tablename__ = "lead"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        ForeignKeyConstraint(["org_id", "branch_id"], ["branch.org_id", "branch.id"]),
        ForeignKeyConstraint(["org_id", "contact_id"], ["contact.org_id", "contact.id"]),
        ForeignKeyConstraint(["org_id", "merged_into_id"], ["lead.org_id", "lead.id"]),
        UniqueConstraint("org_id", "id"),
        UniqueConstraint("org_id", "ref"),
        Index(
            "uq_lead_open", "org_id", "contact_id", "listing_id", unique=True,
            postgresql_where=text(f"{OPEN} and merged_into_id is null and listing_id is not null"),
        ),
        Index("ix_lead_inbox", "org_id", "branch_id", "arrived_at", "id", postgresql_where=text(ACTIVE)),
        Index("ix_lead_all", "org_id", "arrived_at", "id"),
        Index("ix_lead_closed", "org_id", "closed_at", postgresql_where=text("closed_at is not null")),
        Index("ix_lead_contact", "org_id", "contact_id"),
        Index("ix_lead_merged", "merged_into_id", postgresql_where=text("merged_into_id is not null")),
        Index("ix_lead_snoozed", "snoozed_until", postgresql_where=text("snoozed_until is not null")),
        Index("ix_lead_alarm", "alarm_at", postgresql_where=text("alarm_at is not null")),
        Index("ix_lead_call", "call_at", postgresql_where=text("call_at is not null")),
    )  # fmt: skip

    id: Mapped[Id] = mapped_column(primary_key=True)
    ref: Mapped[str]
    branch_id: Mapped[Id | None]
    listing_id: Mapped[Id | None] = mapped_column(ForeignKey("listing.id"))
    contact_id: Mapped[Id]
    source: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="new")
    lost_reason: Mapped[str | None]
    assignee_id: Mapped[Id | None] = mapped_column(ForeignKey("app_user.id"))
    price_at_open: Mapped[int | None]
    excerpt_sealed: Mapped[bytes | None]
    excerpt_ours: Mapped[bool] = mapped_column(server_default=text("false"))
    enquiries: Mapped[int] = mapped_column(server_default=text("1"))
    opened_at: Mapped[datetime]
    arrived_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    first_replied_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    priority: Mapped[str] = mapped_column(server_default="normal")
    due_at: Mapped[datetime | None]
    due_kind: Mapped[str | None]
    due_from: Mapped[datetime | None]
    warn_at: Mapped[datetime | None]
    soon_since: Mapped[datetime | None]
    late_since: Mapped[datetime | None]
    alarm_at: Mapped[datetime | None]
    call_at: Mapped[datetime | None]
    call_since: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    paused_for: Mapped[str | None]
    paused_until: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    merged_into_id: Mapped[Id | None]
    merged_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))

    @property
    def excerpt(self) -> str:
        """The start of the latest message, ours or the buyer's."""
        return unseal(self.excerpt_sealed, excerpt_place(self.org_id, self.id)) if self.excerpt_sealed else ""


class LeadEvent(OrgOwned, Base):
    """One entry of a lead's timeline. `data` tells what changed; what people wrote is sealed in `body_sealed`.
    `subject_id` is the colleague it is about: whoever was given the lead, or had answered before this reply.

    Entries of one action on many leads share `batch_id`, by which the action can be undone.
    """

    __tablename__ = "lead_event"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "lead_id"], ["lead.org_id", "lead.id"]),
        Index(None, "lead_id", "at", "id"),
        Index("ix_lead_event_batch", "org_id", "batch_id", postgresql_where=text("batch_id is not null")),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    lead_id: Mapped[Id]
    kind: Mapped[str]
    actor_id: Mapped[Id | None] = mapped_column(ForeignKey("app_user.id"))
    subject_id: Mapped[Id | None] = mapped_column(ForeignKey("app_user.id"))
    body_sealed: Mapped[bytes | None]
    data: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    channel: Mapped[str | None]
    delivery: Mapped[str | None]
    delivered_at: Mapped[datetime | None]
    batch_id: Mapped[Id | None]
    at: Mapped[datetime]

    @property
    def body(self) -> str:
        return unseal(self.body_sealed, body_place(self.org_id, self.id)) if self.body_sealed else ""


def excerpt_place(org_id: Id, lead_id: Id) -> Place:
    return Place("lead", "excerpt", org_id, lead_id)


def body_place(org_id: Id, event_id: Id) -> Place:
    return Place("lead_event", "body", org_id, event_id)
