"""Stock imports: files, mappings, learned words, runs with what they met and changed, and where cars came from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from app.core import rls

revision = "0020_feeds"
down_revision = "0017_stock_batches"

_TIME = sa.DateTime(timezone=True)
_TABLES = (
    "feed_file", "feed_mapping", "feed_word", "feed_run", "feed_seen", "feed_reject", "feed_change", "listing_source",
)  # fmt: skip


def upgrade() -> None:
    _files()
    _runs()
    _rows()
    for table in _TABLES:
        system = "select, update" if table == "feed_run" else "select"
        for statement in (*rls.guard(table), *rls.grant(table, system=system)):
            op.execute(statement)


def _files() -> None:
    op.create_table(
        "feed_file",
        *_ids("id"),
        *_texts("name", "key"),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        *_texts("encoding", "separator", "tab", null=True),
        sa.Column("shape", pg.JSONB(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("total", sa.BigInteger()),
        sa.Column("uploaded_by", sa.Uuid()),
        sa.Column("uploaded_at", _TIME, nullable=False),
        *_owned("feed_file"),
    )
    op.create_index("ix_feed_file_org_id_uploaded_at_id", "feed_file", ["org_id", "uploaded_at", "id"])
    op.create_table(
        "feed_mapping",
        *_ids("id"),
        *_texts("name"),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        _json("columns", "{}"),
        _json("options", "{}"),
        sa.Column("saved_by", sa.Uuid()),
        sa.Column("saved_at", _TIME, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False, server_default=sa.text("1")),
        *_owned("feed_mapping"),
        sa.UniqueConstraint("org_id", "signature", name="uq_feed_mapping_org_id_signature"),
    )
    op.create_table(
        "feed_word",
        *_ids(),
        *_texts("field", "said", "meant"),
        sa.Column("saved_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("org_id", "field", "said", name="pk_feed_word"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_feed_word_org_id"),
    )


def _runs() -> None:
    op.create_table(
        "feed_run",
        *_ids("id", "file_id"),
        sa.Column("mapping_id", sa.Uuid()),
        sa.Column("branch_id", sa.Uuid()),
        sa.Column("within", sa.Uuid()),
        sa.Column("columns", pg.JSONB(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("publish", sa.Boolean(), nullable=False, server_default=sa.text("true")),
        sa.Column("full_stock", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        _count("unlist_after", 2),
        sa.Column("state", sa.Text(), nullable=False, server_default="waiting"),
        sa.Column("stage", sa.Text(), nullable=False, server_default="write"),
        sa.Column("approved_by", sa.Uuid()),
        sa.Column("why", sa.Text()),
        sa.Column("total", sa.BigInteger()),
        *(
            _count(name)
            for name in (
                "checkpoint", "read", "created", "updated", "unchanged", "skipped", "rejected", "doubted", "repriced",
                "missing", "unlisted", "restored",
            )
        ),
        _json("conflicts", "[]"),
        _json("unknown", "[]"),
        sa.Column("started_by", sa.Uuid()),
        sa.Column("created_at", _TIME, nullable=False),
        *(sa.Column(name, _TIME) for name in ("started_at", "advanced_at", "finished_at", "undone_at")),
        *_owned("feed_run"),
        sa.ForeignKeyConstraint(
            ["org_id", "file_id"], ["feed_file.org_id", "feed_file.id"], name="fk_feed_run_org_id_file_id"
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "branch_id"], ["branch.org_id", "branch.id"], name="fk_feed_run_org_id_branch_id"
        ),
        sa.CheckConstraint(
            "state in ('waiting', 'running', 'held', 'done', 'failed', 'stopped', 'undoing', 'undone') "
            "and stage in ('check', 'write', 'sweep')",
            name="words",
        ),
    )  # fmt: skip
    op.create_index("ix_feed_run_org_id_created_at_id", "feed_run", ["org_id", "created_at", "id"])
    op.create_index(
        "uq_feed_run_one_at_a_time", "feed_run", ["org_id"], unique=True, postgresql_where=sa.text("state = 'running'")
    )


def _rows() -> None:
    op.create_table(
        "feed_seen",
        *_ids("run_id"),
        *_texts("stage", "key"),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "stage", "key", name="pk_feed_seen"),
    )
    op.create_table(
        "feed_reject",
        *_ids("run_id"),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("cells", pg.JSONB(), nullable=False),
        sa.Column("problems", pg.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "number", name="pk_feed_reject"),
        _of_run("feed_reject"),
    )
    op.create_table(
        "feed_change",
        *_ids("run_id", "listing_id"),
        sa.Column("number", sa.BigInteger(), nullable=False),
        *_texts("key"),
        sa.Column("before", pg.JSONB()),
        sa.Column("after", pg.JSONB(), nullable=False),
        sa.Column("source", pg.JSONB()),
        sa.Column("restored", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.PrimaryKeyConstraint("run_id", "listing_id", name="pk_feed_change"),
        _of_run("feed_change"),
    )
    op.create_table(
        "listing_source",
        *_ids("listing_id", "run_id"),
        *_texts("key"),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("facts", pg.JSONB(), nullable=False),
        _count("missed"),
        sa.PrimaryKeyConstraint("org_id", "key", name="pk_listing_source"),
        sa.ForeignKeyConstraint(
            ["org_id", "listing_id"],
            ["listing.org_id", "listing.id"],
            name="fk_listing_source_org_id_listing_id",
            ondelete="cascade",
        ),
    )
    op.create_index("ix_listing_source_listing_id", "listing_source", ["listing_id"])


def _ids(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in ("org_id", *names)]


def _texts(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=null) for name in names]


def _count(name: str, start: int = 0) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False, server_default=sa.text(str(start)))


def _json(name: str, empty: str) -> sa.Column[object]:
    return sa.Column(name, pg.JSONB(), nullable=False, server_default=sa.text(f"'{empty}'::jsonb"))


def _owned(table: str) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=f"fk_{table}_org_id"),
        sa.UniqueConstraint("org_id", "id", name=f"uq_{table}_org_id_id"),
    ]


def _of_run(table: str) -> sa.Constraint:
    return sa.ForeignKeyConstraint(
        ["org_id", "run_id"],
        ["feed_run.org_id", "feed_run.id"],
        name=f"fk_{table}_org_id_run_id",
        ondelete="cascade",
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
