"""Tables of webhooks: where an org wants to be told of what happened, and each thing that was told."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, OrgOwned
from app.core.crypto import Place, unseal
from app.core.ids import Id


class Webhook(OrgOwned, Base):
    """An address, its secret and the events it wants. `failing_since` is set while nothing gets through."""

    __tablename__ = "webhook"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        UniqueConstraint("org_id", "id"),
        CheckConstraint("state in ('active', 'off')", name="words"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    url: Mapped[str]
    secret_sealed: Mapped[bytes]
    events: Mapped[list[str]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(server_default="active")
    why: Mapped[str | None]
    failing_since: Mapped[datetime | None]
    created_by: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]

    @property
    def secret(self) -> str:
        return unseal(self.secret_sealed, secret_place(self.org_id, self.id))


class WebhookDelivery(OrgOwned, Base):
    """One thing told to one address; `id` is its webhook-id in every try. `body` is what is signed and sent.

    `status` is waiting, delivered or failed; `response` is the last answer's status, `error` the code of what was
    wrong.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "webhook_id"], ["webhook.org_id", "webhook.id"], ondelete="cascade"),
        UniqueConstraint("org_id", "id"),
        UniqueConstraint("org_id", "webhook_id", "event", "subject_id"),
        CheckConstraint("status in ('waiting', 'delivered', 'failed')", name="words"),
        Index(None, "org_id", "created_at", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    webhook_id: Mapped[Id]
    event: Mapped[str]
    subject_id: Mapped[Id]
    body: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="waiting")
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    response: Mapped[int | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]


def secret_place(org_id: Id, webhook_id: Id) -> Place:
    return Place("webhook", "secret", org_id, webhook_id)
