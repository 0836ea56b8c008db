"""Screens that show a board: an org's own, and whose an address is."""

from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import select

from app.accounts.models import AppUser
from app.analytics.models import BoardScreen
from app.analytics.schemas import ScreenRow
from app.core import crypto
from app.core import db as database
from app.core.base import Db, one_or
from app.core.errors import NotFound
from app.core.ids import Id
from app.orgs.models import Branch, Org


class Door(Struct, frozen=True):
    """What an address shows: the board of a branch, or with no slug of the whole org."""

    org_id: Id
    slug: str | None
    lang: str


async def screens(db: Db, *, within: Id | None) -> list[ScreenRow]:
    """The newest first; whoever belongs to a branch sees its own."""
    query = (
        select(BoardScreen, Branch.slug, Branch.name, AppUser)
        .outerjoin(Branch, Branch.id == BoardScreen.branch_id)
        .outerjoin(AppUser, AppUser.id == BoardScreen.made_by)
        .order_by(BoardScreen.made_at.desc(), BoardScreen.id)
    )
    if within is not None:
        query = query.where(BoardScreen.branch_id == within)
    return [
        ScreenRow(
            id=one.id, name=one.name, branch=slug, branch_name=name, lang=one.lang, made_by=maker.name if maker else "",
            made_at=one.made_at,
        )
        for one, slug, name, maker in await db.execute(query)
    ]  # fmt: skip


async def screen_for_change(db: Db, screen_id: Id, *, within: Id | None) -> BoardScreen:
    """Locked. Raises NotFound, for one of another branch too."""
    query = select(BoardScreen).where(BoardScreen.id == screen_id)
    if within is not None:
        query = query.where(BoardScreen.branch_id == within)
    found: BoardScreen = one_or(await db.scalars(query.with_for_update()), NotFound)
    return found


async def doors(tokens: Collection[Id]) -> dict[Id, Door]:
    """Over all orgs: whoever has an address says no more than that. Those that are shut are missing."""
    by_hash = {crypto.digest(str(token)): token for token in tokens}
    async with database.system() as system:
        found = await system.execute(
            select(BoardScreen.token_hash, BoardScreen.org_id, Branch.slug, BoardScreen.lang)
            .join(Org, Org.id == BoardScreen.org_id)
            .outerjoin(Branch, Branch.id == BoardScreen.branch_id)
            .where(BoardScreen.token_hash.in_(by_hash), Org.status == "active")
        )
        return {by_hash[token_hash]: Door(org_id, slug, lang) for token_hash, org_id, slug, lang in found}
