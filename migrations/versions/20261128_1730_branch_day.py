"""When each branch's day closes: a timer of one row a branch."""

import sqlalchemy as sa
from alembic import op

from app.core import rls

revision = "0031_branch_day"
down_revision = "0030_call_now"


def upgrade() -> None:
    op.create_table(
        "branch_day",
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date()),
        sa.Column("closes_at", sa.DateTime(timezone=True)),
        sa.Column("closed", sa.Date()),
        sa.PrimaryKeyConstraint("branch_id", name="pk_branch_day"),
        sa.ForeignKeyConstraint(
            ["org_id", "branch_id"], ["branch.org_id", "branch.id"], name="fk_branch_day_org_id_branch_id"
        ),
    )
    op.create_index(
        "ix_branch_day_closes", "branch_day", ["closes_at"], postgresql_where=sa.text("closes_at is not null")
    )
    # Branches that there are: due at once, without a day that could close, so that the first look reckons theirs.
    op.execute("alter table branch no force row level security")
    op.execute(
        "insert into branch_day (branch_id, org_id, closes_at) "
        "select id, org_id, now() from branch where archived_at is null"
    )
    op.execute("alter table branch force row level security")
    for statement in (*rls.guard("branch_day"), *rls.grant("branch_day", system="select")):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("branch_day")
