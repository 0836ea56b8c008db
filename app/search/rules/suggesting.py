"""What somebody may be about to type: makes, models, trims and cities that have cars, by prefix and by slip."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, Literal

from msgspec import Struct

from app.listings.rules.said import squash
from app.search.rules.lexicon import Entity, Lexicon
from app.search.rules.phrases import NOISE
from app.search.rules.pieces import SIGNS, Question

Kind = Literal["make", "model", "trim", "city"]
_MOST_WORDS: Final = 5


class Car(Struct, frozen=True):
    """How many live cars there are of a trim in a city; a part that no car says is empty."""

    make: str
    model: str
    trim: str
    city: str
    count: int


class Suggestion(Struct, frozen=True, kw_only=True):
    """`kind` is what it ends in; the slugs are filters, `count` how many live cars they leave."""

    kind: Kind
    name: str
    name_ur: str
    make: str | None = None
    model: str | None = None
    trim: str | None = None
    city: str | None = None
    count: int


class Stock:
    """Live cars counted every way that a suggestion can say."""

    def __init__(self, cars: Iterable[Car]) -> None:
        self._counts: Counter[tuple[str, str, str, str]] = Counter()
        for car in cars:
            model = car.model if car.make else ""
            for make, named in {("", ""), (car.make, ""), (car.make, model)}:
                for city in {"", car.city}:
                    self._counts[make, named, "", city] += car.count
            if model and car.trim:
                self._counts[car.make, model, car.trim, ""] += car.count

    def count(self, make: str = "", model: str = "", trim: str = "", city: str = "") -> int:
        return self._counts[make, model, trim, city]


def suggest(text: str, lexicon: Lexicon, stock: Stock, limit: int = 8) -> list[Suggestion]:
    """The likeliest first: what begins so, then what is like it; each only once, none without cars."""
    question = Question(text)
    every = [one.text for one in question.pieces if one.text not in SIGNS][-_MOST_WORDS:]
    words = [word for at, word in enumerate(every) if word not in NOISE or at == len(every) - 1]
    found: dict[tuple[str, str, str, str], Suggestion] = {}
    for like in (False, True):
        ranked: list[tuple[int, int, str, Suggestion]] = []
        for tier, one in _guesses(words, lexicon, stock, like=like):
            ranked.append((tier, -one.count, one.name, one))
        for _tier, _count, _name, one in sorted(ranked, key=lambda row: row[:3]):
            if one.count:
                found.setdefault((one.make or "", one.model or "", one.trim or "", one.city or ""), one)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def _guesses(words: list[str], lexicon: Lexicon, stock: Stock, *, like: bool) -> Iterator[tuple[int, Suggestion]]:
    """The whole as a name; else its beginning as one and the rest as the beginning of another."""
    if not words:
        return
    for entity, tier in _entities("".join(words), lexicon, like=like):
        yield tier, _alone(entity, lexicon, stock)
    for at in range(1, len(words)):
        head, tail = "".join(words[:at]), "".join(words[at:])
        for first, tier in _entities(head, lexicon, like=like, whole=True):
            if first.kind == "model":
                yield from ((tier, one) for one in _trims(first, words[at:], lexicon, stock))
            for second, further in _entities(tail, lexicon, like=like):
                both = _joined(first, second, lexicon, stock)
                if both:
                    yield tier + further, both


def _entities(word: str, lexicon: Lexicon, *, like: bool, whole: bool = False) -> Iterator[tuple[Entity, int]]:
    """With how sure it is, 0 the surest. Provinces are no places to look for cars in."""
    if like:
        for match in lexicon.like(word)[:6] if word.isalpha() and len(word) >= 4 else ():
            if match.entity.kind != "province":
                yield match.entity, 2 + int(match.apart)
    for match in lexicon.named(word) if whole else lexicon.beginning(word):
        if match.entity.kind != "province":
            yield match.entity, int(match.how != "named")


def _alone(entity: Entity, lexicon: Lexicon, stock: Stock) -> Suggestion:
    if entity.kind == "make":
        return Suggestion(
            kind="make", name=entity.name, name_ur=entity.name_ur, make=entity.slug, count=stock.count(entity.slug)
        )
    if entity.kind == "city":
        return Suggestion(
            kind="city", name=entity.name, name_ur=entity.name_ur, city=entity.slug, count=stock.count(city=entity.slug)
        )
    make = lexicon.entities["make", entity.make, entity.make]
    return Suggestion(
        kind="model",
        name=_both(make.name, entity.name),
        name_ur=_both(make.name_ur, entity.name_ur),
        make=entity.make,
        model=entity.slug,
        count=stock.count(entity.make, entity.slug),
    )


def _both(make: str, model: str) -> str:
    """A model that has its make's name already needs it once: MG4."""
    return model if squash(model).startswith(squash(make)) else f"{make} {model}"


def _joined(first: Entity, second: Entity, lexicon: Lexicon, stock: Stock) -> Suggestion | None:
    """ "toyota cor" is a model of that make, "civic lah" and "lahore civ" are that car in that city."""
    kinds = {first.kind, second.kind}
    if kinds == {"make", "model"}:
        return _alone(first if first.kind == "model" else second, lexicon, stock) if first.make == second.make else None
    if "city" not in kinds or len(kinds) != 2:
        return None
    car, city = (first, second) if second.kind == "city" else (second, first)
    alone = _alone(car, lexicon, stock)
    return Suggestion(
        kind="city",
        name=f"{alone.name}, {city.name}",
        name_ur=f"{alone.name_ur}، {city.name_ur}",
        make=alone.make,
        model=alone.model,
        city=city.slug,
        count=stock.count(alone.make or "", alone.model or "", city=city.slug),
    )


def _trims(model: Entity, words: list[str], lexicon: Lexicon, stock: Stock) -> Iterator[Suggestion]:
    """Trims with every word said; the last may only begin so."""
    alone = _alone(model, lexicon, stock)
    for slug, name, said in lexicon.trims.get((model.make, model.slug), ()):
        if set(words[:-1]) <= said and any(word.startswith(words[-1]) for word in said):
            yield Suggestion(
                kind="trim",
                name=f"{alone.name} {name}",
                name_ur=f"{alone.name_ur} {name}",
                make=model.make,
                model=model.slug,
                trim=slug,
                count=stock.count(model.make, model.slug, slug),
            )
