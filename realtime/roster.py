"""Who has a live socket in this process."""

from collections import defaultdict
from collections.abc import Iterator

from app.core.ids import Id
from realtime.listener import Listener

MOST_PER_PERSON = 20


class Roster:
    """Listeners by person."""

    def __init__(self) -> None:
        self._by_person: dict[Id, set[Listener]] = defaultdict(set)

    def __len__(self) -> int:
        return sum(map(len, self._by_person.values()))

    def __iter__(self) -> Iterator[Listener]:
        return (listener for listeners in list(self._by_person.values()) for listener in list(listeners))

    def full(self, person_id: Id) -> bool:
        return len(self._by_person.get(person_id, ())) >= MOST_PER_PERSON

    def enter(self, listener: Listener) -> None:
        self._by_person[listener.who.person_id].add(listener)

    def leave(self, listener: Listener) -> None:
        listeners = self._by_person.get(listener.who.person_id)
        if listeners is not None:
            listeners.discard(listener)
            if not listeners:
                del self._by_person[listener.who.person_id]
