"""Notices to people: what they are told, how it went out, what they want to hear."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from app.core import rls

revision = "0010_notices"
down_revision = "0009_rounds"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _notices()
    _deliveries()
    _choices()
    for table, system in (("notice", "select, delete"), ("notice_delivery", "select"), ("notice_choice", "select")):
        for statement in (*rls.guard(table), *rls.grant(table, system=system)):
            op.execute(statement)


def downgrade() -> None:
    for table in ("notice_choice", "notice_delivery", "notice"):
        op.drop_table(table)


def _notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("told_of", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Uuid()),
        sa.Column("clock_id", sa.Uuid()),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("data", pg.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("show_at", _TIME, nullable=False),
        sa.Column("shown_at", _TIME),
        sa.Column("read_at", _TIME),
        sa.Column("dropped_as", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("org_id", "id", name="uq_notice_org_id_id"),
        sa.UniqueConstraint("org_id", "person_id", "told_of", name="uq_notice_org_id_person_id_told_of"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_notice_org_id"),
        sa.ForeignKeyConstraint(["person_id"], ["app_user.id"], name="fk_notice_person_id"),
        sa.ForeignKeyConstraint(["actor_id"], ["app_user.id"], name="fk_notice_actor_id"),
        sa.ForeignKeyConstraint(["org_id", "lead_id"], ["lead.org_id", "lead.id"], name="fk_notice_org_id_lead_id"),
    )
    op.create_index("ix_notice_org_id_person_id_created_at_id", "notice", ["org_id", "person_id", "created_at", "id"])
    op.create_index("ix_notice_created_at", "notice", ["created_at"])
    op.create_index(
        "ix_notice_unread", "notice", ["org_id", "person_id"],
        postgresql_where=sa.text("shown_at is not null and read_at is null and dropped_as is null"),
    )  # fmt: skip
    op.create_index(
        "ix_notice_waiting", "notice", ["show_at"],
        postgresql_where=sa.text("shown_at is null and dropped_as is null"),
    )  # fmt: skip


def _deliveries() -> None:
    op.create_table(
        "notice_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False, server_default="waiting"),
        sa.Column("reason", sa.Text()),
        sa.Column("sent_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_notice_delivery"),
        sa.UniqueConstraint("org_id", "notice_id", "channel", name="uq_notice_delivery_org_id_notice_id_channel"),
        sa.ForeignKeyConstraint(
            ["org_id", "notice_id"], ["notice.org_id", "notice.id"],
            name="fk_notice_delivery_org_id_notice_id", ondelete="cascade",
        ),
    )  # fmt: skip


def _choices() -> None:
    op.create_table(
        "notice_choice",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "person_id", "kind", "channel", name="pk_notice_choice"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_notice_choice_org_id"),
        sa.ForeignKeyConstraint(["person_id"], ["app_user.id"], name="fk_notice_choice_person_id"),
    )
