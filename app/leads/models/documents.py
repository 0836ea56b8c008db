"""Tables of leads from other systems: what they sent, and where to."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned
from app.core.crypto import Place, unseal
from app.core.ids import Id


class LeadDocument(OrgOwned, Base):
    """A lead as another system sent it, one row a prospect; `key` is what makes it the same one again.

    Prospects of one delivery share what came: the first row holds it, the others name that row in `whole_id`.
    """

    __tablename__ = "lead_document"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        ForeignKeyConstraint(["org_id", "lead_id"], ["lead.org_id", "lead.id"]),
        ForeignKeyConstraint(["org_id", "whole_id"], ["lead_document.org_id", "lead_document.id"]),
        UniqueConstraint("org_id", "id"),
        UniqueConstraint("org_id", "key"),
        Index(None, "org_id", "received_at", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    key: Mapped[bytes]
    kind: Mapped[str]
    via: Mapped[str]
    received_at: Mapped[datetime]
    digest: Mapped[bytes]
    external_id: Mapped[str | None]
    raw_sealed: Mapped[bytes | None]
    whole_id: Mapped[Id | None]
    unknown: Mapped[list[str]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    error: Mapped[str | None]
    lead_id: Mapped[Id | None]
    repeated: Mapped[bool] = mapped_column(server_default=text("false"))

    @property
    def raw(self) -> str | None:
        return unseal(self.raw_sealed, raw_place(self.org_id, self.id)) if self.raw_sealed else None


class LeadInboxAddress(OrgOwned, Base):
    """Where other systems send leads of an org, or of one of its branches: a mail address and a secret link.

    The secret is made again from the id (`crypto.code`); only its digest is kept.
    """

    __tablename__ = "lead_inbox_address"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        ForeignKeyConstraint(["org_id", "branch_id"], ["branch.org_id", "branch.id"]),
        UniqueConstraint("org_id", "branch_id", postgresql_nulls_not_distinct=True),
        UniqueConstraint("local_part"),
        UniqueConstraint("token_hash"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    branch_id: Mapped[Id | None]
    local_part: Mapped[str]
    token_hash: Mapped[bytes]
    created_by: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]


def raw_place(org_id: Id, document_id: Id) -> Place:
    return Place("lead_document", "raw", org_id, document_id)
