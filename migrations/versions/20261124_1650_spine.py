"""The spine: feeds, events, audit records, jobs, ticks, idempotency keys."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from app.core import rls

revision = "0001_spine"
down_revision = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "feed",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("audit_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", name="pk_feed"),
    )
    op.create_table(
        "event",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("payload", pg.JSONB(), nullable=False),
        sa.Column("branch_id", sa.Uuid()),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("request_id", sa.Text()),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("org_id", "seq", name="pk_event"),
    )
    op.create_index("ix_event_at", "event", ["at"], postgresql_using="brin")
    op.create_table(
        "audit_record",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("diff", pg.JSONB(), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("request_id", sa.Text()),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "seq", name="pk_audit_record"),
    )
    op.create_index(
        "ix_audit_record_org_id_entity_entity_id_seq", "audit_record", ["org_id", "entity", "entity_id", "seq"]
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("args", pg.JSONB(), nullable=False),
        sa.Column("event_seq", sa.BigInteger()),
        sa.Column("run_at", _TIME, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("attempt", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("failures", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("lease_token", sa.Uuid()),
        sa.Column("lease_until", _TIME),
        sa.Column("last_error", sa.Text()),
        sa.Column("trace", sa.Text()),
        sa.Column("done_at", _TIME),
        sa.Column("dead_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.UniqueConstraint("org_id", "event_seq", "kind", name="uq_job_org_id_event_seq_kind"),
    )
    op.create_index("ix_job_open", "job", ["run_at"], postgresql_where=sa.text("done_at is null and dead_at is null"))
    op.create_index("ix_job_dead", "job", ["dead_at"], postgresql_where=sa.text("dead_at is not null"))
    op.create_table(
        "tick",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("taken_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", "at", name="pk_tick"),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("response", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False, server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("org_id", "key", name="pk_idempotency_key"),
    )
    op.create_index("ix_idempotency_key_created_at", "idempotency_key", ["created_at"])
    _protect()


def _protect() -> None:
    statements = [rls.REFUSE_CHANGE, *rls.append_only("audit_record")]
    for table in ("feed", "event", "audit_record", "job", "idempotency_key"):
        statements += rls.guard(table)
    statements += rls.grant("feed", app="select, insert, update", system="select, insert, update")
    statements += rls.grant("event", app="select, insert", system="select, insert, delete")
    statements += rls.grant("audit_record", app="select, insert", system="select, insert")
    statements += rls.grant("job", system="select, insert, update, delete")
    statements += rls.grant("tick", app="", system="select, insert, update, delete")
    statements += rls.grant("idempotency_key", system="select, insert, delete")
    statements.append("grant select on alembic_version to desk_app, desk_system")
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    for table in ("idempotency_key", "tick", "job", "audit_record", "event", "feed"):
        op.drop_table(table)
    op.execute("drop function desk_refuse_change()")
