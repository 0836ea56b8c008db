"""Screens on walls that show a board to who knows their address."""

import sqlalchemy as sa
from alembic import op

from app.core import rls

revision = "0033_screens"
down_revision = "0032_working_days"


def upgrade() -> None:
    op.create_table(
        "board_screen",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_board_screen"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_board_screen_org_id"),
        sa.ForeignKeyConstraint(
            ["org_id", "branch_id"], ["branch.org_id", "branch.id"], name="fk_board_screen_org_id_branch_id"
        ),
        sa.ForeignKeyConstraint(["made_by"], ["app_user.id"], name="fk_board_screen_made_by"),
        sa.UniqueConstraint("token_hash", name="uq_board_screen_token_hash"),
    )
    op.create_index("ix_board_screen_org_id_made_at", "board_screen", ["org_id", "made_at"])
    for statement in (*rls.guard("board_screen"), *rls.grant("board_screen", system="select")):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("board_screen")
