"""Later work of searches: an engine outside the database follows the cars, outside of any transaction."""

from app.core.events import Fact
from app.core.jobs_ledger import Work
from app.listings import service as listings
from app.listings.errors import ListingGone
from app.media.facts import MediaReady, MediaRemoved, MediaRestored
from app.search import service


async def follow_listing(work: Work, fact: Fact) -> None:
    """`id` is the listing's."""
    del work
    await service.follow([fact.id])


async def follow_org(work: Work, fact: Fact) -> None:
    """Many of its cars at once."""
    del work
    await service.follow_org(fact.org_id)


async def follow_photos(work: Work, fact: MediaReady | MediaRemoved | MediaRestored) -> None:
    """Weighed here too: the job that does it otherwise may come later."""
    async with work.step() as db:
        try:
            await listings.weigh_photos(db, fact.listing_id)
        except ListingGone:
            return
    await service.follow([fact.listing_id])
