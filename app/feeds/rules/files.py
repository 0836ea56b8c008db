"""A dealer's file as rows under columns, whatever format, encoding and separator; streamed, in bounded memory."""

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from app.feeds.rules import markup, objects
from app.feeds.rules.bounds import CHUNK, MOST_COLUMNS, MOST_SCANNED, SAMPLED_ROWS
from app.feeds.rules.delimited import NONE, chosen_separator, records, separator_of
from app.feeds.rules.encodings import Encoding, chosen_encoding, encoding_of, is_text, lines_of, open_text
from app.feeds.rules.headers import field_of
from app.feeds.rules.sheets import Format, Records, Sheet, sheet_of
from app.feeds.rules.source import Source, source_of
from app.feeds.rules.tables import Heading, distinct, heading_of, width_of
from app.feeds.rules.trees import Outline, Rows
from app.feeds.rules.unreadable import Unreadable
from app.feeds.rules.workbook import Tab, Workbook

_SNIFFED_LINES = 200


def open_sheet(
    path: Path,
    name: str = "",  # noqa: ARG001 - what a file is called says nothing of what it is
    *,
    encoding: str | None = None,
    separator: str | None = None,
    tab: str | None = None,
    format: Format | None = None,  # noqa: A002 - the word of the trade
) -> Sheet:
    """What is chosen here corrects a wrong guess. Raises Unreadable."""
    source = source_of(path)
    if source.packing == "workbook":
        return _open_workbook(path, tab)
    chosen = chosen_encoding(encoding) if encoding else encoding_of(source)
    with closing(open_text(source, chosen.name)) as text:
        beginning = text.read(CHUNK)
    length, beginning = len(beginning), beginning.replace("\0", "").lstrip("\ufeff")
    start = beginning.lstrip()
    if not start:
        raise Unreadable("empty" if length < CHUNK else "not_a_sheet")
    if not is_text(beginning):
        raise Unreadable("not_a_sheet")
    if markup.is_page(start):
        raise Unreadable("html_page")
    kind = format or _format_of(start)
    if kind == "xml":
        return _open_tree("xml", markup.tell, source, chosen)
    if kind == "json":
        return _open_tree("json", objects.tell, source, chosen)
    if kind == "xlsx":
        raise Unreadable("not_a_sheet")
    if kind not in ("csv", "tsv"):
        raise Unreadable("unknown_format")
    wanted = chosen_separator(separator) if separator is not None else "\t" if format == "tsv" else None
    return _open_delimited(source, chosen, wanted)


def _format_of(start: str) -> Format:
    if start.startswith("<"):
        return "xml"
    if start.startswith("{") or (start.startswith("[") and start[1:].lstrip()[:1] in ("{", "]", "[")):
        return "json"
    return "csv"


def _open_delimited(source: Source, encoding: Encoding, separator: str | None) -> Sheet:
    with closing(open_text(source, encoding.name)) as text:
        lines = list(islice(lines_of(text), _SNIFFED_LINES))
    split = separator or separator_of([line for line in lines if line.strip()])
    told = bool(lines) and lines[0].strip().lower() == f"sep={split}"

    def stream(width: int = 0) -> Records:
        with closing(open_text(source, encoding.name)) as text:
            numbered = enumerate(records(lines_of(text), split, width), 1)
            yield from islice(numbered, 1, None) if told else numbered

    sample = list(islice(stream(), SAMPLED_ROWS))
    if width_of(sample) > MOST_COLUMNS:
        raise Unreadable("too_many_columns")
    heading = heading_of(sample)
    width = len(heading.raw)
    notes = _notes(heading, mixed=encoding.mixed)
    return sheet_of(
        format="tsv" if split == "\t" else "csv",
        encoding=encoding.name,
        separator="" if split == NONE else split,
        heading=heading,
        notes=notes,
        reread=lambda: stream(width),
    )


def _open_workbook(path: Path, tab: str | None) -> Sheet:
    with closing(Workbook(path)) as workbook:
        visible = [one for one in workbook.tabs if not one.hidden] or workbook.tabs
        if tab is not None:
            wanted = [one for one in workbook.tabs if one.name == tab]
            if not wanted:
                raise Unreadable("unknown_tab")
            candidates = wanted
        else:
            candidates = visible
        best: tuple[tuple[int, int], Tab, Heading] | None = None
        for one in candidates[:20]:
            sample = list(islice(workbook.rows(one), 100))
            heading = heading_of(sample)
            told = len({found[0] for cell in heading.names if (found := field_of(cell))})
            score = (told, min(len(sample), 2))
            if sample and (best is None or score > best[0]):
                best = (score, one, heading)
    if best is None:
        raise Unreadable("empty")
    chosen, heading = best[1], best[2]

    def stream() -> Records:
        with closing(Workbook(path)) as workbook:
            yield from workbook.rows(chosen)

    notes = _notes(heading)
    if any(one.hidden for one in workbook.tabs) and not chosen.hidden:
        notes.append("hidden_tabs")
    return sheet_of(
        format="xlsx",
        encoding="utf-8",
        separator="",
        heading=heading,
        notes=notes,
        reread=stream,
        tabs=tuple(one.name for one in visible),
        tab=chosen.name,
    )


def _open_tree(kind: Format, tell: Callable[..., Iterator[int]], source: Source, encoding: Encoding) -> Sheet:
    outline = Outline()
    notes = ["mixed_encoding"] if encoding.mixed else []
    read = 0
    with closing(open_text(source, encoding.name)) as text:
        for length in tell(text, outline):
            read += length
            if read > MOST_SCANNED:
                notes.append("sampled")
                break
    path, leaves = outline.record(lambda name: field_of(name) is not None)
    if len(leaves) > MOST_COLUMNS:
        notes.append("more_columns")
    leaves = leaves[:MOST_COLUMNS]

    def stream() -> Records:
        rows, number = Rows(path, leaves), 0
        with closing(open_text(source, encoding.name)) as text:
            for _length in tell(text, rows):
                for cells in rows.found:
                    number += 1
                    yield number, cells
                rows.found.clear()

    heading = Heading(0, distinct(leaves))
    return sheet_of(
        format=kind, encoding=encoding.name, separator="", heading=heading, notes=notes, reread=stream
    )  # fmt: skip


def _notes(heading: Heading, *, mixed: bool = False) -> list[str]:
    told = [("mixed_encoding", mixed), ("no_heading", heading.row == 0), ("renamed_columns", heading.renamed)]
    return [note for note, holds in told if holds]
