"""Colleagues named in a note. What is typed as @Name is kept as `@[id]`, and read as their name of today."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from msgspec import Struct

from app.core.ids import Id

MOST = 20
"""How many colleagues one note can name."""

_AT = re.compile(r"(?<!\w)@(?=\w)")
_KEPT = re.compile(r"@\[([0-9a-f-]{36})\]")
_ALIKE = {letter: f"[{letters}]" for letters in ("یيى", "کك", "ہه") for letter in letters}
"""The same letter by an Urdu and by an Arabic keyboard."""


class Named(Struct, frozen=True):
    """Who can be named."""

    id: Id
    name: str


def keep(body: str, people: Sequence[Named], picked: Iterable[Id] = ()) -> tuple[str, list[Id]]:
    """The text to keep, and whom it names: those who were `picked`, and whoever of `people` a name means alone."""
    ids = list(dict.fromkeys(picked))
    waiting = [one for id_ in ids for one in people if one.id == id_]
    kept, end = [], 0
    for found in _AT.finditer(body):
        if found.start() < end:
            continue
        one, stop = _meant(body, found.end(), people, waiting, ids)
        if one is None or (one.id not in ids and len(ids) >= MOST):
            continue
        kept += [body[end : found.start()], f"@[{one.id}]"]
        end = stop
        if one in waiting:
            waiting.remove(one)
        if one.id not in ids:
            ids.append(one.id)
    return "".join([*kept, body[end:]]), ids


def _meant(
    body: str, at: int, people: Sequence[Named], waiting: Sequence[Named], ids: Collection[Id]
) -> tuple[Named | None, int]:
    """Whose name begins at `at`, and where it ends. Of several of one name the one picked next, or nobody."""
    longest = at
    alike: list[Named] = []
    for one in people:
        found = _written(one.name).match(body, at)
        if found and found.end() >= longest:
            alike = [*alike, one] if found.end() == longest else [one]
            longest = found.end()
    if not alike or len(alike[0].name.split()) == 1:
        first = [(one, _written(one.name.split()[0]).match(body, at)) for one in people if one.name.strip()]
        alike += [one for one, found in first if found and one not in alike]
        longest = max([longest, *(found.end() for _one, found in first if found)])
    if len(alike) > 1:
        alike = [one for one in waiting if one in alike][:1] or [one for one in alike if one.id in ids]
    return (alike[0], longest) if len(alike) == 1 else (None, at)


@cache
def _written(name: str) -> re.Pattern[str]:
    words = ("".join(_ALIKE.get(letter) or re.escape(letter) for letter in word) for word in name.split())
    return re.compile(r"\s+".join(words) + r"(?!\w)", re.IGNORECASE)


def read(text: str, ids: Sequence[Id], names: Mapping[Id, str]) -> tuple[str, list[tuple[Id, str, int | None]]]:
    """The text with the names in it, and at which character each has its @; None where the text does not say it."""
    said: list[str] = []
    marks: list[tuple[Id, str, int | None]] = []
    end = 0
    for found in _KEPT.finditer(text):
        one = next((id_ for id_ in ids if str(id_) == found[1]), None)
        if one is None:
            continue
        said.append(text[end : found.start()])
        marks.append((one, names.get(one) or "…", sum(map(len, said))))
        said.append(f"@{marks[-1][1]}")
        end = found.end()
    named = {mark[0] for mark in marks}
    marks += [(id_, names.get(id_) or "…", None) for id_ in ids if id_ not in named]
    return "".join([*said, text[end:]]), marks
