"""Later work for stock: photos count for a listing's place in the lists, a seller's new number for its page, a make's
new name for what searches find."""

from app.accounts.facts import UserChanged, UserClosed
from app.core.jobs_ledger import Work
from app.listings import queries, service
from app.listings.errors import ListingGone
from app.listings.facts import StockRenamed
from app.media.facts import MediaReady, MediaRemoved, MediaRestored


async def weigh_photos(work: Work, fact: MediaReady | MediaRemoved | MediaRestored) -> None:
    """A listing that was deleted meanwhile has no place any more."""
    async with work.step() as db:
        try:
            await service.weigh_photos(db, fact.listing_id)
        except ListingGone:
            return


async def follow_name(work: Work, fact: StockRenamed) -> None:
    """Searches find the org's cars by the new name, and no longer by the old one."""
    async with work.step() as db:
        book = await queries.stock_book(db)
    await service.reindex_named(fact.org_id, book, fact.id)


async def follow_seller(work: Work, fact: UserChanged | UserClosed) -> None:
    """A person sells in their own org, where what happens to them is told."""
    async with work.unit() as db:
        await service.follow_seller(db, fact.id)
