"""Words with few meanings: fuel, gears, body, where it was built, colour, paint, seller, what to sort by."""

from typing import Final

from msgspec import Struct

from app.listings.rules.said import tokens
from app.search.rules.phrases import COMMON, LONGEST, MEANINGS, NEAR, NOISE, TINTS
from app.search.rules.pieces import Question

_REGISTERED: Final = frozenset(
    (
        "registered", "registration", "reg", "registerd", "regd", "number", "num", "numbr", "no", "plate", "plates",
        *tokens("رجسٹرڈ"), *tokens("نمبر"), *tokens("رجسٹریشن"),
    )
)  # fmt: skip
_OF: Final = frozenset(("ka", "ki", "ke", "kay", "in", "city", "se", "of", "mein", "main", *tokens("کا کی کے میں")))
_NEAR_AHEAD: Final = frozenset(("near", "around", "nearby", "nearest", "close"))
_NEAR_BEHIND: Final = frozenset(
    ("qareeb", "kareeb", "qarib", "karib", "nearby", "paas", "pas", "aas", *tokens("قریب"), *tokens("پاس"))
)  # fmt: skip


class Chosen(Struct, frozen=True):
    field: str
    values: tuple[str, ...]
    start: int
    end: int
    typo: bool = False


def choices_in(question: Question) -> list[Chosen]:
    """Phrases as they are known, the longest first; their pieces are taken, a tint beside a colour with it."""
    found: list[Chosen] = []
    for width in range(LONGEST, 0, -1):
        for start in range(len(question) - width + 1):
            end = start + width
            meaning = MEANINGS.get(question.phrase(start, end)) if question.free(start, end) else None
            if meaning:
                chosen = Chosen(*meaning, start, end)
                if chosen.field == "colour":
                    chosen = _with_tints(question, chosen)
                found.append(chosen)
                question.take(chosen.start, chosen.end)
    return found


def choices_meant(question: Question) -> list[Chosen]:
    """Misspelt ones, of what is left."""
    found = []
    for at, piece in enumerate(question.pieces):
        known = piece.text in NOISE or piece.text in COMMON
        meant = NEAR.find(piece.text) if not known and question.free(at, at + 1) else None
        if meant:
            found.append(Chosen(*MEANINGS[meant], at, at + 1, typo=True))
            question.take(at, at + 1)
    return found


def _with_tints(question: Question, colour: Chosen) -> Chosen:
    """ "Super white", "pearl white", "white pearl"."""
    start, end = colour.start, colour.end
    while start and question.text(start - 1) in TINTS and question.free(start - 1, start):
        start -= 1
    while question.text(end) in TINTS and question.free(end, end + 1):
        end += 1
    return Chosen("colour", colour.values, start, end)


def role_of_place(question: Question, start: int, end: int) -> tuple[str, int, int]:
    """What a place is for, `city`, `near` or `registered`, and the span with the words that say so."""
    ahead, further = question.text(start - 1), question.text(start - 2)
    if ahead in _REGISTERED and ahead not in ("no", "number") and question.free(start - 1, start):
        return "registered", start - 1, end
    if further in _REGISTERED and further not in ("no", "number") and ahead in _OF and question.free(start - 2, start):
        return "registered", start - 2, end
    behind = end
    while behind < end + 2 and question.text(behind) in _OF and question.free(behind, behind + 1):
        behind += 1
    if question.text(behind) in _REGISTERED and question.free(behind, behind + 1):
        return "registered", start, behind + 1 + (question.text(behind + 1) in ("plate", "number"))
    if question.text(behind) in _NEAR_BEHIND and question.free(behind, behind + 1):
        return "near", start, behind + 1 + (question.text(behind + 1) in _NEAR_BEHIND)
    if ahead in _NEAR_AHEAD and question.free(start - 1, start):
        return "near", start - 1, end
    if further in _NEAR_AHEAD and ahead in ("to", "by") and question.free(start - 2, start):
        return "near", start - 2, end
    return "city", start, end
