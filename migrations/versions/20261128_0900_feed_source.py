"""Sheets that are pulled from an address by themselves."""

import sqlalchemy as sa
from alembic import op

from app.core import rls

revision = "0022_feed_source"
down_revision = "0021_outlets"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "feed_source",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("org_id", "id", "created_by")),
        *(sa.Column(name, sa.Uuid()) for name in ("branch_id", "file_id", "run_id")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "url")),
        *(sa.Column(name, sa.Text()) for name in ("auth_user", "outcome", "why", "etag", "last_modified")),
        sa.Column("auth", sa.Text(), nullable=False, server_default="none"),
        sa.Column("state", sa.Text(), nullable=False, server_default="active"),
        *(sa.Column(name, sa.LargeBinary()) for name in ("secret_sealed", "digest")),
        sa.Column("publish", sa.Boolean(), nullable=False, server_default=sa.text("true")),
        sa.Column("full_stock", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("unlist_after", sa.BigInteger(), nullable=False, server_default=sa.text("2")),
        sa.Column("every_hours", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        *(sa.Column(name, _TIME) for name in ("next_at", "asked_at", "fetched_at")),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feed_source"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_feed_source_org_id"),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name="fk_feed_source_created_by"),
        *(
            sa.ForeignKeyConstraint(
                ["org_id", column], [f"{table}.org_id", f"{table}.id"], name=f"fk_feed_source_org_id_{column}"
            )
            for column, table in (("branch_id", "branch"), ("file_id", "feed_file"), ("run_id", "feed_run"))
        ),
        sa.UniqueConstraint("org_id", "id", name="uq_feed_source_org_id_id"),
        sa.CheckConstraint(
            "state in ('active', 'paused', 'waiting') and auth in ('none', 'basic', 'bearer') "
            "and every_hours between 1 and 168",
            name="words",
        ),
    )
    op.create_index("ix_feed_source_due", "feed_source", ["next_at"], postgresql_where=sa.text("state = 'active'"))
    for statement in (*rls.guard("feed_source"), *rls.grant("feed_source", system="select")):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("feed_source")
