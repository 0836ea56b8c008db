"""The accounts a demo starts with, and the one admin of an empty platform. Running either again changes nothing."""

from app.accounts import queries as accounts
from app.accounts.models import AppUser
from app.accounts.schemas import RegisterForm
from app.accounts.service import new_hash
from app.core import db as database
from app.core import passwords
from app.core.base import Scope
from app.core.errors import Invalid
from app.core.ids import Id
from app.core.settings import Settings, SettingsError
from app.orgs import queries
from app.orgs.schemas import BranchForm, OrgForm
from app.orgs.service.branches import open_branch
from app.orgs.service.members import join
from app.orgs.service.orgs import create_org
from app.orgs.service.people import add_with_home

PASSWORD = "demo-password"  # noqa: S105 - printed by `make run`; production refuses the demo
_LAHORE = BranchForm(
    name="Lahore",
    slug="lahore",
    city="Lahore",
    address="14 Jail Road, Lahore",
    phone="+924235761234",
    whatsapp="+923001234510",
)
_GUJRANWALA = BranchForm(
    name="Gujranwala",
    slug="gujranwala",
    city="Gujranwala",
    address="GT Road, Gujranwala",
    phone="+92553891234",
    whatsapp="+923001234511",
)
_KARACHI = BranchForm(
    name="Karachi",
    slug="karachi",
    city="Karachi",
    address="Khalid Bin Waleed Road, Karachi",
    phone="+922134521234",
    whatsapp="+923331234510",
)
# org slug: (name, branches, people as (address, name, role, branch slug, phone))
_DEALERS = {
    "ravi": (
        "Ravi Motors",
        (_LAHORE, _GUJRANWALA),
        (
            ("owner", "Rashid Mehmood", "owner", None, "+923001234501"),
            ("manager", "Nadia Iqbal", "manager", None, "+923001234502"),
            ("sales1", "Bilal Aslam", "sales", "lahore", "+923001234503"),
            ("sales2", "Sana Tariq", "sales", "lahore", "+923001234504"),
            ("finance", "Imran Qureshi", "finance", None, "+923001234505"),
            ("readonly", "Hira Javed", "readonly", None, "+923001234506"),
        ),
    ),
    "indus": (
        "Indus Autos",
        (_KARACHI,),
        (
            ("owner", "Farhan Memon", "owner", None, "+923331234501"),
            ("manager", "Zainab Shaikh", "manager", None, "+923331234502"),
            ("sales1", "Kashif Baloch", "sales", "karachi", "+923331234503"),
            ("sales2", "Mehwish Ansari", "sales", "karachi", "+923331234504"),
            ("finance", "Adnan Soomro", "finance", None, "+923331234505"),
            ("readonly", "Tooba Rizvi", "readonly", None, "+923331234506"),
        ),
    ),
}
_PLATFORM = (("admin", "Ayesha Siddiqui", "admin"), ("moderator", "Omar Farooq", "moderator"))
_PEOPLE = (("buyer", "Ahsan Raza", "+923451234501"), ("carowner", "Maryam Nawaz", "+923451234502"))


async def seed(settings: Settings) -> str:
    """Orgs, branches and accounts of the demo, where DESK_DEMO says so."""
    if not settings.desk_demo:
        return "demo accounts: none outside a demo"
    make = _Maker(await passwords.hashed(PASSWORD))
    for slug, (name, branches, people) in _DEALERS.items():
        owner = await make.person(f"owner@{slug}.demo", people[0][1], people[0][4])
        org_id = await _org(slug, name, owner)
        places = await _branches(org_id, owner, branches)
        for address, person, role, branch, phone in people[1:]:
            user = await make.person(f"{address}@{slug}.demo", person, phone)
            await _member(org_id, owner, user, role, places[branch] if branch else None)
    admin = await make.person("admin@platform.demo", _PLATFORM[0][1])
    platform = await _org("platform", "Automart", admin, kind="platform")
    moderator = await make.person("moderator@platform.demo", _PLATFORM[1][1])
    await _member(platform, admin, moderator, "moderator", None)
    for address, person, phone in _PEOPLE:
        await make.person(f"{address}@people.demo", person, phone)
    return f"demo accounts: {make.made} new, password {PASSWORD}"


async def default_admin(settings: Settings) -> str:
    """The first admin of the platform, from ADMIN_EMAIL and ADMIN_PASSWORD (IAM-22). Raises SettingsError."""
    if not settings.admin_email:
        return "default admin: ADMIN_EMAIL is not set"
    if await accounts.by_email(settings.admin_email):
        return "default admin: there already"
    password = settings.admin_password or ""
    try:
        make = _Maker(await new_hash(password, field="ADMIN_PASSWORD", email=settings.admin_email))
    except Invalid as weak:
        raise SettingsError(f"ADMIN_PASSWORD is missing or too weak: {weak.extra['errors'][0]['message']}") from None
    admin = await make.person(settings.admin_email, "Admin")
    platform = await _org("platform", "Automart", admin, kind="platform")
    await _member(platform, admin, admin, "admin", None)
    return "default admin: made"


class _Maker:
    """Makes people who are missing, all with one hash of the password."""

    def __init__(self, hashed: str) -> None:
        self._hashed = hashed
        self.made = 0

    async def person(self, email: str, name: str, phone: str | None = None) -> AppUser:
        found = await accounts.by_email(email)
        if found is not None:
            return found
        form = RegisterForm(email=email, password=PASSWORD, name=name, phone=phone)
        async with database.unit(Scope()) as db:
            user = await add_with_home(db, form, self._hashed)
        self.made += 1
        return user


async def _org(slug: str, name: str, head: AppUser, *, kind: str = "dealer") -> Id:
    found = await queries.org_id_of(slug)
    if found is not None:
        return found
    async with database.unit(Scope(person_id=head.id, actor_id=head.id)) as db:
        return await create_org(db, head.id, OrgForm(name=name, slug=slug), kind=kind)


async def _branches(org_id: Id, head: AppUser, forms: tuple[BranchForm, ...]) -> dict[str, Id]:
    async with database.unit(_as(head, org_id)) as db:
        there = {row.slug: row.id for row in (await queries.branches(db, archived=True, limit=100)).items}
        for form in forms:
            if form.slug not in there:
                there[form.slug] = await open_branch(db, org_id, form)
    return there


async def _member(org_id: Id, head: AppUser, user: AppUser, role: str, branch_id: Id | None) -> None:
    async with database.unit(_as(head, org_id)) as db:
        if await queries.is_member(db, user.id):
            return
        await join(db, org_id, user, role, branch_id)
    async with database.unit(_as(user, org_id)) as db:
        (await accounts.person_for_change(db, user.id)).default_org_id = org_id


def _as(user: AppUser, org_id: Id) -> Scope:
    return Scope(org_id=org_id, person_id=user.id, actor_id=user.id)
