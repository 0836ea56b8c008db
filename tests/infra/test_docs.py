"""Every path and every `desk` command that the documents name exists."""

import re
from pathlib import Path

import pytest

from app.cli import desk

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "infra/docs").glob("*.md"))]
_PATH = re.compile(
    r"`((?:app|jobs|realtime|templates|static|migrations|infra|tests|loadtests|\.github)(?:/[\w.-]+)+/?)`"
)
_TARGET = re.compile(r"(?:`|^ *)make ([a-z-]+)", re.MULTILINE)
_COMMAND = re.compile(r"`(?:\.venv/bin/)?desk ([a-z]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_path_that_a_document_names_exists(page):
    missing = [path for path in _PATH.findall(page.read_text(encoding="utf-8")) if not (ROOT / path).exists()]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_command_that_a_document_names_exists(page):
    named = set(_COMMAND.findall(page.read_text(encoding="utf-8")))

    assert named <= set(desk.commands) | set(desk.list_commands(None))


@pytest.mark.parametrize("page", [*PAGES, ROOT / ".ci/run"], ids=lambda page: page.name)
def test_what_a_document_has_made_can_be_made(page):
    made = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(_TARGET.findall(page.read_text(encoding="utf-8"))) <= made


def test_ci_runs_every_suite():
    run = (ROOT / ".ci/run").read_text()

    assert _TARGET.findall(run) == ["lint", "test", "test-proofs", "test-bench"]


def test_owners_are_named_for_folders_that_exist():
    lines = (ROOT / ".github/CODEOWNERS").read_text().splitlines()
    paths = [line.split()[0] for line in lines if line.startswith("/")]

    assert [path for path in paths if not (ROOT / path.strip("/")).exists()] == []
