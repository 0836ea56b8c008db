"""Whatever bytes a file has and whatever cells a row has: a refusal by name or a reading, never a fault."""

import json
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.feeds.rules import FIELDS, Column, Reader, SheetRow, Unreadable, Vocabulary, check, open_sheet, propose
from app.feeds.rules.words import FILES, ROWS
from tests.feeds import made

VOCABULARY = Vocabulary.shipped()
WORDS = (
    "", "-", "lakh", "crore", "42.5", "۴۲٫۵", "لاکھ", "Toyota", "Corolla", "City", "2015", "2008", "km", "cc", "$", "/",
    ",", "1e9", "-5", "Lahore", "in", "C", "180", "http://[", "https://a.pk/x?y=z", "Call", "sarhe", "9" * 30, "\0",
    "\ud800", "٫", "²", "½", "①", "४",
)  # fmt: skip
CELL = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=5).map("".join),
)
COLUMNS = [Column(at, field, 1.0, ()) for at, field in enumerate(FIELDS)]
SEEDS = (
    made.text().encode(),
    made.text(separator=";").encode("utf-16"),
    made.xml().encode(),
    made.zipped(made.text().encode()),
    json.dumps({"items": [dict(zip(made.HEADING, row, strict=True)) for row in made.ROWS]}).encode(),
    made.gzipped(made.text().encode()),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(CELL, min_size=len(FIELDS), max_size=len(FIELDS)))
def test_any_cells(cells: list[str]) -> None:
    reader = Reader(VOCABULARY, {field: field for field in FIELDS}, COLUMNS, learned={}, this_year=2026)
    got = reader.read(SheetRow(2, tuple(cells)))

    assert {one.code for one in (*got.problems, *got.doubts)} <= set(ROWS)
    assert (got.facts is None) == bool(got.problems)
    if got.facts is not None:
        assert got.key
        assert got.facts.asking_price is None or 0 < got.facts.asking_price <= 9_999_999_999
        assert got.facts.odometer_km is None or 0 <= got.facts.odometer_km <= 2_000_000
        assert got.facts.engine_cc is None or 50 <= got.facts.engine_cc <= 20_000
        assert got.facts.year is None or 1950 <= got.facts.year <= 2100
        assert len(got.facts.colour or "") <= 30
        assert len(got.facts.registered_in or "") <= 60
        assert got == reader.read(SheetRow(2, tuple(cells)))


def opened(raw: bytes) -> None:
    """Reads all of it and proposes a mapping, as the screens do."""
    with tempfile.TemporaryDirectory() as folder:
        path = made.put(Path(folder), raw)
        try:
            sheet = open_sheet(path)
            rows = list(sheet.rows())
        except Unreadable as refusal:
            code = refusal.code
            rows = []
            sheet = None
        if sheet is None:
            assert code in FILES
            return
        guesses = propose(sheet.columns, kept=None, vocabulary=VOCABULARY)
        check({header: guess.field for header, guess in guesses.items()}, sheet.columns)
        assert all(len(row.cells) == len(sheet.columns) for row in rows)
        assert len({column.header for column in sheet.columns}) == len(sheet.columns)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    opened(raw)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 5000), st.binary(min_size=1, max_size=4)), max_size=4))
def test_good_files_gone_bad(seed: bytes, changes: list[tuple[int, bytes]]) -> None:
    raw = bytearray(seed)
    for at, change in changes:
        raw[at % len(raw) : at % len(raw) + len(change)] = change
    opened(bytes(raw))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(CELL, max_size=6), max_size=12))
def test_any_table(rows: list[list[str]]) -> None:
    opened(made.text(rows).encode("utf-8", "replace"))
