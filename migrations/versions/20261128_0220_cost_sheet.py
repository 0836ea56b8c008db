"""Cost sheets: what a car has cost its dealer, for those who answer for money."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from app.core import rls

revision = "0016_cost_sheet"
down_revision = "0015_listing_prices"


def upgrade() -> None:
    op.create_table(
        "cost_sheet",
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("lines", pg.JSONB(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("listing_id", name="pk_cost_sheet"),
        sa.ForeignKeyConstraint(
            ["org_id", "listing_id"],
            ["listing.org_id", "listing.id"],
            name="fk_cost_sheet_org_id_listing_id",
            ondelete="cascade",
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["app_user.id"], name="fk_cost_sheet_changed_by"),
        sa.CheckConstraint("total >= 0", name="ck_cost_sheet_total"),
    )
    for statement in (*rls.guard("cost_sheet"), *rls.grant("cost_sheet")):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("cost_sheet")
