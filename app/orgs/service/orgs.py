"""Orgs: created by whoever becomes their owner, renamed, closed."""

from msgspec import UNSET

from app.accounts import queries as accounts
from app.accounts.service import end_sessions_in_org
from app.core import blind, clock
from app.core.base import Db, Scope
from app.core.conflicts import unique_or
from app.core.errors import NotFound
from app.core.events import record
from app.core.ids import Id, new_id
from app.orgs import queries, rules
from app.orgs.errors import SlugTaken
from app.orgs.facts import MemberJoined, OrgChanged, OrgClosed, OrgCreated
from app.orgs.models import Membership, Org
from app.orgs.schemas import OrgForm, OrgPatch


async def create_org(db: Db, person_id: Id, form: OrgForm, *, kind: str = "dealer") -> Id:
    """A new org whose first owner is the person; goes on in its scope. Raises SlugTaken."""
    org_id = new_id()
    user = await accounts.by_id(person_id)
    await db.rescope(Scope(org_id=org_id, person_id=person_id, actor_id=person_id, request_id=db.scope.request_id))
    async with unique_or(db, "uq_org_slug", SlugTaken):
        db.add(Org(id=org_id, slug=form.slug, name=form.name.strip(), kind=kind, created_at=clock.now()))
    record(db, OrgCreated(org_id=org_id, id=org_id), changed={"name": (None, form.name), "slug": (None, form.slug)})
    owner = rules.HEAD_ROLE[kind]
    db.add(
        Membership(
            org_id=org_id,
            user_id=person_id,
            role=owner,
            joined_at=clock.now(),
            search=blind.person_codes(org_id, name=user.name, phone=user.phone or "", email=user.email),
        )
    )
    mine = await accounts.person_for_change(db, person_id)
    if mine.default_org_id == mine.home_org_id:
        mine.default_org_id = org_id
    record(db, MemberJoined(org_id=org_id, id=person_id), changed={"role": (None, owner)})
    return org_id


async def change_org(db: Db, org_id: Id, patch: OrgPatch) -> None:
    org = await queries.org_for_change(db, org_id)
    if patch.name is not UNSET and patch.name.strip() != org.name:
        before, org.name = org.name, patch.name.strip()
        record(db, OrgChanged(org_id=org.id, id=org.id), changed={"name": (before, org.name)})


async def close_org(db: Db, org_id: Id) -> None:
    """Nobody can act in it any more; what it did stays on record."""
    org = await queries.org_for_change(db, org_id)
    if org.kind != "dealer":
        raise NotFound
    before, org.status = org.status, "closed"
    record(db, OrgClosed(org_id=org.id, id=org.id), changed={"status": (before, "closed")})
    await end_sessions_in_org(db, reason="org_closed")
