"""Branches: the number buyers write to on WhatsApp."""

import sqlalchemy as sa
from alembic import op

revision = "0006_branch_whatsapp"
down_revision = "0005_leads"


def upgrade() -> None:
    op.add_column("branch", sa.Column("whatsapp", sa.Text()))


def downgrade() -> None:
    op.drop_column("branch", "whatsapp")
