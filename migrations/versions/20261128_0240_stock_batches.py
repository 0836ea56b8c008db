"""States with reasons, what a car was sold for, and changes of many cars that can be seen before and taken back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from app.core import rls

revision = "0017_stock_batches"
down_revision = "0013_media"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("listing", sa.Column("status_reason", sa.Text()))
    op.add_column("listing", sa.Column("sold_price", sa.BigInteger()))
    op.create_check_constraint("ck_listing_sold_price", "listing", "sold_price > 0")
    op.create_table(
        "stock_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("action", pg.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("applied_at", _TIME),
        sa.Column("undone_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_stock_batch"),
        sa.UniqueConstraint("org_id", "id", name="uq_stock_batch_org_id_id"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_stock_batch_org_id"),
        sa.ForeignKeyConstraint(["made_by"], ["app_user.id"], name="fk_stock_batch_made_by"),
        sa.CheckConstraint("state in ('shown', 'applied', 'undone')", name="ck_stock_batch_state"),
    )
    op.create_table(
        "stock_batch_car",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("before", pg.JSONB(), nullable=False),
        sa.Column("after", pg.JSONB(), nullable=False),
        sa.Column("skipped", sa.Text()),
        sa.PrimaryKeyConstraint("batch_id", "place", name="pk_stock_batch_car"),
        sa.ForeignKeyConstraint(
            ["org_id", "batch_id"],
            ["stock_batch.org_id", "stock_batch.id"],
            name="fk_stock_batch_car_org_id_batch_id",
            ondelete="cascade",
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "listing_id"],
            ["listing.org_id", "listing.id"],
            name="fk_stock_batch_car_org_id_listing_id",
            ondelete="cascade",
        ),
    )
    for table in ("stock_batch", "stock_batch_car"):
        for statement in (*rls.guard(table), *rls.grant(table)):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("stock_batch_car")
    op.drop_table("stock_batch")
    op.drop_constraint("ck_listing_sold_price", "listing")
    op.drop_column("listing", "sold_price")
    op.drop_column("listing", "status_reason")
