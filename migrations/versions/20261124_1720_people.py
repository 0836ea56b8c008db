"""People: orgs, branches, users, memberships, invitations, sessions, refresh tokens, password resets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from app.core import rls

revision = "0002_people"
down_revision = "0001_spine"

_TIME = sa.DateTime(timezone=True)
_OPEN = sa.text("ended_at is null")


def upgrade() -> None:
    _orgs()
    _people()
    _sign_in()
    for statement in _protection():
        op.execute(statement)


def _orgs() -> None:
    op.create_table(
        "org",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False, server_default="active"),
        sa.Column("settings", pg.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_org"),
        sa.UniqueConstraint("slug", name="uq_org_slug"),
    )
    op.create_table(
        "branch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False, server_default=""),
        sa.Column("phone", sa.Text()),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("archived_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_branch"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_branch_org_id"),
        sa.UniqueConstraint("org_id", "id", name="uq_branch_org_id_id"),
        sa.UniqueConstraint("org_id", "slug", name="uq_branch_org_id_slug"),
    )


def _people() -> None:
    op.create_table(
        "app_user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("home_org_id", sa.Uuid(), nullable=False),
        sa.Column("default_org_id", sa.Uuid(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary()),
        sa.Column("phone_index", sa.LargeBinary()),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("password_hash", sa.Text()),
        sa.Column("status", sa.Text(), nullable=False, server_default="active"),
        sa.Column("lang", sa.Text()),
        sa.Column("theme", sa.Text()),
        sa.Column("digits", sa.Text()),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_login_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_app_user"),
        sa.ForeignKeyConstraint(["home_org_id"], ["org.id"], name="fk_app_user_home_org_id"),
        sa.ForeignKeyConstraint(["default_org_id"], ["org.id"], name="fk_app_user_default_org_id"),
        sa.UniqueConstraint("email_index", name="uq_app_user_email_index"),
    )
    op.create_index("ix_app_user_phone_index", "app_user", ["phone_index"])
    op.create_table(
        "profile",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("avatar_url", sa.Text()),
        sa.Column("about", sa.Text(), nullable=False, server_default=""),
        sa.Column("rating", sa.Numeric(3, 2)),
        sa.Column("email_verified", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("phone_verified", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("identity_verified", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.PrimaryKeyConstraint("user_id", name="pk_profile"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name="fk_profile_user_id", ondelete="cascade"),
    )
    op.create_table(
        "membership",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("branch_id", sa.Uuid()),
        sa.Column("status", sa.Text(), nullable=False, server_default="active"),
        sa.Column("search", sa.ARRAY(sa.BigInteger()), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("joined_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("org_id", "user_id", name="pk_membership"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_membership_org_id"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name="fk_membership_user_id"),
        sa.ForeignKeyConstraint(
            ["org_id", "branch_id"], ["branch.org_id", "branch.id"], name="fk_membership_org_id_branch_id"
        ),
    )
    op.create_index("ix_membership_user_id", "membership", ["user_id"])
    op.create_index("ix_membership_search", "membership", ["search"], postgresql_using="gin")
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("branch_id", sa.Uuid()),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("accepted_at", _TIME),
        sa.Column("revoked_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_invitation_org_id"),
        sa.ForeignKeyConstraint(
            ["org_id", "branch_id"], ["branch.org_id", "branch.id"], name="fk_invitation_org_id_branch_id"
        ),
        sa.ForeignKeyConstraint(["invited_by"], ["app_user.id"], name="fk_invitation_invited_by"),
        sa.UniqueConstraint("token_hash", name="uq_invitation_token_hash"),
    )
    op.create_index(
        "uq_invitation_open",
        "invitation",
        ["org_id", "email_index"],
        unique=True,
        postgresql_where=sa.text("accepted_at is null and revoked_at is null"),
    )


def _sign_in() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary()),
        sa.Column("previous_hash", sa.LargeBinary()),
        sa.Column("previous_until", _TIME),
        sa.Column("rotate", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_seen_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME),
        sa.Column("end_reason", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name="fk_session_org_id"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name="fk_session_user_id"),
        sa.UniqueConstraint("token_hash", name="uq_session_token_hash"),
    )
    op.create_index("ix_session_previous_hash", "session", ["previous_hash"])
    op.create_index("ix_session_open", "session", ["user_id"], postgresql_where=_OPEN)
    op.create_index("ix_session_org_open", "session", ["org_id", "user_id"], postgresql_where=_OPEN)
    op.create_table(
        "refresh_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("child_sealed", sa.LargeBinary()),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("used_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_refresh_token"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_refresh_token_session_id"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name="fk_refresh_token_user_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["refresh_token.id"], name="fk_refresh_token_parent_id"),
        sa.UniqueConstraint("token_hash", name="uq_refresh_token_token_hash"),
        sa.UniqueConstraint("parent_id", name="uq_refresh_token_parent_id"),
    )
    op.create_index("ix_refresh_token_session_id", "refresh_token", ["session_id"])
    op.create_table(
        "password_reset",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("used_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_password_reset"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name="fk_password_reset_user_id"),
        sa.UniqueConstraint("token_hash", name="uq_password_reset_token_hash"),
    )
    op.create_index("ix_password_reset_user_id", "password_reset", ["user_id"])


def _member(user_id: str) -> str:
    """The person themselves, or a member of the org the transaction acts in."""
    return (
        f"{user_id} = {rls.PERSON} or exists (select from membership m where m.user_id = {user_id} "
        f"and m.org_id = {rls.ORG} and m.status <> 'removed')"
    )


def _protection() -> list[str]:
    own = f"user_id = {rls.PERSON}"
    return [
        *rls.guard("org", owner="id"),
        *rls.guard("branch"),
        *rls.guard("membership"),
        *rls.guard("invitation"),
        *rls.guard("session", sees=own, writes=own),
        *rls.policy("app_user", sees=_member("app_user.id"), writes=f"id = {rls.PERSON}"),
        *rls.policy("profile", sees=_member("profile.user_id"), writes=f"user_id = {rls.PERSON}"),
        *rls.policy("refresh_token", sees=own, writes=own),
        *rls.policy("password_reset", sees=own, writes=own),
        *rls.grant("org", app="select, insert, update", system="select"),
        *rls.grant("branch", app="select, insert, update", system="select"),
        *rls.grant("membership", app="select, insert, update", system="select"),
        *rls.grant("invitation", app="select, insert, update", system="select"),
        *rls.grant("session", app="select, insert, update", system="select, update"),
        *rls.grant("app_user", app="select, insert, update", system="select"),
        *rls.grant("profile", app="select, insert, update", system="select"),
        *rls.grant("refresh_token", app="select, insert, update", system="select, delete"),
        *rls.grant("password_reset", app="select, insert, update", system="select, delete"),
    ]


def downgrade() -> None:
    for table in ("app_user", "profile"):
        op.execute(f"drop policy org on {table}")
    for table in ("password_reset", "refresh_token", "session", "invitation", "membership", "profile"):
        op.drop_table(table)
    for table in ("app_user", "branch", "org"):
        op.drop_table(table)
