"""Tables of orgs: dealers, the platform and every person's own; their branches, members and invitations."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    exists,
    or_,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import AppUser, Profile
from app.core.base import Base, OrgOwned, Scope, visible
from app.core.crypto import Place, unseal
from app.core.ids import Id


class Org(Base):
    """A tenant: a dealership, the platform, or one person. A person's own org has no name; theirs is shown."""

    __tablename__ = "org"
    __table_args__ = (UniqueConstraint("slug"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="active")
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    created_at: Mapped[datetime]


class Branch(OrgOwned, Base):
    """A place where an org sells cars."""

    __tablename__ = "branch"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        UniqueConstraint("org_id", "id"),
        UniqueConstraint("org_id", "slug"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]
    city: Mapped[str]
    address: Mapped[str] = mapped_column(server_default="")
    phone: Mapped[str | None]
    whatsapp: Mapped[str | None]
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class Storefront(Base):
    """What anybody may know of an active org that sells. Outside row-level security; triggers keep it, nobody writes.

    A person's own org has no name here either.
    """

    __tablename__ = "storefront"
    __table_args__ = (UniqueConstraint("slug"),)

    org_id: Mapped[Id] = mapped_column(ForeignKey("org.id", ondelete="cascade"), primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]


class StorefrontBranch(Base):
    """What anybody may know of an open branch; its phone only masked. Kept as `Storefront` is."""

    __tablename__ = "storefront_branch"
    __table_args__ = (Index(None, "org_id"),)

    branch_id: Mapped[Id] = mapped_column(ForeignKey("branch.id", ondelete="cascade"), primary_key=True)
    org_id: Mapped[Id]
    slug: Mapped[str]
    name: Mapped[str]
    city: Mapped[str]
    address: Mapped[str]
    phone_masked: Mapped[str | None]


class Membership(OrgOwned, Base):
    """A person's role in an org, over all branches or in one. `search` holds the org's blind codes of the person."""

    __tablename__ = "membership"
    __table_args__ = (
        PrimaryKeyConstraint("org_id", "user_id"),
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        ForeignKeyConstraint(["user_id"], ["app_user.id"]),
        ForeignKeyConstraint(["org_id", "branch_id"], ["branch.org_id", "branch.id"]),
        Index(None, "user_id"),
        Index("ix_membership_search", "search", postgresql_using="gin"),
    )

    user_id: Mapped[Id]
    role: Mapped[str]
    branch_id: Mapped[Id | None]
    status: Mapped[str] = mapped_column(server_default="active")
    search: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default=text("'{}'"))
    joined_at: Mapped[datetime]


class Invitation(OrgOwned, Base):
    """A mailed offer of a role; accepted once, by whoever holds the code and the address."""

    __tablename__ = "invitation"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["org.id"]),
        ForeignKeyConstraint(["org_id", "branch_id"], ["branch.org_id", "branch.id"]),
        UniqueConstraint("token_hash"),
        Index(
            "uq_invitation_open", "org_id", "email_index", unique=True,
            postgresql_where=text("accepted_at is null and revoked_at is null"),
        ),
    )  # fmt: skip

    id: Mapped[Id] = mapped_column(primary_key=True)
    email_sealed: Mapped[bytes]
    email_index: Mapped[bytes]
    role: Mapped[str]
    branch_id: Mapped[Id | None]
    lang: Mapped[str]
    token_hash: Mapped[bytes]
    invited_by: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    @property
    def email(self) -> str:
        return unseal(self.email_sealed, invitation_place(self.org_id, self.id))


def invitation_place(org_id: Id, invitation_id: Id) -> Place:
    return Place("invitation", "email", org_id, invitation_id)


@visible(Org)
def _orgs(scope: Scope) -> ColumnElement[bool]:
    return Org.id == scope.org_id


_SEEN = Membership.__table__.alias("seen_by").c


def _member_of(scope: Scope, user_id: Any) -> ColumnElement[bool]:
    here = exists().where(_SEEN.user_id == user_id, _SEEN.org_id == scope.org_id, _SEEN.status != "removed")
    return or_(user_id == scope.person_id, here)


@visible(AppUser)
def _people(scope: Scope) -> ColumnElement[bool]:
    """Yourself and the members of the org you act in. The policy of the table says the same."""
    return _member_of(scope, AppUser.id)


@visible(Profile)
def _profiles(scope: Scope) -> ColumnElement[bool]:
    return _member_of(scope, Profile.user_id)
