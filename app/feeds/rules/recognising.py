"""What car it is, out of a make, a model, a variant and a title, in any mixture."""

import re
from collections.abc import Mapping

from msgspec import Struct

from app.core.bounds import clean_text
from app.feeds.rules.cells import missing, plain, tokens
from app.feeds.rules.figures import FIRST_YEAR
from app.feeds.rules.vocabulary import Make, Model, Vocabulary
from app.feeds.rules.whereabouts import city_in_title
from app.listings.rules.names import OTHERS, class_of, is_distinct, words
from app.listings.rules.said import squash
from app.listings.rules.values import fuel_in, gears_in

Learned = Mapping[tuple[str, str], str]
_MEASURES = frozenset(("cc", "km", "kms", "kilometers", "miles", "c", "watt", "kw"))
_SHORT_MAKES = frozenset(("kia", "bmw", "faw", "byd", "mg", "jac"))
_A_YEAR = re.compile(r"(?:19|20)\d\d")


class Texts(Struct, frozen=True):
    make: str = ""
    model: str = ""
    variant: str = ""
    title: str = ""


class Car(Struct, frozen=True):
    """`doubts` are (field, value, code), `unknown` (field, raw value); `words` is all that was said, in order.

    `gears`, `fuel` and `city` are what a title tells of them.
    """

    make: str | None = None
    model: Model | None = None
    years: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    doubts: tuple[tuple[str, str, str], ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()
    nothing: bool = False
    gears: str | None = None
    fuel: str | None = None
    city: str | None = None


class _Found(Struct, frozen=True):
    model: Model
    start: int
    end: int
    name: str


def recognise(texts: Texts, vocabulary: Vocabulary, learned: Learned, this_year: int) -> Car:
    said_make, said_model, title = _said(texts.make), _said(texts.model), _said(texts.title)
    if not (said_make or said_model or title):
        return Car(nothing=True)
    in_model, in_title = tokens(said_model), tokens(title)
    doubts: list[tuple[str, str, str]] = []
    unknown: list[tuple[str, str]] = []
    make = _make(said_make, in_model or in_title, vocabulary, learned) if said_make else None
    if make is None and said_make:
        unknown.append(("make", said_make))
        doubts.append(("make", said_make, "make_unknown"))
    elif make is None:
        make = make_in(in_model, vocabulary) or make_in(in_title, vocabulary) or _near_make(in_title, vocabulary)
    told_by_title = make_in(in_title, vocabulary)
    if make and told_by_title and told_by_title is not make:
        doubts.append(("make", f"{said_make or said_model} / {title}"[:200], "make_contradicts"))
    found = _model(said_model, in_model, make, vocabulary, learned)
    also = _find(in_title, make, vocabulary, in_title=True)
    model = found.model if found else None
    if found and also and also.model is not found.model:
        model = _closer(found.model, also.model)
        if model is None:
            doubts.append(("model", f"{said_model} / {title}"[:200], "model_contradicts"))
    elif also and (not in_model or make is None or set(in_model) & set(tokens(also.model.names.name))):
        model = also.model
    if model is None and not doubts:
        doubt, raw = _why_not(said_model, in_model, title, in_title, make, vocabulary)
        doubts.append(doubt)
        unknown += [("model", raw)] if raw else []
    slug = make.slug if make else model.names.make if model and not said_make else None
    years = [
        *_years(in_title, range(also.start, also.end) if also else range(0), this_year),
        *_years(in_model, range(found.start, found.end) if found else range(0), this_year),
    ]
    every = (*words(said_model), *words(_said(texts.variant)), *words(title))
    return Car(
        make=slug,
        model=model if slug else None,
        years=tuple(dict.fromkeys(years)),
        words=every,
        doubts=tuple(doubts),
        unknown=tuple(unknown),
        gears=gears_in(every),
        fuel=fuel_in(every),
        city=city_in_title(in_title or in_model, vocabulary.places),
    )


def _why_not(
    said_model: str, in_model: list[str], title: str, in_title: list[str], make: Make | None, vocabulary: Vocabulary
) -> tuple[tuple[str, str, str], str]:
    """The doubt where no model was found, and what of it can be learned."""
    if make is None:
        return ("make", said_model or title, "make_unknown"), said_model
    foreign = _find(in_model or in_title, None, vocabulary, in_title=not in_model)
    if foreign and foreign.model.names.make != make.slug and is_distinct(foreign.name):
        return ("make", f"{make.slug} / {said_model or title}"[:200], "make_contradicts"), ""
    left = _left(said_model or title, make)
    return ("model", left, "model_unknown"), left if said_model else ""


def make_in(said: list[str], vocabulary: Vocabulary) -> Make | None:
    """The first make of a text, the longest name of it."""
    for start in range(min(len(said), 8)):
        for end in range(min(len(said), start + 3), start, -1):
            name = "".join(said[start:end])
            make = vocabulary.by_make.get(name)
            if make and (len(name) > 3 or start == 0 or name in _SHORT_MAKES):
                return make
    return None


def _make(said: str, after: list[str], vocabulary: Vocabulary, learned: Learned) -> Make | None:
    """Of the column of makes; "Range" and "Rover Vogue" beside it are one name."""
    told = vocabulary.makes.get(learned.get(("make", plain(said)), ""))
    squashed, own = squash(said), tokens(said)
    make = told or vocabulary.by_make.get(squashed) or make_in(own, vocabulary)
    make = make or vocabulary.near_makes.find(squashed)
    if make is None:
        joined = make_in([*own, *after], vocabulary)
        make = joined if joined and any("".join([*own, *after][:end]) in joined.names for end in (1, 2, 3)) else None
    return make


def _near_make(said: list[str], vocabulary: Vocabulary) -> Make | None:
    return vocabulary.near_makes.find(said[0]) if said else None


def _model(
    said: str, in_model: list[str], make: Make | None, vocabulary: Vocabulary, learned: Learned
) -> _Found | None:
    """Of the column of models."""
    if not said:
        return None
    told = learned.get(("model", plain(said))) or learned.get(("model", plain(_left(said, make)))) if learned else None
    if told and (model := vocabulary.model(told, make)):
        return _Found(model, 0, 0, "")
    found = _find(in_model, make, vocabulary, in_title=False)
    if found is None and make is not None:
        joined = next((one for name in make.names if (one := make.by_name.get(name + "".join(in_model)))), None)
        return _Found(joined, 0, len(in_model), "") if joined else _near_model(in_model, make)
    return found


def _find(said: list[str], make: Make | None, vocabulary: Vocabulary, *, in_title: bool) -> _Found | None:
    """The longest model name of a text. Without a make only names that no other make has."""
    by_name: Mapping[str, Model] = make.by_name if make else vocabulary.alone
    longest = make.longest if make else vocabulary.longest
    best: _Found | None = None
    for start in range(min(len(said), 14)):
        for end in range(min(len(said), start + longest + 1), start, -1):
            name = "".join(said[start:end])
            model = by_name.get(name)
            if model is None or (best is not None and len(name) <= len(best.name)):
                continue
            if make is None and not is_distinct(name) and (start or (in_title and name.isdecimal())):
                continue
            if make is not None and name.isdecimal() and said[end : end + 1] == ["cc"]:
                continue
            if said[end : end + 1] and said[end] in OTHERS.get(model.names.slug, ()):
                continue
            best = _Found(model, start, end, name)
    if best is None and make is not None:
        best = _classed(said, make) or (_near_model(said, make) if in_title else None)
    return best


def _near_model(said: list[str], make: Make) -> _Found | None:
    for at, word in enumerate(said[:6]):
        near = make.near.find(word) if word not in make.by_name else None
        if near:
            return _Found(near, at, at + 1, word)
    return None


def _classed(said: list[str], make: Make) -> _Found | None:
    """ "C180" and "Benz C" are the C-Class, "320i" is the 3 Series."""
    for model in make.by_name.values():
        letter, digit = class_of(model.names.name)
        for at, word in enumerate(said):
            after = said[at + 1] if at + 1 < len(said) else ""
            if letter and word == letter:
                if (after.isdecimal() and len(after) in (2, 3)) or (at <= 2 and (at > 0 or len(said) == 1)):
                    return _Found(model, at, at + 1, model.names.slug)
            elif digit and len(word) == 3 and word.isdecimal() and word[0] == digit and word[1:] != "00":
                return _Found(model, at, at + 1, model.names.slug)
    return None


def _closer(one: Model, other: Model) -> Model | None:
    """Of "Corolla" and "Corolla Axio" the one that says more; of two different models none."""
    names = [set(tokens(model.names.name)) for model in (one, other)]
    if one.names.make != other.names.make:
        return None
    if names[0] < names[1]:
        return other
    return one if names[1] < names[0] else None


def _years(said: list[str], model: range, this_year: int) -> list[int]:
    found = []
    for at, word in enumerate(said):
        if len(word) == 4 and word.isdecimal() and at not in model and FIRST_YEAR <= int(word) <= this_year + 1:
            after = said[at + 1] if at + 1 < len(said) else ""
            if after not in _MEASURES:
                found.append(int(word))
    return found


def _left(said: str, make: Make | None) -> str:
    """A model's text without the make and without years: what is to be learned."""
    names = make.names if make else ()
    return " ".join(word for word in said.split() if squash(word) not in names and not _A_YEAR.fullmatch(word))


def _said(raw: str) -> str:
    text = " ".join(clean_text(raw).split())
    return "" if missing(plain(text)) else text[:200]
