"""Later work for stock: photos count for a listing's place in the lists, a seller's new number for its page."""

from app.accounts.facts import UserChanged, UserClosed
from app.core.jobs_ledger import Work
from app.listings import service
from app.listings.errors import ListingGone
from app.media.facts import MediaReady, MediaRemoved, MediaRestored


async def weigh_photos(work: Work, fact: MediaReady | MediaRemoved | MediaRestored) -> None:
    """A listing that was deleted meanwhile has no place any more."""
    async with work.step() as db:
        try:
            await service.weigh_photos(db, fact.listing_id)
        except ListingGone:
            return


async def follow_seller(work: Work, fact: UserChanged | UserClosed) -> None:
    """A person sells in their own org, where what happens to them is told."""
    async with work.unit() as db:
        await service.follow_seller(db, fact.id)
