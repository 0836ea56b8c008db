"""Which worker holds a job, by its number on the roll."""

import sqlalchemy as sa
from alembic import op

revision = "0024_job_holder"
down_revision = "0023_webhooks"


def upgrade() -> None:
    op.add_column("job", sa.Column("holder", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("job", "holder")
