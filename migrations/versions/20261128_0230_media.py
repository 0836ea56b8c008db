"""Pictures of listings; a listing keeps how much they add to its quality."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from app.core import rls

revision = "0013_media"
down_revision = "0016_cost_sheet"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("listing", sa.Column("photo_score", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    text, number = sa.Text(), sa.BigInteger()
    op.create_table(
        "media",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("kind", text, nullable=False, server_default="image"),
        sa.Column("position", number, nullable=False),
        sa.Column("state", text, nullable=False, server_default="waiting"),
        sa.Column("source", text, nullable=False),
        *(sa.Column(name, text) for name in ("source_key", "source_url", "drawing", "expected", "error")),
        *(sa.Column(name, number) for name in ("width", "height")),
        sa.Column("checksum", text),
        *(sa.Column(name, number) for name in ("looks", "quality")),
        sa.Column("analysis", pg.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")),
        sa.Column("renditions", pg.JSONB(), nullable=False, server_default=sa.text("'[]'::jsonb")),
        sa.Column("created_at", _TIME, nullable=False),
        *(sa.Column(name, _TIME) for name in ("ready_at", "removed_at", "purge_at")),
        sa.PrimaryKeyConstraint("id", name="pk_media"),
        sa.ForeignKeyConstraint(
            ["org_id", "listing_id"],
            ["listing.org_id", "listing.id"],
            name="fk_media_org_id_listing_id",
            ondelete="cascade",
        ),
        sa.UniqueConstraint("source_key", name="uq_media_source_key"),
        sa.CheckConstraint(
            "state in ('waiting', 'ready', 'failed') and source in ('upload', 'url', 'drawing')", name="ck_media_words"
        ),
        sa.CheckConstraint(
            "state <> 'ready' or (width > 0 and height > 0 and checksum is not null)", name="ck_media_seen"
        ),
    )
    here, waiting = sa.text("removed_at is null"), sa.text("state = 'waiting'")
    op.create_index("ix_media_listing_id_position", "media", ["listing_id", "position"], postgresql_where=here)
    op.create_index("ix_media_purge", "media", ["purge_at"], postgresql_where=sa.text("purge_at is not null"))
    op.create_index("ix_media_looks", "media", ["org_id", "looks"], postgresql_where=sa.text("looks is not null"))
    op.create_index("ix_media_drawing", "media", ["org_id", "drawing"], postgresql_where=waiting)
    for statement in _protection():
        op.execute(statement)


def _protection() -> list[str]:
    """Whoever sees a listing sees its pictures: the policy of listings decides, asked through itself."""
    own = f"org_id = {rls.ORG}"
    shown = (
        "state = 'ready' and removed_at is null and exists (select from listing where listing.id = media.listing_id "
        "and listing.deleted_at is null)"
    )
    return [
        *rls.policy("media", sees=f"{own} or ({shown})", writes=own),
        f"create policy own_update on media as restrictive for update using ({own})",
        f"create policy own_delete on media as restrictive for delete using ({own})",
        *rls.grant("media", system="select"),
    ]


def downgrade() -> None:
    op.drop_table("media")
    op.drop_column("listing", "photo_score")
