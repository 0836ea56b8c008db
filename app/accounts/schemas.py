"""Structs at the edges of accounts: forms in, rows and cards out."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from app.core.bounds import Input
from app.core.ids import Id

Name = Annotated[str, Meta(min_length=1, max_length=80)]
Line = Annotated[str, Meta(max_length=200)]
Prose = Annotated[str, Meta(max_length=2000)]
Email = Annotated[
    str, Meta(max_length=254, pattern=r"^[^@\s\x00-\x1f\u200b-\u206f]+@[^@\s\x00-\x1f\u200b-\u206f]+\.[^@\s.]+$")
]
Url = Annotated[str, Meta(max_length=500, pattern=r"^https://[^\s\x00-\x1f\"'<>]+$")]
Phone = Annotated[str, Meta(max_length=32)]
Password = Annotated[str, Meta(min_length=1, max_length=256)]
Code = Annotated[str, Meta(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")]
Lang = Literal["en", "ur"]
Theme = Literal["light", "dark", "auto"]
Digits = Literal["latin", "urdu"]


class RegisterForm(Input, frozen=True, kw_only=True):
    email: Email
    password: Password
    name: Name
    phone: Phone | None = None
    lang: Lang | None = None


class SignInForm(Input, frozen=True, kw_only=True):
    email: Annotated[str, Meta(max_length=254)]
    password: Password


class RefreshForm(Input, frozen=True, kw_only=True):
    refresh_token: Annotated[str, Meta(max_length=8192)]


class ForgotForm(Input, frozen=True, kw_only=True):
    email: Annotated[str, Meta(max_length=254)]


class ResetForm(Input, frozen=True, kw_only=True):
    code: Code
    password: Password


class PasswordForm(Input, frozen=True, kw_only=True):
    current: Password
    new: Password


class CloseForm(Input, frozen=True, kw_only=True):
    password: Password


class MePatch(Input, frozen=True, kw_only=True):
    name: Name | UnsetType = UNSET
    phone: Phone | UnsetType | None = UNSET
    lang: Lang | UnsetType | None = UNSET
    theme: Theme | UnsetType | None = UNSET
    digits: Digits | UnsetType | None = UNSET


class ProfilePatch(Input, frozen=True, kw_only=True):
    about: Prose | UnsetType = UNSET
    avatar_url: Annotated[str, Meta(max_length=500, pattern=r"^https://[^\s\x00-\x1f\"'<>]+$")] | UnsetType | None = (
        UNSET
    )


class ProfileCard(Struct, frozen=True):
    avatar_url: str | None
    about: str
    rating: Decimal | None
    email_verified: bool
    phone_verified: bool
    identity_verified: bool


class PersonCard(Struct, frozen=True):
    """A person as they see themselves."""

    id: Id
    email: str
    name: str
    phone: str | None
    lang: str | None
    theme: str | None
    digits: str | None
    created_at: datetime
    last_login_at: datetime | None


class SessionRow(Struct, frozen=True):
    id: Id
    kind: str
    agent: str
    network: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool


class TokenPair(Struct, frozen=True):
    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = "Bearer"  # noqa: S105 - a scheme, not a secret


class SignedIn(Struct, frozen=True):
    """`token` is the browser's opaque session id; it exists only here and in the cookie."""

    person_id: Id
    org_id: Id
    session_id: Id
    token: str
