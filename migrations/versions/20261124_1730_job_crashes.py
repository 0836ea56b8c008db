"""Jobs count their crashes, and are found fairly: by queue, then org, then due time."""

import sqlalchemy as sa
from alembic import op

revision = "0003_job_crashes"
down_revision = "0002_people"

_OPEN = sa.text("done_at is null and dead_at is null")


def upgrade() -> None:
    op.add_column("job", sa.Column("crashes", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("ix_job_queue_org_id_run_at", "job", ["queue", "org_id", "run_at"], postgresql_where=_OPEN)
    op.create_index("ix_job_created_at", "job", ["created_at"], postgresql_using="brin")
    op.drop_index("ix_job_open", table_name="job")


def downgrade() -> None:
    op.create_index("ix_job_open", "job", ["run_at"], postgresql_where=_OPEN)
    op.drop_index("ix_job_created_at", table_name="job")
    op.drop_index("ix_job_queue_org_id_run_at", table_name="job")
    op.drop_column("job", "crashes")
