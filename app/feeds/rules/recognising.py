"""What car it is, out of a make, a model, a variant and a title, in any mixture."""

import re
from collections.abc import Mapping

from msgspec import Struct

from app.feeds.rules.cells import missing, plain, tokens
from app.feeds.rules.figures import FIRST_YEAR
from app.feeds.rules.values import fuel_in, gears_in
from app.feeds.rules.vocabulary import Make, Model, Vocabulary, squash, words
from app.feeds.rules.whereabouts import city_in_title

Learned = Mapping[tuple[str, str], str]
_MEASURES = frozenset(("cc", "km", "kms", "kilometers", "miles", "c", "watt", "kw"))
_CLASS = re.compile(r"([a-z]) ?class|(\d) ?series")

_OTHERS: Mapping[str, frozenset[str]] = {
    "corolla": frozenset(("spacio", "rumion", "runx", "verso", "ceres", "levin", "allex", "ix")),
    "pajero": frozenset(("mini", "io", "junior", "jr", "sport")),
    "range-rover": frozenset(("sport", "evoque", "velar")),
    "move": frozenset(("conte", "canbus", "latte")),
    "mira": frozenset(("gino", "cocoa", "tocot", "avy")),
    "passo": frozenset(("sette",)),
    "fit": frozenset(("aria", "shuttle")),
    "dayz": frozenset(("roox",)),
    "tanto": frozenset(("exe",)),
    "note": frozenset(("aura",)),
    "lancer": frozenset(("evo", "evolution")),
    "porter-h-100": frozenset(("ii",)),
    "hs": frozenset(("phev",)),
    "crown": frozenset(("majesta",)),
}
"""Other cars whose names begin with a model's: they are unknown, not that model."""


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
    said_make, said_model = _said(texts.make), _said(texts.model)
    title = _said(texts.title)
    if not (said_make or said_model or title):
        return Car(nothing=True)
    doubts: list[tuple[str, str, str]] = []
    unknown: list[tuple[str, str]] = []
    in_model, in_title = tokens(said_model), tokens(title)
    make, from_column = _make(said_make, in_model, in_title, vocabulary, learned)
    told_by_title = _make_in(in_title, vocabulary)
    if from_column and told_by_title and told_by_title is not make:
        doubts.append(("make", f"{texts.make} / {texts.title}"[:200], "make_contradicts"))
    if make is None and said_make:
        unknown.append(("make", said_make))
        doubts.append(("make", said_make, "make_unknown"))
    found = _model(said_model, in_model, make, vocabulary, learned)
    also = _find(in_title, make, vocabulary, in_title=True) if in_title else None
    model = found.model if found else None
    if found and also and also.model is not found.model:
        model = _closer(found.model, also.model)
        if model is None:
            doubts.append(("model", f"{texts.model} / {texts.title}"[:200], "model_contradicts"))
    elif found is None and also is not None and (not said_model or not in_model or make is None):
        model = also.model
    elif found is None and also is not None:
        model = also.model if set(tokens(said_model)) & set(tokens(also.model.names.name)) else None
    if model is None and not any(code in ("make_unknown", "model_contradicts") for _f, _v, code in doubts):
        foreign = _find(in_model or in_title, None, vocabulary, in_title=not in_model) if make else None
        if foreign and make and foreign.model.names.make != make.slug and vocabulary.is_distinct(foreign.name):
            if ("make_contradicts") not in {code for _f, _v, code in doubts}:
                doubts.append(("make", f"{texts.make} / {texts.model or texts.title}"[:200], "make_contradicts"))
        elif make is None:
            raw = said_model or title
            doubts.append(("make", raw[:200], "make_unknown"))
            if said_model and not said_make:
                unknown.append(("model", said_model))
        else:
            raw = _left(said_model or title, make)
            doubts.append(("model", raw[:200], "model_unknown"))
            if said_model and raw:
                unknown.append(("model", raw))
    slug = make.slug if make else model.names.make if model and not said_make else None
    if model is not None and slug is None:
        model = None
    span = range(also.start, also.end) if also else range(0)
    years = dict.fromkeys(
        (
            *_years(in_title, span, this_year),
            *_years(in_model, range(found.start, found.end) if found else range(0), this_year),
        )
    )
    every = (*words(said_model), *words(_said(texts.variant)), *words(title))
    return Car(
        make=slug,
        model=model,
        years=tuple(years),
        words=every,
        doubts=tuple(doubts),
        unknown=tuple(unknown),
        gears=gears_in(every),
        fuel=fuel_in(every),
        city=city_in_title(in_title or in_model, vocabulary.places),
    )


def variant_of(model: Model, said: tuple[str, ...], year: int | None, cc: int | None, gears: str | None) -> str | None:
    """The trim whose every word was said; None when none or several fit."""
    if not model.trims:
        return None
    have = {*said, f"{cc / 1000:.1f}"} if cc else set(said)
    best: list[tuple[tuple[int, int, int], str]] = []
    for trim in model.trims:
        names = trim.names
        if not trim.core <= have:
            continue
        if gears and names.transmission and names.transmission != gears:
            continue
        if cc and names.engine_cc and abs(names.engine_cc - cc) > 110:
            continue
        if year and ((names.year_from and year < names.year_from - 1) or (names.year_to and year > names.year_to + 1)):
            continue
        missed = len(trim.gears - have)
        fits = int(bool(gears and names.transmission == gears)) + int(bool(names.year_to is None or not year))
        best.append(((len(trim.core), len(trim.gears) - 2 * missed, fits), names.slug))
    best.sort(reverse=True)
    if not best or (len(best) > 1 and best[0][0] == best[1][0]):
        return None
    return best[0][1]


def _make(
    said: str, in_model: list[str], in_title: list[str], vocabulary: Vocabulary, learned: Learned
) -> tuple[Make | None, bool]:
    """With whether the column of makes has told it."""
    if said:
        slug = learned.get(("make", plain(said)))
        if slug in vocabulary.makes:
            return vocabulary.makes[slug], True
        squashed = squash(said)
        found = vocabulary.by_make.get(squashed) or _make_in(tokens(said), vocabulary)
        near = None if found else vocabulary.near_makes.find(squashed)
        found = found or (vocabulary.by_make[near] if near else None)
        if found:
            return found, True
        joined = _make_in([*tokens(said), *(in_model or in_title)], vocabulary)
        return (joined, True) if joined and _begins(joined, [*tokens(said), *(in_model or in_title)]) else (None, False)
    return _make_in(in_model, vocabulary) or _make_in(in_title, vocabulary) or _near_make(in_title, vocabulary), False


def _begins(make: Make, said: list[str]) -> bool:
    return any("".join(said[:end]) in make.names for end in range(1, 4))


def _make_in(said: list[str], vocabulary: Vocabulary) -> Make | None:
    """The first make of a text, the longest name of it."""
    for start in range(min(len(said), 8)):
        for end in range(min(len(said), start + 3), start, -1):
            name = "".join(said[start:end])
            make = vocabulary.by_make.get(name)
            if make and (len(name) > 3 or start == 0 or name in ("kia", "bmw", "faw", "byd", "mg", "jac")):
                return make
    return None


def _near_make(said: list[str], vocabulary: Vocabulary) -> Make | None:
    near = vocabulary.near_makes.find(said[0]) if said else None
    return vocabulary.by_make[near] if near else None


def _model(
    said: str, in_model: list[str], make: Make | None, vocabulary: Vocabulary, learned: Learned
) -> _Found | None:
    if not said:
        return None
    for raw in (said, _left(said, make) if make else said):
        slug = learned.get(("model", plain(raw)))
        if slug:
            own, _, name = slug.rpartition("/")
            makes = [vocabulary.makes.get(own)] if own else [make] if make else list(vocabulary.makes.values())
            for one in makes:
                for model in one.by_name.values() if one else ():
                    if model.names.slug == name:
                        return _Found(model, 0, 0, name)
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
            if make is None and not vocabulary.is_distinct(name) and (start or (in_title and name.isdecimal())):
                continue
            if make is not None and name.isdecimal() and said[end : end + 1] == ["cc"]:
                continue
            if said[end : end + 1] and said[end] in _OTHERS.get(model.names.slug, ()):
                continue
            best = _Found(model, start, end, name)
    if best is None and make is not None:
        best = _classed(said, make) or (_near_model(said, make) if in_title else None)
    return best


def _near_model(said: list[str], make: Make) -> _Found | None:
    for at, word in enumerate(said[:6]):
        near = make.near.find(word) if word not in make.by_name else None
        if near:
            return _Found(make.by_name[near], at, at + 1, near)
    return None


def _classed(said: list[str], make: Make) -> _Found | None:
    """ "C180" and "Benz C" are the C-Class, "320i" is the 3 Series."""
    for model in make.by_name.values():
        named = _CLASS.fullmatch(" ".join(tokens(model.names.name)))
        if not named:
            continue
        for at, word in enumerate(said):
            after = said[at + 1] if at + 1 < len(said) else ""
            if named[1] and word == named[1]:
                if (after.isdecimal() and len(after) in (2, 3)) or (at <= 2 and (at > 0 or len(said) == 1)):
                    return _Found(model, at, at + 1, model.names.slug)
            elif named[2] and len(word) == 3 and word.isdecimal() and word[0] == named[2] and word[1:] != "00":
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


def _left(said: str, make: Make) -> str:
    """A model's text without the make and without years: what is to be learned."""
    kept = [
        word for word in said.split() if squash(word) not in make.names and not re.fullmatch(r"(?:19|20)\d\d", word)
    ]
    return " ".join(kept)


def _said(raw: str) -> str:
    text = " ".join(raw.split())
    return "" if missing(plain(text)) else text[:200]
