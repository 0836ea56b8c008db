"""A panel of a board as rows of a sheet: the figures of the screen, in plain numbers."""

from collections.abc import Iterator
from typing import Any, Literal

from app.analytics.schemas import Board, Figure, Line
from app.core.i18n import Lang, _, translate
from app.core.templating import environment_of

Panel = Literal["tiles", "sources", "members", "branches"]
PANELS: dict[str, str] = {
    "tiles": _("Figure"), "sources": _("Source"), "members": _("Member"), "branches": _("Branch"),
}  # fmt: skip

_COLUMNS = (
    (_("Open"), "open"),
    (_("Unassigned"), "unassigned"),
    (_("Late"), "late"),
    (_("Arrived"), "arrived"),
    (_("Answered"), "answered"),
    (_("Answered in time"), "in_time"),
    (_("In time, percent"), "in_time_percent"),
    (_("Median first answer, business minutes"), "median_s"),
    (_("Deadline missed"), "breached"),
    (_("Won"), "won"),
)


def rows(board: Board, panel: Panel, lang: Lang) -> Iterator[list[object]]:
    """The header, then a row each; the last row of a table is its total."""
    if panel == "tiles":
        yield [translate(word, lang) for word in (PANELS[panel], _("Now"), _("Before"))]
        yield from _tiles(board, lang)
        return
    yield [translate(word, lang) for word in (PANELS[panel], *(label for label, _field in _COLUMNS))]
    for line in {"sources": board.sources, "members": board.members, "branches": board.branches}[panel]:
        yield [_name(line, panel, lang), *_figures(line)]
    yield [translate(_("Total"), lang), *_figures(board.total)]


def _name(line: Line, panel: Panel, lang: Lang) -> str:
    if line.name is not None:
        return line.name
    if panel == "sources":
        words: Any = environment_of(lang).globals["ui"]
        return str(words.lead_source(line.key)).strip()
    return translate(_("Nobody") if panel == "members" else _("No branch"), lang)


def _figures(line: Line) -> list[object]:
    return [minutes(line.median_s) if field == "median_s" else getattr(line, field) for _label, field in _COLUMNS]


def _tiles(board: Board, lang: Lang) -> Iterator[list[object]]:
    tiles = board.tiles
    for label, count in (
        (_("Open"), tiles.open),
        (_("Unassigned"), tiles.unassigned),
        (_("Due soon"), tiles.soon),
        (_("Late"), tiles.late),
    ):
        yield [translate(label, lang), count, None]
    for label, figure in (
        (_("Arrived"), tiles.arrived),
        (_("Answered"), tiles.answered),
        (_("Median first answer, business minutes"), _minutes(tiles.median_s)),
        (_("Nine in ten answered within, business minutes"), _minutes(tiles.p90_s)),
        (_("In time, percent"), tiles.in_time_percent),
        (_("Deadline missed"), tiles.breached),
        (_("Won"), tiles.won),
    ):
        yield [translate(label, lang), figure.now, figure.before]


def _minutes(figure: Figure) -> Figure:
    return Figure(minutes(figure.now), minutes(figure.before))


def minutes(seconds: int | None) -> int | None:
    """Whole ones, as the screen says them."""
    return None if seconds is None else round(seconds / 60)
