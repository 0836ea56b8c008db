"""A cell as it is compared: whether it says anything at all."""

from app.listings.rules.said import plain, tokens, tokens_of
from app.listings.rules.words import fold

__all__ = ["missing", "plain", "tokens", "tokens_of"]

_MISSING = frozenset(
    (
        "", "-", "--", "---", "_", ".", "..", "...", "?", "??", "*", "/", "x", "n/a", "na", "n.a", "n.a.", "n a", "nil",
        "none", "null", "nan", "unknown", "unlisted", "not available", "not applicable", "not mentioned", "not known",
        "not specified", "not given", "tbd", "tba", "#n/a", "#ref!", "#value!", "undefined", "no info", "any", "other",
        "others", "select", "نامعلوم", "معلوم نہیں", "دستیاب نہیں", "نہیں", "نا معلوم",
    )
)  # fmt: skip
_MISSING_FOLDED = frozenset(map(fold, _MISSING))


def missing(folded: str) -> bool:
    """Of a text that is `plain` already."""
    return folded in _MISSING_FOLDED
