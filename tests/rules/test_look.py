"""What the look promises, held by a machine."""

import re
import runpy
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = sorted((ROOT / "static" / "css").glob("*.css"))
PAGES = [path for path in sorted((ROOT / "templates").rglob("*.html")) if path.name != "mail.html"]
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)|left|right|top|bottom)\s*:"
    r"|text-align:\s*(?:left|right)|float:\s*(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius"
    r"|(?<![\w-])(?:min-|max-)?(?:width|height)\s*:"
)  # fmt: skip


@pytest.mark.parametrize("path", CSS, ids=lambda path: path.name)
def test_css_has_no_left_and_no_right(path: Path) -> None:
    assert not PHYSICAL.findall(re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL))


@pytest.mark.parametrize("path", CSS, ids=lambda path: path.name)
def test_css_stands_in_a_layer_and_shouts_only_for_reduced_motion(path: Path) -> None:
    text = re.sub(
        r"@media \(prefers-reduced-motion: reduce\) \{.*?\n  \}", "", path.read_text("utf-8"), flags=re.DOTALL
    )

    assert "@layer" in text
    assert "!important" not in text


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_templates_carry_no_inline_style_script_or_handler(path: Path) -> None:
    text = path.read_text("utf-8")

    data = '<script type="application/ld+json">'  # facts for machines: nothing runs
    bare = text.replace(data, "")
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\son[a-z]+=[\"']|javascript:|hx-on|hx-live", bare)
    assert "style=" not in text or path.name == "mail.html" or "/mail" in path.as_posix()
    assert "|safe" not in text


def test_other_peoples_files_are_what_the_list_says() -> None:
    assert _run("vendor.py", "check").startswith("vendored files")


def test_every_sentence_is_in_the_catalogue_and_in_urdu() -> None:
    assert catalogue()["check"]() == []


def test_the_reviewers_sheet_has_a_row_for_every_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    catalogue()["main"](["sheet"])
    sheet = capsys.readouterr().out

    assert "Sign in" in sheet
    assert "سائن اِن" in sheet


@cache
def catalogue() -> dict[str, Any]:
    """The script: both tests read the sentences it collected once."""
    return runpy.run_path(str(ROOT / "infra/scripts/catalogue.py"))


def _run(script: str, *words: str) -> str:
    told = subprocess.run(
        [sys.executable, f"infra/scripts/{script}", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


def test_no_two_macros_have_one_name() -> None:
    """All are `ui.NAME`: the later would hide the earlier."""
    found = [
        name
        for path in sorted((ROOT / "templates" / "ui").glob("*.html"))
        for name in re.findall(r"^\{% macro ([a-z]\w*)\(", path.read_text("utf-8"), re.MULTILINE)
    ]

    assert sorted({name for name in found if found.count(name) > 1}) == []
