"""Service levels: hours, special days, policies; deadlines of leads and their pauses."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from app.core import rls

revision = "0008_deadlines"
down_revision = "0007_branch_whatsapp"

_TIME = sa.DateTime(timezone=True)
_TABLES = ("business_hours", "special_days", "sla_policy", "lead_clock", "lead_pause")


def upgrade() -> None:
    _hours()
    _policies()
    _lead_columns()
    _clocks()
    for table in _TABLES:
        for statement in (*rls.guard(table), *rls.grant(table, system="select")):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    op.drop_index("ix_lead_alarm", "lead")
    for column in _lead():
        op.drop_column("lead", column.name)


def _hours() -> None:
    op.create_table(
        "business_hours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid()),
        sa.Column("week", pg.JSONB(), nullable=False),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False, server_default=sa.text("1")),
        sa.PrimaryKeyConstraint("id", name="pk_business_hours"),
        *_of_branch("business_hours"),
        sa.UniqueConstraint(
            "org_id", "branch_id", name="uq_business_hours_org_id_branch_id", postgresql_nulls_not_distinct=True
        ),
    )
    op.create_table(
        "special_days",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("week", pg.JSONB()),
        sa.Column("holiday", sa.Text()),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False, server_default=sa.text("1")),
        sa.PrimaryKeyConstraint("id", name="pk_special_days"),
        *_of_branch("special_days"),
    )
    op.create_index("ix_special_days_org_id_first", "special_days", ["org_id", "first"])
    op.create_index(
        "uq_special_days_holiday", "special_days", ["org_id", "branch_id", "holiday"], unique=True,
        postgresql_nulls_not_distinct=True, postgresql_where=sa.text("holiday is not null"),
    )  # fmt: skip


def _of_branch(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return (
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=f"fk_{table}_org_id"),
        sa.ForeignKeyConstraint(
            ["org_id", "branch_id"], ["branch.org_id", "branch.id"], name=f"fk_{table}_org_id_branch_id"
        ),
    )


def _policies() -> None:
    op.create_table(
        "sla_policy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("conditions", pg.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")),
        sa.Column("first_response", sa.BigInteger()),
        sa.Column("next_response", sa.BigInteger()),
        sa.Column("resolution", sa.BigInteger()),
        sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("hours", sa.Text(), nullable=False, server_default="business"),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("removed_at", _TIME),
        sa.Column("version", sa.BigInteger(), nullable=False, server_default=sa.text("1")),
        sa.PrimaryKeyConstraint("id", name="pk_sla_policy"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_sla_policy_org_id"),
    )
    op.create_index("ix_sla_policy_org_id_position", "sla_policy", ["org_id", "position"])


def _lead() -> tuple[sa.Column, ...]:
    return (
        sa.Column("priority", sa.Text(), nullable=False, server_default="normal"),
        sa.Column("due_kind", sa.Text()),
        sa.Column("due_from", _TIME),
        sa.Column("warn_at", _TIME),
        sa.Column("soon_since", _TIME),
        sa.Column("late_since", _TIME),
        sa.Column("alarm_at", _TIME),
        sa.Column("paused_for", sa.Text()),
        sa.Column("paused_until", _TIME),
    )


def _lead_columns() -> None:
    for column in _lead():
        op.add_column("lead", column)
    op.create_index("ix_lead_alarm", "lead", ["alarm_at"], postgresql_where=sa.text("alarm_at is not null"))


def _clocks() -> None:
    op.create_table(
        "lead_clock",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("policy_id", sa.Uuid()),
        sa.Column("policy_name", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.BigInteger(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("target_s", sa.BigInteger(), nullable=False),
        sa.Column("spent_s", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("started_at", _TIME, nullable=False),
        *(sa.Column(name, _TIME) for name in ("due_at", "warn_at", "warned_at", "breached_at", "ended_at")),
        sa.Column("ended_as", sa.Text()),
        sa.Column("ended_by", sa.Uuid()),
        sa.Column("took_s", sa.BigInteger()),
        sa.Column("follows_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("id", name="pk_lead_clock"),
        sa.ForeignKeyConstraint(["org_id", "lead_id"], ["lead.org_id", "lead.id"], name="fk_lead_clock_org_id_lead_id"),
    )
    op.create_index(
        "uq_lead_clock_running", "lead_clock", ["lead_id", "kind"], unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )  # fmt: skip
    op.create_index("ix_lead_clock_lead_id_started_at", "lead_clock", ["lead_id", "started_at"])
    for name in ("ended", "breached"):
        op.create_index(
            f"ix_lead_clock_{name}", "lead_clock", ["org_id", f"{name}_at"],
            postgresql_where=sa.text(f"{name}_at is not null"),
        )  # fmt: skip
    op.create_table(
        "lead_pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("ends_at", _TIME),
        sa.Column("ended_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_lead_pause"),
        sa.ForeignKeyConstraint(["org_id", "lead_id"], ["lead.org_id", "lead.id"], name="fk_lead_pause_org_id_lead_id"),
        sa.ForeignKeyConstraint(["actor_id"], ["app_user.id"], name="fk_lead_pause_actor_id"),
    )
    op.create_index("ix_lead_pause_lead_id", "lead_pause", ["lead_id"])
