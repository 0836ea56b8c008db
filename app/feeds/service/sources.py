"""Sources that sheets are pulled from: made, changed, paused, resumed, removed, asked for."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from msgspec import UNSET

from app.core import clock
from app.core.base import Db
from app.core.crypto import seal
from app.core.errors import Invalid
from app.core.events import HIDDEN, record
from app.core.i18n import _
from app.core.ids import Id, new_id
from app.core.security import Principal
from app.feeds import queries
from app.feeds.errors import TooManySources
from app.feeds.facts import SourceChanged, SourceDue
from app.feeds.models import FeedSource
from app.feeds.models.pulls import secret_place
from app.feeds.rules.pulling import MOST_SOURCES, PATIENCE
from app.feeds.schemas import SourceForm, SourcePatch

_PLAIN = ("name", "auth", "auth_user", "every_hours", "publish", "full_stock", "unlist_after")
_ANOTHER = ("url", "auth", "auth_user", "branch_id", "publish", "full_stock")
"""With one of these changed, the sheet that is there has not been taken in that way yet."""


async def add_source(db: Db, who: Principal, form: SourceForm) -> Id:
    """It is fetched at once. Raises Invalid, TooManySources."""
    _check_sign_in(form.auth, form.auth_user, form.secret)
    if await queries.source_count(db) >= MOST_SOURCES:
        raise TooManySources
    now, id_ = clock.now(), new_id()
    source = FeedSource(
        id=id_,
        org_id=who.org_id,
        branch_id=await _branch(db, who, form.branch),
        url=form.url,
        **{name: getattr(form, name) for name in _PLAIN},
        state="active",
        failures=0,
        next_at=now + timedelta(hours=form.every_hours),
        asked_at=now,
        created_by=who.person_id,
        created_at=now,
    )
    _keep_secret(source, form.secret)
    db.add(source)
    await db.flush()
    record(db, _about(source, SourceChanged), changed={"name": (None, source.name), "state": (None, "active")})
    record(db, _about(source, SourceDue))
    return id_


async def change_source(db: Db, who: Principal, source_id: Id, patch: SourcePatch) -> None:
    """Raises SourceGone, Invalid."""
    source = await queries.source_for_change(db, source_id, who.branch_id)
    before = {name: getattr(source, name) for name in (*_PLAIN, "url", "branch_id", "state")}
    for name in (*_PLAIN, "url"):
        if (value := getattr(patch, name)) is not UNSET:
            setattr(source, name, value)
    if patch.branch is not UNSET:
        source.branch_id = await _branch(db, who, patch.branch)
    moved = _host(source.url) != _host(before["url"])
    if patch.secret is not UNSET:
        _keep_secret(source, patch.secret)
    elif source.auth != "none" and (moved or source.auth != before["auth"]):
        raise Invalid([{"field": "secret", "message": _("Say it again for another server or way of signing in.")}])
    secret = source.secret if patch.secret is UNSET else patch.secret
    _check_sign_in(source.auth, source.auth_user, secret)
    if source.auth == "none":
        source.auth_user = source.secret_sealed = None
    if any(getattr(source, name) != before[name] for name in _ANOTHER):
        source.etag = source.last_modified = source.digest = None
    if patch.state is not UNSET and patch.state != source.state:
        _turn(source, patch.state)
    elif source.state == "active" and source.every_hours != before["every_hours"] and not source.failures:
        source.next_at = clock.now() + timedelta(hours=source.every_hours)
    changed = {name: (old, getattr(source, name)) for name, old in before.items() if getattr(source, name) != old}
    if "url" in changed:
        changed["url"] = (HIDDEN, HIDDEN)  # keys travel in addresses
    record(db, _about(source, SourceChanged), changed=changed)


async def remove_source(db: Db, who: Principal, source_id: Id) -> None:
    """What came of it stays. Raises SourceGone."""
    source = await queries.source_for_change(db, source_id, who.branch_id)
    await db.delete(source)
    record(db, _about(source, SourceChanged), changed={"name": (source.name, None), "state": (source.state, None)})


async def ask_source(db: Db, who: Principal, source_id: Id) -> None:
    """Fetch it now; nothing more where that is on its way already. Raises SourceGone."""
    source = await queries.source_for_change(db, source_id, who.branch_id)
    _ask(db, source, clock.now())


async def come_due(db: Db, source_ids: Sequence[Id], at: datetime) -> None:
    """Their time has come."""
    for source in await queries.sources_for_change(db, source_ids):
        source.next_at = at + timedelta(hours=source.every_hours)
        _ask(db, source, at)


async def go_on(db: Db, signature: bytes) -> None:
    """Somebody said what such columns hold: sources that waited for that are fetched again."""
    for source in await queries.sources_waiting(db, signature):
        _turn(source, "active")
        record(db, _about(source, SourceChanged), changed={"state": ("waiting", "active")})


def _ask(db: Db, source: FeedSource, at: datetime) -> None:
    if source.asked_at is None or at - source.asked_at > PATIENCE:
        source.asked_at = at
        record(db, _about(source, SourceDue))


def _turn(source: FeedSource, state: str) -> None:
    """Resumed it is due at once, with a clean record; paused it waits for nothing that is on its way."""
    source.state, source.failures, source.asked_at = state, 0, None
    source.next_at = clock.now() if state == "active" else None
    if state == "active":
        source.why = None


async def _branch(db: Db, who: Principal, slug: str | None) -> Id | None:
    """Of a member of one branch that one; any other is as one that is not there. Raises Invalid."""
    if who.branch_id is None:
        return None if slug is None else await queries.branch_named(db, slug)
    if slug is not None and slug != who.branch_slug:
        raise Invalid([{"field": "branch", "message": _("There is no such branch here.")}])
    return who.branch_id


def _check_sign_in(auth: str, user: str | None, secret: str | None) -> None:
    faults = []
    if auth == "basic" and (not user or ":" in user):
        faults.append({"field": "auth_user", "message": _("Say the user name, without a colon.")})
    if auth != "none" and not secret:
        faults.append({"field": "secret", "message": _("This field is needed.")})
    if auth == "bearer" and secret and not (secret.isascii() and secret.isprintable() and " " not in secret):
        faults.append({"field": "secret", "message": _("This does not look right.")})
    if faults:
        raise Invalid(faults)


def _keep_secret(source: FeedSource, secret: str | None) -> None:
    place = secret_place(source.org_id, source.id)
    source.secret_sealed = seal(secret, place) if secret and source.auth != "none" else None


def _host(url: str) -> Any:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _about(source: FeedSource, fact: Any) -> Any:
    return fact(org_id=source.org_id, id=source.id, branch_id=source.branch_id)
