"""The one refusal of a file as a whole."""

from app.core.errors import Refused
from app.feeds.rules.words import FILES


class Unreadable(Refused, status=422, code="unreadable", says="This file cannot be read as a sheet of cars."):
    """Nothing of the file may be used. `code` is a key of `words.FILES`, `says` its sentence there."""

    def __init__(self, code: str) -> None:
        vars(self).update(code=code, says=FILES[code])
        super().__init__()
