"""Who views what in one org, as all processes say it together: merged, and told apart from what it was before."""

from collections.abc import Hashable, Iterable
from uuid import UUID

from msgspec import Struct

from app.core.ids import Id


class View(Struct, frozen=True):
    """A person has the thing `lead` open; it belongs to the lists `keys`."""

    lead: Id
    keys: tuple[str, ...]
    person: Id
    name: str
    typing: bool


class Onlooker(Struct, frozen=True, omit_defaults=True):
    """What others are told: one person once, however many sockets they have it open on."""

    id: UUID
    name: str
    typing: bool = False


class Views:
    """Each source (a listener here, or another process) replaces all it has said before."""

    def __init__(self) -> None:
        self._said: dict[Hashable, frozenset[View]] = {}
        self._of: dict[Id, set[tuple[Hashable, View]]] = {}

    def put(self, source: Hashable, views: Iterable[View]) -> set[tuple[str, Id]]:
        """The (key, lead) that may look different now."""
        before, now = self._said.pop(source, frozenset()), frozenset(views)
        if now:
            self._said[source] = now
        for view in before - now:
            self._of[view.lead].discard((source, view))
            if not self._of[view.lead]:
                del self._of[view.lead]
        for view in now - before:
            self._of.setdefault(view.lead, set()).add((source, view))
        return {(key, view.lead) for view in before ^ now for key in view.keys}

    def onlookers(self, lead: Id) -> list[Onlooker]:
        """Those who type first, then by name."""
        found: dict[Id, Onlooker] = {}
        for _, view in self._of.get(lead, ()):
            known = found.get(view.person)
            if known is None or (view.typing and not known.typing):
                found[view.person] = Onlooker(view.person, view.name, view.typing)
        return sorted(found.values(), key=lambda one: (not one.typing, one.name, one.id))

    def of_key(self, key: str) -> dict[Id, list[Onlooker]]:
        """The whole list `key`."""
        return {lead: self.onlookers(lead) for lead, said in self._of.items() if any(key in v.keys for _, v in said)}

    def of(self, sources: Iterable[Hashable]) -> set[View]:
        return {view for source in sources for view in self._said.get(source, ())}

    @property
    def empty(self) -> bool:
        return not self._said
