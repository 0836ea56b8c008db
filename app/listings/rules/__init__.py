"""Pure rules of stock: who sees what, how a listing moves, what makes it complete, how words are found."""

from app.listings.rules.ages import AGES, IN_STOCK, taken_in
from app.listings.rules.attributes import (
    Said,
    checked,
)
from app.listings.rules.batches import (
    CHUNK,
    MOST,
    UNDO_WITHIN,
    by_amount,
    by_percent,
    chunks,
)
from app.listings.rules.codes import COLOURS, PACKED, Bits, codes, colour, packed, region, unpacked
from app.listings.rules.contacts import masked_phone
from app.listings.rules.costs import (
    Margin,
    margin,
)
from app.listings.rules.endings import SHOWN_FOR, Ending, ending
from app.listings.rules.levels import LEVELS
from app.listings.rules.papers import LIFETIME, grade, imported_before_built, token_months
from app.listings.rules.portals import PORTALS, Portal
from app.listings.rules.prices import (
    REASONS,
    Asked,
    Drop,
    drops,
)
from app.listings.rules.ranking import HALVES_IN, IN_FACTS, IN_TEXT, IN_TITLE, lift, rank, score
from app.listings.rules.states import (
    MOVES,
    OPEN,
    PUBLISHED_AS,
    REFRESH_EVERY,
    may_move,
    missing_for_sale,
    quality,
)
from app.listings.rules.visibility import FOUND, SHOWN, TABLE, TRADE, Viewer, found, viewer_of, visible
from app.listings.rules.words import fold, slug, tokens, wanted, weighed

__all__ = [
    "AGES",
    "CHUNK",
    "COLOURS",
    "FOUND",
    "HALVES_IN",
    "IN_FACTS",
    "IN_STOCK",
    "IN_TEXT",
    "IN_TITLE",
    "LEVELS",
    "LIFETIME",
    "MOST",
    "MOVES",
    "OPEN",
    "PACKED",
    "PORTALS",
    "PUBLISHED_AS",
    "REASONS",
    "REFRESH_EVERY",
    "SHOWN",
    "SHOWN_FOR",
    "TABLE",
    "TRADE",
    "UNDO_WITHIN",
    "Asked",
    "Bits",
    "Drop",
    "Ending",
    "Margin",
    "Portal",
    "Said",
    "Viewer",
    "by_amount",
    "by_percent",
    "checked",
    "chunks",
    "codes",
    "colour",
    "drops",
    "ending",
    "fold",
    "found",
    "grade",
    "imported_before_built",
    "lift",
    "margin",
    "masked_phone",
    "may_move",
    "missing_for_sale",
    "packed",
    "quality",
    "rank",
    "region",
    "score",
    "slug",
    "taken_in",
    "token_months",
    "tokens",
    "unpacked",
    "viewer_of",
    "visible",
    "wanted",
    "weighed",
]  # fmt: skip
