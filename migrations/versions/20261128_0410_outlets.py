"""Cars that leave by feeds: the opt-in of each, and the outlets that fetch them."""

import sqlalchemy as sa
from alembic import op

from app.core import rls

revision = "0021_outlets"
down_revision = "0019_categories"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("listing", sa.Column("in_feeds", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.create_index(
        "ix_listing_in_feeds", "listing", ["org_id", "id"], postgresql_where=sa.text("in_feeds and deleted_at is null")
    )
    op.create_table(
        "outlet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("renewed_at", _TIME, nullable=False),
        sa.Column("fetched_at", _TIME),
        sa.Column("fetched_cars", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_outlet"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_outlet_org_id"),
        sa.ForeignKeyConstraint(
            ["org_id", "branch_id"], ["branch.org_id", "branch.id"], name="fk_outlet_org_id_branch_id"
        ),
        sa.ForeignKeyConstraint(["made_by"], ["app_user.id"], name="fk_outlet_made_by"),
        sa.UniqueConstraint("token_hash", name="uq_outlet_token_hash"),
        sa.CheckConstraint("kind in ('meta_csv', 'csv', 'json', 'xml')", name="ck_outlet_kind"),
    )
    op.create_index("ix_outlet_org_id_id", "outlet", ["org_id", "id"])
    for statement in (*rls.guard("outlet"), *rls.grant("outlet", system="select")):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("outlet")
    op.drop_index("ix_listing_in_feeds", "listing")
    op.drop_column("listing", "in_feeds")
