"""Boards: what was closed in a period is found without reading every lead."""

import sqlalchemy as sa
from alembic import op

revision = "0012_board"
down_revision = "0011_lead_documents"


def upgrade() -> None:
    op.create_index(
        "ix_lead_closed", "lead", ["org_id", "closed_at"], postgresql_where=sa.text("closed_at is not null")
    )


def downgrade() -> None:
    op.drop_index("ix_lead_closed", "lead")
