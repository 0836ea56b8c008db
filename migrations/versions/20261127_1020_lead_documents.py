"""Leads of other systems: the documents they sent, and the addresses they send them to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from app.core import rls

revision = "0011_lead_documents"
down_revision = "0010_notices"

_TIME = sa.DateTime(timezone=True)
_TABLES = ("lead_document", "lead_inbox_address")


def upgrade() -> None:
    _documents()
    _addresses()
    for table in _TABLES:
        for statement in (*rls.guard(table), *rls.grant(table, system="select")):
            op.execute(statement)


def _documents() -> None:
    op.create_table(
        "lead_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("external_id", sa.Text()),
        sa.Column("raw_sealed", sa.LargeBinary()),
        sa.Column("whole_id", sa.Uuid()),
        sa.Column("unknown", pg.JSONB(), nullable=False, server_default=sa.text("'[]'::jsonb")),
        sa.Column("error", sa.Text()),
        sa.Column("lead_id", sa.Uuid()),
        sa.Column("repeated", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.PrimaryKeyConstraint("id", name="pk_lead_document"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_lead_document_org_id"),
        sa.ForeignKeyConstraint(
            ["org_id", "lead_id"], ["lead.org_id", "lead.id"], name="fk_lead_document_org_id_lead_id"
        ),
        sa.UniqueConstraint("org_id", "id", name="uq_lead_document_org_id_id"),
        sa.UniqueConstraint("org_id", "key", name="uq_lead_document_org_id_key"),
    )
    op.create_foreign_key(
        "fk_lead_document_org_id_whole_id", "lead_document", "lead_document", ["org_id", "whole_id"], ["org_id", "id"]
    )
    op.create_index("ix_lead_document_org_id_received_at_id", "lead_document", ["org_id", "received_at", "id"])


def _addresses() -> None:
    op.create_table(
        "lead_inbox_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid()),
        sa.Column("local_part", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lead_inbox_address"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_lead_inbox_address_org_id"),
        sa.ForeignKeyConstraint(
            ["org_id", "branch_id"], ["branch.org_id", "branch.id"], name="fk_lead_inbox_address_org_id_branch_id"
        ),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name="fk_lead_inbox_address_created_by"),
        sa.UniqueConstraint(
            "org_id", "branch_id", name="uq_lead_inbox_address_org_id_branch_id", postgresql_nulls_not_distinct=True
        ),
        sa.UniqueConstraint("local_part", name="uq_lead_inbox_address_local_part"),
        sa.UniqueConstraint("token_hash", name="uq_lead_inbox_address_token_hash"),
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
