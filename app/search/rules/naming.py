"""Which makes, models and places a question names: exactly so, by another name, by its sound, or with a slip."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from app.core.money import UNITS
from app.listings.rules.names import OTHERS, PLAIN_WORDS, class_of
from app.listings.rules.said import squash, tokens
from app.search.rules import comparing
from app.search.rules.lexicon import Entity, Lexicon, Match
from app.search.rules.phrases import COMMON, MEANINGS, NOISE, TINTS
from app.search.rules.pieces import SIGNS, Question

_CLEAR: Final = frozenset(
    (
        "swift", "ravi", "khyber", "hustler", "accord", "surf", "freed", "saga", "carol", "vogue", "crown", "clipper",
        "fx", "spacia", "roomy", "kicks", "rocky", "boon", "dashing",
    )
)  # fmt: skip
_DOUBTFUL: Final = PLAIN_WORDS - _CLEAR | {
    *map(squash, ("میرا", "کیا", "سیل", "فا", "فٹ", "رش", "نوٹ", "سنی", "کور", "رومی", "سٹی", "پرل", "ریز", "پریس")),
    "core", "days", "raise", "zx", "v8", "cross", "wagner", "caravan", "glory", "prada", "jimmy", "karwan",
    "gli", "xli", "grande", "altis",
}  # fmt: skip
"""Names that are words too: beside another model they are only that."""
_AROUND_A_WORD: Final = {
    "fit": frozenset(("condition", "hai", "fat", "fine")),
    "every": frozenset(("thing", "time", "day")),
    "move": frozenset(("to",)),
    "core": frozenset(("i",)),
}
_A_PLACE: Final = frozenset(("in", "any", "my", "same", "within", "inside", "city", "شہر", "other", "which", "driven"))
_STOP: Final = frozenset(
    (
        *NOISE, *COMMON, *comparing.WORDS, *UNITS, *TINTS, *_DOUBTFUL,
        *(word for phrase in MEANINGS for word in phrase.split()),
        *(word for others in OTHERS.values() for word in others),
    )
)  # fmt: skip


class Named(Struct, frozen=True):
    match: Match
    start: int
    end: int

    @property
    def entity(self) -> Entity:
        return self.match.entity


def exact_names(question: Question, lexicon: Lexicon, ticked: set[str]) -> list[Named]:
    """Those that are called so; their pieces are taken. `ticked` are makes that are asked for already."""
    spans: list[tuple[int, int, list[Match]]] = []
    longest = lexicon.longest + 2  # hyphens
    for start in range(len(question)):
        for end in range(min(len(question), start + longest), start, -1):
            ends = (question.text(start), question.text(end - 1))
            if SIGNS.isdisjoint(ends) and question.free(start, end):
                matches = lexicon.named(question.squashed(start, end))
                if matches:
                    spans.append((start, end, matches))
    makes = ticked | {one.entity.slug for _s, _e, matches in spans for one in matches if one.entity.kind == "make"}
    spans += _classes(question, lexicon, makes)
    spans.sort(key=lambda span: (-(span[1] - span[0]), span[0]))
    sure, doubtful = list[Named](), list[Named]()
    for start, end, matches in spans:
        best = max(matches, key=lambda one: _fit(one.entity, makes))
        if not _overlaps(start, end, (*sure, *doubtful)) and _possible(question, start, end, best, makes):
            name = question.squashed(start, end)
            (doubtful if name in _DOUBTFUL else sure).append(Named(best, start, end))
    others = {one.entity.slug for one in sure if one.entity.kind == "model"}
    for one in sorted(doubtful, key=lambda one: one.start):
        own = one.entity.kind == "make" or (one.entity.make in makes and not _beside_other(one, sure))
        if _stands(question, one, sure, makes) and (own or not others):
            sure.append(one)
        elif one.entity.slug == "city":
            question.take(one.start, one.end)  # of a place, or driven in one: it says nothing
    for one in sure:
        question.take(one.start, one.end)
    return sure


def _fit(entity: Entity, makes: set[str]) -> tuple[bool, bool, int]:
    return entity.make in makes, entity.kind == "model", entity.weight


def _overlaps(start: int, end: int, taken: Iterable[Named]) -> bool:
    return any(start < one.end and one.start < end for one in taken)


def _possible(question: Question, start: int, end: int, match: Match, makes: set[str]) -> bool:
    entity, name = match.entity, question.squashed(start, end)
    if name.isdecimal():
        return entity.make in makes
    if len(name) == 2 and end - start == 2:
        return entity.make in makes or question.together(start, end)
    if len(name) <= 1:
        return False
    return question.text(end) not in OTHERS.get(entity.slug, ())


def _stands(question: Question, one: Named, sure: list[Named], makes: set[str]) -> bool:
    """Whether a name that is a word too is meant as a name."""
    word, after, ahead = question.squashed(one.start, one.end), question.text(one.end), question.text(one.start - 1)
    if after in _AROUND_A_WORD.get(word, ()):
        return False
    if one.entity.kind == "make":
        beside = [other for other in sure if other.start == one.end and other.entity.make == one.entity.slug]
        return bool(beside) or len(question) == 1
    if one.entity.slug == "pearl":
        return one.entity.make in makes or not any(
            MEANINGS.get(near, ("",))[0] == "colour" for near in (after, ahead, question.text(one.end + 1))
        )
    if one.entity.slug != "city" or one.entity.make in makes:
        return True
    place = any(other.end == one.start and other.entity.kind in ("city", "province") for other in sure)
    rest = len(question) - 1 - sum(other.end - other.start for other in sure)
    return ahead not in _A_PLACE and after not in ("of", "driven") and not (place and rest == 0)


def _beside_other(one: Named, sure: list[Named]) -> bool:
    """A model of the same make was named: "Honda Civic, city driven"."""
    return any(other.entity.kind == "model" and other.entity.make == one.entity.make for other in sure)


def _classes(question: Question, lexicon: Lexicon, makes: set[str]) -> list[tuple[int, int, list[Match]]]:
    """ "Benz C180" is the C-Class, "BMW 320i" the 3 Series; only of a make that is named."""
    found = []
    for entity in lexicon.entities.values():
        if entity.kind != "model" or entity.make not in makes:
            continue
        letter, digit = class_of(entity.name)
        for at, piece in enumerate(question.pieces):
            after = question.text(at + 1)
            if letter and piece.text == letter:
                numbered = after.isdecimal() and len(after) in (2, 3)
                found.append((at, at + 1 + numbered, [Match(entity, "alias")]))
            elif digit and piece.figure and len(piece.text) == 3 and piece.text[0] == digit and piece.text[1:] != "00":
                found.append((at, at + 1 + (after in ("i", "d", "e", "li")), [Match(entity, "alias")]))
    return found


def meant_names(question: Question, lexicon: Lexicon, ticked: set[str], found: list[Named]) -> list[Named]:
    """What is left and like a name; taken too."""
    meant: list[Named] = []
    for width in (3, 2, 1):
        for start in range(len(question) - width + 1):
            end = start + width
            names = all(_may_be_name(piece.text) for piece in question.pieces[start:end])
            if not names or not question.free(start, end):
                continue
            word = question.squashed(start, end)
            if len(word) < (4 if width == 1 else 6) or _another(question, end, lexicon, word):
                continue
            every = [*found, *meant]
            makes = ticked | {one.entity.make for one in every if one.entity.make}
            best = _likeliest(lexicon.like(word), width, makes, every)
            if best:
                meant.append(Named(best, start, end))
                question.take(start, end)
    return meant


def _may_be_name(word: str) -> bool:
    return word.isalpha() and word not in _STOP


def _another(question: Question, end: int, lexicon: Lexicon, word: str) -> bool:
    """ "Corolla Spacio" is no Corolla: it stays as it was typed."""
    return any(question.text(end) in OTHERS.get(one.entity.slug, ()) for one in lexicon.named(word))


def _likeliest(matches: list[Match], width: int, makes: set[str], found: list[Named]) -> Match | None:
    kinds = {one.entity.kind for one in found}
    fitting = []
    for match in matches:
        entity = match.entity
        own = entity.make in makes
        several = len(tokens(entity.name)) > 1
        if width > 1 and not several and match.apart > 0.5:
            continue
        if squash(entity.name) in _DOUBTFUL and not own:
            continue
        if entity.kind in kinds and match.apart >= 1 and not (entity.kind == "model" and own and "model" not in kinds):
            continue
        if entity.kind == "model" and "model" in kinds and not own:
            continue
        fitting.append((bool(makes) and entity.kind == "model" and not own, int(match.apart), -entity.weight, match))
    return min(fitting, key=lambda one: one[:3])[3] if fitting else None
