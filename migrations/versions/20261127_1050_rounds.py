"""The round: how branches hand out leads, and who is on duty."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from app.core import rls

revision = "0009_rounds"
down_revision = "0008_deadlines"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "lead_round",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("turns", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("capacity", sa.BigInteger(), nullable=False, server_default=sa.text("10")),
        sa.Column("due_at", _TIME),
        sa.Column("last_turns", pg.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")),
        sa.Column("version", sa.BigInteger(), nullable=False, server_default=sa.text("1")),
        sa.PrimaryKeyConstraint("branch_id", name="pk_lead_round"),
        sa.ForeignKeyConstraint(
            ["org_id", "branch_id"], ["branch.org_id", "branch.id"], name="fk_lead_round_org_id_branch_id"
        ),
    )
    op.create_index("ix_lead_round_due", "lead_round", ["due_at"], postgresql_where=sa.text("due_at is not null"))
    op.create_table(
        "duty",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("on_duty", sa.Boolean(), nullable=False, server_default=sa.text("true")),
        sa.Column("stays", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("capacity", sa.BigInteger()),
        sa.Column("online_until", _TIME),
        sa.PrimaryKeyConstraint("org_id", "user_id", name="pk_duty"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_duty_org_id"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name="fk_duty_user_id"),
    )
    op.create_index("ix_duty_online", "duty", ["online_until"], postgresql_where=sa.text("online_until is not null"))
    for table in ("lead_round", "duty"):
        for statement in (*rls.guard(table), *rls.grant(table, system="select")):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("duty")
    op.drop_table("lead_round")
