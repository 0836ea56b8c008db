"""The fuzzer of parsers, in small: it makes the same file again, reads them all, and sees a reader die or hang."""

import ctypes
import json
from pathlib import Path

import pytest

from loadtests import fuzz_parsers
from loadtests.parsers.spoil import SEEDS, made_bad


@pytest.mark.parametrize("kind", SEEDS)
def test_a_number_is_always_the_same_file(kind: str) -> None:
    seeds = SEEDS[kind]()
    if kind != "xlsx":  # a workbook is packed again, with the hour in it
        assert made_bad(kind, 7, 1, seeds) == made_bad(kind, 7, 1, seeds)
    assert made_bad(kind, 7, 1, seeds) != made_bad(kind, 8, 1, seeds)


def test_a_short_run_is_clean_and_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = fuzz_parsers.main(["--minutes", "0.05", "--kinds", "json,csv", "--keep", str(tmp_path)])

    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert code == 0
    assert told["bad"] == 0
    assert told["kinds"]["json"]["files"] > 0


def test_an_unknown_parser_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert fuzz_parsers.main(["--kinds", "json,pdf"]) == 2
    assert "pdf" in capsys.readouterr().err


def _dies(*_: object) -> None:
    ctypes.string_at(0)


def test_a_reader_that_dies_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz_parsers, "child", _dies)

    outcome = fuzz_parsers.fuzz("json", 0.03, 1, tmp_path)

    assert outcome.crashes > 0
    assert "ended with -11" in outcome.examples[0]
