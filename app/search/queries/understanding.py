"""From what somebody typed to filters and words."""

from msgspec import Struct

from app.core.base import Db
from app.listings import rules
from app.listings.schemas import ListingSearchForm

_MOST_WORDS = 12


class Understood(Struct, frozen=True):
    """`asked` with the filters that its words meant; `words` are what is left, each with its other spellings."""

    asked: ListingSearchForm
    words: tuple[tuple[str, ...], ...]


async def understood(db: Db, asked: ListingSearchForm) -> Understood:
    """Words as they stand."""
    del db
    words = dict.fromkeys(rules.tokens(asked.q)[:_MOST_WORDS])
    return Understood(asked, tuple((word,) for word in words))
