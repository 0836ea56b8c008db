"""Branches: the number buyers write to on WhatsApp."""

import sqlalchemy as sa
from alembic import op

revision = "0007_branch_whatsapp"
down_revision = "0006_session_upkeep"


def upgrade() -> None:
    op.add_column("branch", sa.Column("whatsapp", sa.Text()))


def downgrade() -> None:
    op.drop_column("branch", "whatsapp")
