"""Leads: buyers, leads, their timelines, canned replies, saved views."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from app.core import rls

revision = "0005_leads"
down_revision = "0004_listings"

_TIME = sa.DateTime(timezone=True)
_OPEN = "status in ('new', 'contacted', 'qualified', 'test_drive', 'negotiating')"
_ACTIVE = f"{_OPEN} and archived_at is null and merged_into_id is null"
_TABLES = ("contact", "lead", "lead_event", "reply_template", "lead_view")


def upgrade() -> None:
    _contacts()
    _leads()
    _events()
    _kept()
    for table in _TABLES:
        for statement in (*rls.guard(table), *rls.grant(table, system="select")):
            op.execute(statement)


def _contacts() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary()),
        sa.Column("phone_index", sa.LargeBinary()),
        sa.Column("device_index", sa.LargeBinary()),
        sa.Column("name_sealed", sa.LargeBinary()),
        sa.Column("email_sealed", sa.LargeBinary()),
        sa.Column("search", sa.ARRAY(sa.BigInteger()), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("lang", sa.Text(), nullable=False, server_default="en"),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_contact_org_id"),
        sa.UniqueConstraint("org_id", "id", name="uq_contact_org_id_id"),
        sa.UniqueConstraint("org_id", "phone_index", name="uq_contact_org_id_phone_index"),
        sa.UniqueConstraint("org_id", "device_index", name="uq_contact_org_id_device_index"),
    )
    op.create_index("ix_contact_search", "contact", ["search"], postgresql_using="gin")


def _leads() -> None:
    op.create_table(
        "lead",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("branch_id", sa.Uuid()),
        sa.Column("listing_id", sa.Uuid()),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False, server_default="new"),
        sa.Column("lost_reason", sa.Text()),
        sa.Column("assignee_id", sa.Uuid()),
        sa.Column("price_at_open", sa.BigInteger()),
        sa.Column("excerpt_sealed", sa.LargeBinary()),
        sa.Column("excerpt_ours", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("enquiries", sa.BigInteger(), nullable=False, server_default=sa.text("1")),
        sa.Column("opened_at", _TIME, nullable=False),
        sa.Column("arrived_at", _TIME, nullable=False),
        sa.Column("handled_at", _TIME),
        sa.Column("first_replied_at", _TIME),
        sa.Column("closed_at", _TIME),
        sa.Column("due_at", _TIME),
        sa.Column("breached_at", _TIME),
        sa.Column("snoozed_until", _TIME),
        sa.Column("archived_at", _TIME),
        sa.Column("merged_into_id", sa.Uuid()),
        sa.Column("merged_at", _TIME),
        sa.Column("version", sa.BigInteger(), nullable=False, server_default=sa.text("1")),
        sa.PrimaryKeyConstraint("id", name="pk_lead"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_lead_org_id"),
        sa.ForeignKeyConstraint(
            ["org_id", "branch_id"], ["branch.org_id", "branch.id"], name="fk_lead_org_id_branch_id"
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "contact_id"], ["contact.org_id", "contact.id"], name="fk_lead_org_id_contact_id"
        ),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name="fk_lead_listing_id"),
        sa.ForeignKeyConstraint(["assignee_id"], ["app_user.id"], name="fk_lead_assignee_id"),
        sa.UniqueConstraint("org_id", "id", name="uq_lead_org_id_id"),
        sa.UniqueConstraint("org_id", "ref", name="uq_lead_org_id_ref"),
    )
    op.create_foreign_key(
        "fk_lead_org_id_merged_into_id", "lead", "lead", ["org_id", "merged_into_id"], ["org_id", "id"]
    )
    op.create_index(
        "uq_lead_open", "lead", ["org_id", "contact_id", "listing_id"], unique=True,
        postgresql_where=sa.text(f"{_OPEN} and merged_into_id is null and listing_id is not null"),
    )  # fmt: skip
    op.create_index(
        "ix_lead_inbox", "lead", ["org_id", "branch_id", "arrived_at", "id"], postgresql_where=sa.text(_ACTIVE)
    )
    op.create_index("ix_lead_all", "lead", ["org_id", "arrived_at", "id"])
    op.create_index("ix_lead_contact", "lead", ["org_id", "contact_id"])
    op.create_index(
        "ix_lead_merged", "lead", ["merged_into_id"], postgresql_where=sa.text("merged_into_id is not null")
    )
    op.create_index("ix_lead_snoozed", "lead", ["snoozed_until"], postgresql_where=sa.text("snoozed_until is not null"))


def _events() -> None:
    op.create_table(
        "lead_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("body_sealed", sa.LargeBinary()),
        sa.Column("data", pg.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")),
        sa.Column("channel", sa.Text()),
        sa.Column("delivery", sa.Text()),
        sa.Column("delivered_at", _TIME),
        sa.Column("batch_id", sa.Uuid()),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lead_event"),
        sa.ForeignKeyConstraint(["org_id", "lead_id"], ["lead.org_id", "lead.id"], name="fk_lead_event_org_id_lead_id"),
        sa.ForeignKeyConstraint(["actor_id"], ["app_user.id"], name="fk_lead_event_actor_id"),
        sa.ForeignKeyConstraint(["subject_id"], ["app_user.id"], name="fk_lead_event_subject_id"),
    )
    op.create_index("ix_lead_event_lead_id_at_id", "lead_event", ["lead_id", "at", "id"])
    op.create_index(
        "ix_lead_event_batch", "lead_event", ["org_id", "batch_id"], postgresql_where=sa.text("batch_id is not null")
    )


def _kept() -> None:
    op.create_table(
        "reply_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        *(sa.Column(f"body_{name}", sa.Text(), nullable=False, server_default="") for name in ("en", "ur", "roman")),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False, server_default=sa.text("1")),
        sa.PrimaryKeyConstraint("id", name="pk_reply_template"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_reply_template_org_id"),
        sa.UniqueConstraint("org_id", "key", name="uq_reply_template_org_id_key"),
    )
    op.create_table(
        "lead_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("filters", pg.JSONB(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lead_view"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_lead_view_org_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name="fk_lead_view_owner_id"),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name="fk_lead_view_created_by"),
    )
    op.create_index("ix_lead_view_org_id_owner_id", "lead_view", ["org_id", "owner_id"])


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
