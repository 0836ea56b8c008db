"""Saved views of stock, pairs of cars that are not the same, and cars that were put up afresh."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from app.core import rls

revision = "0018_stock_views"
down_revision = "0020_feeds"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "stock_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("filters", pg.JSONB(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stock_view"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_stock_view_org_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name="fk_stock_view_owner_id"),
        sa.ForeignKeyConstraint(["made_by"], ["app_user.id"], name="fk_stock_view_made_by"),
    )
    op.create_index("ix_stock_view_org_id_owner_id", "stock_view", ["org_id", "owner_id"])
    op.create_table(
        "listing_pair",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("parted_by", sa.Uuid(), nullable=False),
        sa.Column("parted_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("first_id", "second_id", name="pk_listing_pair"),
        sa.ForeignKeyConstraint(
            ["org_id", "first_id"], ["listing.org_id", "listing.id"], name="fk_listing_pair_first", ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "second_id"], ["listing.org_id", "listing.id"], name="fk_listing_pair_second", ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(["parted_by"], ["app_user.id"], name="fk_listing_pair_parted_by"),
        sa.CheckConstraint("first_id < second_id", name="ck_listing_pair_order"),
    )
    op.create_index("ix_listing_org_id_model_id_year", "listing", ["org_id", "model_id", "year"])
    for table in ("stock_view", "listing_pair"):
        for statement in (*rls.guard(table), *rls.grant(table)):
            op.execute(statement)
    op.alter_column("listing_search", "published_at", new_column_name="fresh_at")
    # What is there already: rows outside row-level security, listings behind it.
    op.execute("alter table listing no force row level security")
    op.execute(
        "update listing_search s set fresh_at = l.refreshed_at from listing l "
        "where l.id = s.id and l.refreshed_at is not null and l.refreshed_at > s.fresh_at"
    )
    op.execute("alter table listing force row level security")


def downgrade() -> None:
    op.alter_column("listing_search", "fresh_at", new_column_name="published_at")
    op.drop_index("ix_listing_org_id_model_id_year", "listing")
    op.drop_table("listing_pair")
    op.drop_table("stock_view")
