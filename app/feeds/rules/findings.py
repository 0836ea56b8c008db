"""What is wrong, doubtful or unknown in one row, gathered while it is read."""

from app.core.bounds import clean_text
from app.feeds.rules.cars import Doubt, Problem, Told
from app.feeds.rules.lookups import Lookups
from app.feeds.rules.meanings import Kept, Meaning
from app.feeds.rules.sheets import SheetRow

LONGEST_VALUE = 120


class Findings:
    __slots__ = ("doubts", "know", "problems", "row", "unknown")

    def __init__(self, lookups: Lookups, row: SheetRow) -> None:
        self.know = lookups
        self.row = row
        self.problems: list[Problem] = []
        self.doubts: list[Doubt] = []
        self.unknown: list[tuple[str, str]] = []

    def refuse(self, field: str, raw: str, code: str) -> None:
        self.problems.append(Problem(self.know.headers.get(field, ""), clean_text(raw[:400])[:LONGEST_VALUE], code))

    def doubt(self, field: str, raw: str, code: str) -> None:
        self.doubts.append(Doubt(field, clean_text(raw[:400])[:LONGEST_VALUE], code))

    def figure(self, field: str, raw: str, told: Told) -> int | None:
        if told.problem:
            self.refuse(field, raw, told.problem)
        elif told.doubt:
            self.doubt(field, raw, told.doubt)
        return told.value

    def meant(self, field: str, raw: str, meaning: Kept[Meaning]) -> str | None:
        if not raw:
            return None
        value, unknown = meaning(raw)
        if unknown is not None:
            self.puzzle(field, unknown)
        return value

    def puzzle(self, field: str, raw: str) -> None:
        """A person may say what it means."""
        self.unknown.append((field, clean_text(raw[:400])[:LONGEST_VALUE]))
