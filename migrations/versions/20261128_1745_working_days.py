"""Deadlines in working days, beside those in open time."""

import sqlalchemy as sa
from alembic import op

revision = "0032_working_days"
down_revision = "0031_branch_day"

_KINDS = ("first_response", "next_response", "resolution")


def upgrade() -> None:
    for kind in _KINDS:
        op.add_column("sla_policy", sa.Column(f"{kind}_days", sa.BigInteger()))
    op.add_column("lead_clock", sa.Column("target_days", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("lead_clock", "target_days")
    for kind in _KINDS:
        op.drop_column("sla_policy", f"{kind}_days")
