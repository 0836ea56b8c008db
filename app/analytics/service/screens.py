"""Screens opened and closed. The address of one is told once: only its digest is kept."""

import secrets

from app.analytics import queries
from app.analytics.facts import ScreenClosed, ScreenOpened
from app.analytics.models import BoardScreen
from app.analytics.schemas import ScreenForm
from app.core import clock, crypto
from app.core.base import Db
from app.core.errors import Invalid, NotFound
from app.core.events import record
from app.core.i18n import _
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.orgs import queries as orgs

MOST_SCREENS = 50


async def open_screen(db: Db, who: Principal, form: ScreenForm) -> tuple[Id, Id]:
    """The screen's id, and its secret. Raises Invalid."""
    if len(await queries.screens(db, within=None)) >= MOST_SCREENS:
        raise Invalid([{"field": "name", "message": _("There are already 50 screens: switch off some first.")}])
    token = Id(bytes=secrets.token_bytes(16))
    made = BoardScreen(
        id=new_id(), org_id=who.org_id, branch_id=await _branch(db, who, form.branch), name=form.name,
        lang=form.lang,
        token_hash=crypto.digest(str(token)), made_by=who.person_id, made_at=clock.now(),
    )  # fmt: skip
    db.add(made)
    changed = {"name": (None, made.name), "branch_id": (None, made.branch_id)}
    record(db, ScreenOpened(org_id=made.org_id, id=made.id, branch_id=made.branch_id), changed=changed)
    return made.id, token


async def close_screen(db: Db, who: Principal, screen_id: Id) -> None:
    """Raises NotFound."""
    one = await queries.screen_for_change(db, screen_id, within=who.branch_id)
    await db.delete(one)
    fact = ScreenClosed(org_id=one.org_id, id=one.id, branch_id=one.branch_id)
    record(db, fact, changed={"name": (one.name, None)})


async def _branch(db: Db, who: Principal, slug: str | None) -> Id | None:
    """Whoever belongs to a branch hangs up its figures only. Raises Invalid."""
    if not slug:
        return who.branch_id
    try:
        branch_id = await orgs.branch_id_of(db, slug)
        await orgs.require_branch(db, branch_id)
    except NotFound:
        branch_id = None
    if branch_id is None or who.branch_id not in (None, branch_id):
        raise Invalid([{"field": "branch", "message": _("There is no such branch.")}])
    return branch_id
