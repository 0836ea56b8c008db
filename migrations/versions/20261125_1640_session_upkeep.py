"""Sessions are found by the device they began on, and the system may delete those long over."""

from alembic import op

revision = "0006_session_upkeep"
down_revision = "0005_leads"


def upgrade() -> None:
    op.create_index("ix_session_user_id_device", "session", ["user_id", "device"])
    op.execute("grant delete on session to desk_system")


def downgrade() -> None:
    op.execute("revoke delete on session from desk_system")
    op.drop_index("ix_session_user_id_device", table_name="session")
