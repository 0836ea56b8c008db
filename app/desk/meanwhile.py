"""Two people saved one car: what each of them has, field by field, for the slower one to choose from."""

import json
from collections.abc import Mapping

from msgspec import Struct

from app.core.bounds import clean_text
from app.core.money import AmountUnclear, parse_pkr


class Difference(Struct, frozen=True):
    """`choice` is what is ticked: the side that changed the field alone; nothing where both did."""

    name: str
    mine: str
    theirs: str
    choice: str


def seen(values: Mapping[str, str]) -> str:
    """What a form shows, kept in it: how it was when somebody began to type."""
    return json.dumps({name: text for name, text in values.items() if name != "version"}, ensure_ascii=False)


def differences(base: str, mine: Mapping[str, str], theirs: Mapping[str, str]) -> list[Difference]:
    """Of the fields as they are saved now, those where mine say something else; `base` is what `seen` kept."""
    began = _decoded(base)
    found = []
    for name, saved in theirs.items():
        wished = mine.get(name, began.get(name, saved))
        if name == "version" or _plain(name, wished) == _plain(name, saved):
            continue
        sides = {_plain(name, wished): "theirs", _plain(name, saved): "mine"}
        choice = sides.get(_plain(name, began[name]), "") if name in began else ""
        found.append(Difference(name, wished, saved, choice))
    return found


def _decoded(base: str) -> dict[str, str]:
    """What came back with the form; nothing where somebody meddled with it."""
    try:
        found = json.loads(base)
    except ValueError:
        return {}
    return {name: text for name, text in found.items() if isinstance(text, str)} if isinstance(found, dict) else {}


def _plain(name: str, text: str) -> str:
    """Written differently is not different: 64.5 lakh and 6,450,000."""
    if name == "price":
        try:
            return str(parse_pkr(text))
        except AmountUnclear:
            return text
    return clean_text(text)
