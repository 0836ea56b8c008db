"""Makes, models, trims and places by everything they are called, laid out so that a question is read in a moment."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Final, Literal

import msgspec
from msgspec import Struct

from app.listings.rules.names import CityNames, MakeNames, ModelNames, TrimNames, words
from app.listings.rules.near import Near, distance
from app.listings.rules.said import squash, tokens
from app.search.rules.phrases import DATA
from app.search.rules.sounds import bones, sound

Kind = Literal["make", "model", "city", "province"]
How = Literal["named", "alias", "sound", "typo"]
_OTHER_NAMES: Final = msgspec.json.decode((DATA / "names.json").read_bytes(), type=dict[str, dict[str, list[str]]])
_PLACES = 30
"""Weights of cities count their rank, those of models their adverts."""
_SURE = 4
"""Letters of a word of a trim that tell its model alone."""


class Entity(Struct, frozen=True):
    """`make` is that of a model, and of a make its own. `weight`: how often it is on offer."""

    kind: Kind
    slug: str
    name: str
    name_ur: str
    make: str = ""
    weight: int = 0

    def misspelt(self, alias: str) -> bool:
        """Whether an alias is no other name but the own one with a slip: "carolla", "sivic"."""
        names = [name for name in (squash(self.name), squash(self.name_ur)) if len(name) >= 4]
        heard = sound(alias)
        return (
            alias.isalpha()
            and len(alias) >= 4
            and any(alias != name and distance(heard, sound(name)) <= 1 + (len(heard) > 4) for name in names)
        )


class Match(Struct, frozen=True):
    """`apart`: how unlike the name, in letters."""

    entity: Entity
    how: How
    apart: float = 0.0


class Lexicon:
    """Built when the catalogue changes, shared by every question, never written to."""

    def __init__(
        self,
        makes: Iterable[MakeNames],
        models: Iterable[ModelNames],
        trims: Iterable[TrimNames],
        places: Iterable[CityNames],
    ) -> None:
        self._names: dict[str, list[Match]] = {}
        self.longest = 1
        self.entities: dict[tuple[Kind, str, str], Entity] = {}
        for make in makes:
            self._add(
                Entity("make", make.slug, make.name, make.name_ur, make.slug, make.weight), make.aliases, make.slug
            )
        for model in models:
            entity = Entity("model", model.slug, model.name, model.name_ur, model.make, model.weight)
            self._add(entity, model.aliases, f"{model.make}/{model.slug}")
        for place in places:
            kind: Kind = "city" if place.kind == "city" else "province"
            entity = Entity(kind, place.slug, place.name, place.name_ur, weight=place.weight * _PLACES)
            self._add(entity, place.aliases, place.slug)
        self.trim_words = {
            name: word for word, others in _OTHER_NAMES["trim"].items() for other in others for name in tokens(other)
        }
        """Words of trims in Urdu."""
        self.trims: dict[tuple[str, str], list[tuple[str, str, frozenset[str]]]] = {}
        for trim in trims:
            known = self.trims.setdefault((trim.make, trim.model), [])
            known.append((trim.slug, trim.name, frozenset(words(trim.name))))

    def _add(self, entity: Entity, aliases: Iterable[str], key: str) -> None:
        self.entities[entity.kind, entity.make, entity.slug] = entity
        others = _OTHER_NAMES.get(entity.kind, {}).get(key, ())
        named: list[tuple[str, How]] = [(entity.name, "named"), (entity.name_ur, "named"), (entity.slug, "named")]
        for name, how in (*named, *((alias, "alias") for alias in (*aliases, *others))):
            squashed = squash(name)
            matches = self._names.setdefault(squashed, []) if squashed else []
            if not any(one.entity is entity for one in matches):
                matches.append(Match(entity, how))
                self.longest = max(self.longest, len(tokens(name)))

    def named(self, squashed: str) -> list[Match]:
        """What is called exactly so."""
        return self._names.get(squashed, [])

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._names)

    def beginning(self, squashed: str) -> list[Match]:
        """What has a name that begins so, those called exactly so first."""
        found: list[Match] = []
        at = bisect_left(self._sorted, squashed)
        while squashed and at < len(self._sorted) and self._sorted[at].startswith(squashed):
            found += self._names[self._sorted[at]]
            at += 1
        return found

    @cached_property
    def _alphabetic(self) -> list[str]:
        return [name for name in self._names if name.isalpha() and len(name) >= 4]

    @cached_property
    def _near(self) -> Near[str]:
        return Near({name: name for name in self._alphabetic}, shortest=4, long=8)

    @cached_property
    def _heard(self) -> Near[list[str]]:
        return Near(self._by(sound), shortest=4, long=10)

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        return self._by(sound)

    @cached_property
    def _by_bones(self) -> dict[str, list[str]]:
        return self._by(lambda name: bones(sound(name)))

    def _by(self, key: Callable[[str], str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self._alphabetic:
            if made := key(name):
                found.setdefault(made, []).append(name)
        return found

    def like(self, word: str) -> list[Match]:
        """What a word that is no name may be meant for, the likeliest first: by its sound, else by its letters."""
        heard = sound(word)
        found: dict[str, tuple[How, float]] = {}

        def meet(names: Iterable[str], how: How, apart: float) -> None:
            for name in names:
                if name not in found or apart < found[name][1]:
                    found[name] = how, apart + (not _begin_alike(word, name))

        meet(self._by_sound.get(heard, ()), "sound", 0.25)
        for name, apart in self._near.candidates(word):
            meet((name,), "typo", apart)
        for other, apart in self._heard.candidates(heard):
            meet(self._by_sound[other], "sound", apart + 0.1)
        for name in self._by_bones.get(bones(heard), ()):
            apart = distance(heard, sound(name))
            if apart <= 2 and abs(len(name) - len(word)) <= 2:
                meet((name,), "sound", apart + 0.2)
        most = 2.5 if len(word) >= 8 else 1.5
        matches = [
            Match(one.entity, how, apart)
            for name, (how, apart) in found.items()
            if apart <= (most if bones(heard) else 1.5)
            for one in self._names[name]
        ]
        return sorted(matches, key=lambda one: (int(one.apart), -one.entity.weight, one.apart))

    @cached_property
    def owners(self) -> Mapping[str, tuple[str, str]]:
        """Words of trims that only one model has: who says "Oriel" means a Civic."""
        found: dict[str, set[tuple[str, str]]] = {}
        for model, trims in self.trims.items():
            for word in {
                word for _slug, _name, said in trims for word in said if len(word) >= _SURE and word.isalpha()
            }:
                found.setdefault(word, set()).add(model)
        return {
            word: next(iter(models))
            for word, models in found.items()
            if len(models) == 1 and len(word) >= _SURE and word.isalpha()
        }

    def warm(self) -> "Lexicon":
        """Everything that is laid out on first use."""
        _ = self._sorted, self._near, self._heard, self._by_sound, self._by_bones, self.owners
        return self


def _begin_alike(word: str, name: str) -> bool:
    vowels = "aeiou"
    one, other = sound(word)[:1], sound(name)[:1]
    return one == other or word[0] == name[0] or (one in vowels and other in vowels)
