"""Reports: what people say is wrong with an advert."""

import sqlalchemy as sa
from alembic import op

from app.core import rls

revision = "0027_report"
down_revision = "0026_counted"


def upgrade() -> None:
    op.create_table(
        "report",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("org_id", "id", "listing_id")),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("lang", sa.Text(), nullable=False, server_default="en"),
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False, server_default="open"),
        sa.Column("suspicion", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_report_org_id"),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name="fk_report_listing_id", ondelete="cascade"),
        sa.UniqueConstraint("listing_id", "reporter", name="uq_report_listing_id_reporter"),
        sa.CheckConstraint("reason in ('sold', 'price', 'fraud', 'wrong', 'stolen', 'twice', 'other')", name="reason"),
        sa.CheckConstraint("status in ('open', 'upheld', 'dismissed', 'spam')", name="status"),
    )
    op.create_index(
        "ix_report_open", "report", ["org_id", "at", "id"], postgresql_where=sa.text("status = 'open'")
    )  # fmt: skip
    for statement in (*rls.guard("report"), *rls.grant("report")):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("report")
