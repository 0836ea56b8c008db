"""Webhooks: where an org wants to be told of what happened, and each thing that was told."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from app.core import rls

revision = "0023_webhooks"
down_revision = "0022_feed_source"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "webhook",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("org_id", "id", "created_by")),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("events", pg.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, server_default="active"),
        sa.Column("why", sa.Text()),
        sa.Column("failing_since", _TIME),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_webhook_org_id"),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name="fk_webhook_created_by"),
        sa.UniqueConstraint("org_id", "id", name="uq_webhook_org_id_id"),
        sa.CheckConstraint("state in ('active', 'off')", name="words"),
    )
    op.create_table(
        "webhook_delivery",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("org_id", "id", "webhook_id", "subject_id")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("event", "body")),
        sa.Column("status", sa.Text(), nullable=False, server_default="waiting"),
        sa.Column("attempts", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("response", sa.BigInteger()),
        sa.Column("error", sa.Text()),
        sa.Column("created_at", _TIME, nullable=False),
        *(sa.Column(name, _TIME) for name in ("tried_at", "next_at")),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_delivery"),
        sa.ForeignKeyConstraint(
            ["org_id", "webhook_id"],
            ["webhook.org_id", "webhook.id"],
            name="fk_webhook_delivery_org_id_webhook_id",
            ondelete="cascade",
        ),
        sa.UniqueConstraint("org_id", "id", name="uq_webhook_delivery_org_id_id"),
        sa.UniqueConstraint(
            "org_id", "webhook_id", "event", "subject_id", name="uq_webhook_delivery_org_id_webhook_id_event_subject_id"
        ),
        sa.CheckConstraint("status in ('waiting', 'delivered', 'failed')", name="words"),
    )
    op.create_index(
        "ix_webhook_delivery_org_id_created_at_id", "webhook_delivery", ["org_id", "created_at", "id"]
    )  # fmt: skip
    for table in ("webhook", "webhook_delivery"):
        for statement in (*rls.guard(table), *rls.grant(table)):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("webhook_delivery")
    op.drop_table("webhook")
