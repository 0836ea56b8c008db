"""Makes, models and places called otherwise: noticed whatever of the name has changed, and whether stock followed."""

import sqlalchemy as sa
from alembic import op

revision = "0029_followed"
down_revision = "0027_report"

_NAMED = {"make": "vehicle_make", "model": "vehicle_model", "place": "location"}
_IN_ADDRESSES = "old.slug is distinct from new.slug or old.name_ur is distinct from new.name_ur"
_IN_WORDS = f"{_IN_ADDRESSES} or old.name is distinct from new.name or old.aliases is distinct from new.aliases"


def upgrade() -> None:
    op.add_column("former_name", sa.Column("followed_at", sa.DateTime(timezone=True)))
    op.create_index("ix_former_name_unfollowed", "former_name", ["id"], postgresql_where=sa.text("followed_at is null"))
    op.execute("grant update (followed_at) on former_name to desk_system")
    _keep_when(_IN_WORDS)


def downgrade() -> None:
    _keep_when(_IN_ADDRESSES)
    op.drop_column("former_name", "followed_at")


def _keep_when(changed: str) -> None:
    for kind, table in _NAMED.items():
        op.execute(f"drop trigger {table}_keep_name on {table}")
        op.execute(
            f"create trigger {table}_keep_name after update on {table} for each row when ({changed}) "
            f"execute function desk_keep_name('{kind}')"
        )
