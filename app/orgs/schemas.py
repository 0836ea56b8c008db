"""Structs at the edges of orgs: forms in, rows and cards out."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from app.accounts.schemas import Code, Email, Lang, Line, Name, Password, Phone
from app.core.bounds import Input
from app.core.ids import Id

Slug = Annotated[str, Meta(min_length=2, max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Role = Annotated[str, Meta(max_length=20, pattern=r"^[a-z_]+$")]


class OrgForm(Input, frozen=True, kw_only=True):
    name: Name
    slug: Slug


class OrgPatch(Input, frozen=True, kw_only=True):
    name: Name | UnsetType = UNSET


class BranchForm(Input, frozen=True, kw_only=True):
    name: Name
    slug: Slug
    city: Name
    address: Line = ""
    phone: Phone | None = None
    whatsapp: Phone | None = None


class BranchPatch(Input, frozen=True, kw_only=True):
    name: Name | UnsetType = UNSET
    city: Name | UnsetType = UNSET
    address: Line | UnsetType = UNSET
    phone: Phone | UnsetType | None = UNSET
    whatsapp: Phone | UnsetType | None = UNSET


class UserForm(Input, frozen=True, kw_only=True):
    """A new person made by a manager, member of the manager's org at once."""

    email: Email
    password: Password
    name: Name
    role: Role
    phone: Phone | None = None
    branch_id: Id | None = None


class MemberPatch(Input, frozen=True, kw_only=True):
    role: Role | UnsetType = UNSET
    branch_id: Id | UnsetType | None = UNSET
    status: Literal["active", "disabled"] | UnsetType = UNSET


class InvitationForm(Input, frozen=True, kw_only=True):
    email: Email
    role: Role
    branch_id: Id | None = None
    lang: Lang = "en"


class AcceptForm(Input, frozen=True, kw_only=True):
    """`name` and `password` make a new person where the invited address has no account yet."""

    code: Code
    name: Name | None = None
    password: Password | None = None


class SwitchForm(Input, frozen=True, kw_only=True):
    org_id: Id


class OrgCard(Struct, frozen=True):
    id: Id
    slug: str
    name: str
    kind: str
    status: str
    created_at: datetime


class BranchRow(Struct, frozen=True):
    id: Id
    slug: str
    name: str
    city: str
    address: str
    phone: str | None
    whatsapp: str | None
    members: int
    created_at: datetime
    archived_at: datetime | None


class MemberRow(Struct, frozen=True):
    """`id` is the person's. Onlookers get the masked pair and None for the open one."""

    id: Id
    name: str
    email: str | None
    email_masked: str
    phone: str | None
    phone_masked: str | None
    role: str
    branch_id: Id | None
    branch: str | None
    branch_name: str | None
    status: str
    joined_at: datetime
    last_login_at: datetime | None


class InvitationRow(Struct, frozen=True):
    id: Id
    email: str
    role: str
    branch_id: Id | None
    branch: str | None
    branch_name: str | None
    state: Literal["open", "expired", "accepted", "revoked"]
    created_at: datetime
    expires_at: datetime


class InvitationCard(Struct, frozen=True):
    """What the person who holds the code sees before accepting."""

    id: Id
    org_id: Id
    org_name: str
    email: str
    role: str
    known: bool
    expires_at: datetime


class MembershipRow(Struct, frozen=True):
    """One of my memberships, across orgs."""

    org_id: Id
    org: str
    org_name: str
    org_kind: str
    role: str
    branch_id: Id | None
    branch: str | None
    current: bool


class MeMembership(Struct, frozen=True):
    org: str
    branch: str | None
    role: str


class Me(Struct, frozen=True):
    id: Id
    email: str
    name: str
    phone: str | None
    lang: str | None
    theme: str | None
    digits: str | None
    org: str
    role: str
    memberships: list[MeMembership]
