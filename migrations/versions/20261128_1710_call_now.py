"""Whom to call now: when so little time is left for an answer, of each deadline and of its lead."""

import sqlalchemy as sa
from alembic import op

revision = "0030_call_now"
down_revision = "0029_followed"

_TIME = sa.DateTime(timezone=True)
_TABLES = ("lead", "lead_clock")


def upgrade() -> None:
    op.add_column("lead_clock", sa.Column("call_at", _TIME))
    op.add_column("lead", sa.Column("call_at", _TIME))
    op.add_column("lead", sa.Column("call_since", _TIME))
    op.create_index("ix_lead_call", "lead", ["call_at"], postgresql_where=sa.text("call_at is not null"))
    _reckon()


def _reckon() -> None:
    """What runs already, by the wall clock: exact where no closing lies in between, and soon answered."""
    for table in _TABLES:
        op.execute(f"alter table {table} no force row level security")
    op.execute(
        "update lead_clock set call_at = greatest(started_at, due_at - interval '15 minutes') "
        "where ended_at is null and due_at is not null"
    )
    op.execute(
        "update lead set call_at = found.call_at from lead_clock found where found.lead_id = lead.id "
        "and found.ended_at is null and found.kind = lead.due_kind and found.kind <> 'resolution' "
        "and lead.due_at is not null and lead.paused_for is null"
    )
    for table in _TABLES:
        op.execute(f"alter table {table} force row level security")


def downgrade() -> None:
    op.drop_index("ix_lead_call", "lead")
    op.drop_column("lead", "call_since")
    op.drop_column("lead", "call_at")
    op.drop_column("lead_clock", "call_at")
