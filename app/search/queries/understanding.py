"""From what somebody typed to filters, and to the words that are left."""

from app.core import clock
from app.core.base import Db
from app.listings import rules
from app.listings.schemas import ListingSearchForm
from app.search.queries.lexicon import lexicon
from app.search.rules import ALIKE, Understood, understand

_MOST_WORDS = 12


async def understood(db: Db, asked: ListingSearchForm) -> Understood:
    """What a page of results goes on to, see `understand`; a question without words costs nothing."""
    if not asked.q.strip():
        return Understood(asked)
    return understand(asked, await lexicon(db), clock.now().year)


def words_of(asked: ListingSearchForm) -> tuple[tuple[str, ...], ...]:
    """To be looked for in the text, each with its other spellings."""
    return tuple(ALIKE.get(word, (word,)) for word in dict.fromkeys(rules.tokens(asked.q)[:_MOST_WORDS]))
