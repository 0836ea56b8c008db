"""Tables of people: who they are, how they sign in, where they are signed in."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, ForeignKey, Index, Numeric, UniqueConstraint, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, Scope, visible
from app.core.crypto import Place, seal, unseal
from app.core.ids import Id


class AppUser(Base):
    """A person. What tells who they are is sealed; `email_index` finds them at sign-in.

    Who sees whom is declared beside membership, in `app.orgs.models`.
    """

    __tablename__ = "app_user"
    __table_args__ = (UniqueConstraint("email_index"), Index(None, "phone_index"))

    id: Mapped[Id] = mapped_column(primary_key=True)
    home_org_id: Mapped[Id] = mapped_column(ForeignKey("org.id"))
    default_org_id: Mapped[Id] = mapped_column(ForeignKey("org.id"))
    email_sealed: Mapped[bytes]
    email_index: Mapped[bytes]
    phone_sealed: Mapped[bytes | None]
    phone_index: Mapped[bytes | None]
    name_sealed: Mapped[bytes]
    password_hash: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default="active")
    lang: Mapped[str | None]
    theme: Mapped[str | None]
    digits: Mapped[str | None]
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]

    @property
    def email(self) -> str:
        return unseal(self.email_sealed, place("email", self.id))

    @property
    def name(self) -> str:
        return unseal(self.name_sealed, place("name", self.id))

    @property
    def phone(self) -> str | None:
        return unseal(self.phone_sealed, place("phone", self.id)) if self.phone_sealed else None


def place(column: str, user_id: Id) -> Place:
    return Place("app_user", column, user_id, user_id)


def sealed(column: str, user_id: Id, value: str) -> bytes:
    return seal(value, place(column, user_id))


class Profile(Base):
    """What a person shows of themselves, and what we have checked."""

    __tablename__ = "profile"

    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id", ondelete="cascade"), primary_key=True)
    avatar_url: Mapped[str | None]
    about: Mapped[str] = mapped_column(server_default="")
    rating: Mapped[Decimal | None] = mapped_column(Numeric(3, 2))
    email_verified: Mapped[bool] = mapped_column(server_default=text("false"))
    phone_verified: Mapped[bool] = mapped_column(server_default=text("false"))
    identity_verified: Mapped[bool] = mapped_column(server_default=text("false"))


class UserSession(Base):
    """One place where a person is signed in, acting in one org. The secret itself is only ever with its holder."""

    __tablename__ = "session"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index(None, "previous_hash"),
        Index(None, "user_id", "device"),
        Index("ix_session_open", "user_id", postgresql_where=text("ended_at is null")),
        Index("ix_session_org_open", "org_id", "user_id", postgresql_where=text("ended_at is null")),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    org_id: Mapped[Id] = mapped_column(ForeignKey("org.id"))
    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    kind: Mapped[str]
    token_hash: Mapped[bytes | None]
    previous_hash: Mapped[bytes | None]
    previous_until: Mapped[datetime | None]
    rotate: Mapped[bool] = mapped_column(server_default=text("false"))
    device: Mapped[str]
    agent: Mapped[str]
    network: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class RefreshToken(Base):
    """One link of a session's chain of refresh tokens; used once, then its child is the only way on."""

    __tablename__ = "refresh_token"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "session_id"), UniqueConstraint("parent_id"))

    id: Mapped[Id] = mapped_column(primary_key=True)
    session_id: Mapped[Id] = mapped_column(ForeignKey("session.id"))
    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    parent_id: Mapped[Id | None] = mapped_column(ForeignKey("refresh_token.id"))
    token_hash: Mapped[bytes]
    device: Mapped[str]
    child_sealed: Mapped[bytes | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PasswordReset(Base):
    """One mailed permission to set a new password; used once."""

    __tablename__ = "password_reset"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "user_id"))

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    token_hash: Mapped[bytes]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


@visible(UserSession)
def _sessions(scope: Scope) -> ColumnElement[bool]:
    return or_(UserSession.user_id == scope.person_id, UserSession.org_id == scope.org_id)


@visible(RefreshToken)
def _refresh_tokens(scope: Scope) -> ColumnElement[bool]:
    return RefreshToken.user_id == scope.person_id


@visible(PasswordReset)
def _password_resets(scope: Scope) -> ColumnElement[bool]:
    return PasswordReset.user_id == scope.person_id
