"""What a category asks of a listing, held against what was said: known, of its type, an option, within its bounds."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from app.core.bounds import clean_text
from app.core.digits import to_latin
from app.core.i18n import _
from app.taxonomy.schemas import AttributeRow

Value = str | float | bool
Said = Mapping[str, Value | None]
_YES, _NO = frozenset({"1", "yes", "true"}), frozenset({"0", "no", "false"})
_LONGEST = 200
NEEDED = _("This field is needed.")
_ODD = _("This does not look right.")
_BOUNDS = _("That is too little or too much.")


def checked(
    asked: Sequence[AttributeRow], said: Said, *, whole: bool
) -> tuple[dict[str, Value | None], dict[str, str]]:
    """The values in their types, and what is wrong by key. None takes a value away.

    `whole`: what is required and not said is wrong too.
    """
    known = {one.key: one for one in asked}
    values, wrong = dict[str, Value | None](), dict[str, str]()
    for key, value in said.items():
        if key not in known:
            wrong[key] = _ODD
        elif value is None or value == "":
            values[key] = None
        else:
            found = _typed(known[key], value)
            if found is None:
                wrong[key] = _ODD
            elif not _within(known[key], found):
                wrong[key] = _BOUNDS
            else:
                values[key] = found
    missing = [one.key for one in asked if one.required and values.get(one.key) is None and one.key not in wrong]
    if whole:
        wrong |= dict.fromkeys(missing, NEEDED)
    return values, wrong


def _typed(asked: AttributeRow, value: Value) -> Value | None:
    """None for what is not of the type; forms say everything as text."""
    match asked.kind:
        case "bool":
            return value if isinstance(value, bool) else _truth(value)
        case "number":
            return _number(value)
        case "option":
            return value if isinstance(value, str) and value in asked.options else None
        case "text":
            return clean_text(value) or None if isinstance(value, str) else None


def _truth(value: Any) -> bool | None:
    plain = str(value).strip().casefold()
    return True if plain in _YES else False if plain in _NO else None


def _number(value: Value) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        found = float(to_latin(value).replace(",", "").strip()) if isinstance(value, str) else float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def _within(asked: AttributeRow, value: Value) -> bool:
    if asked.kind == "text":
        return len(str(value)) <= (asked.most or _LONGEST)
    if asked.kind != "number":
        return True
    least, most = asked.least, asked.most
    return (least is None or float(value) >= least) and (most is None or float(value) <= most)
