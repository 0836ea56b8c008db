"""The commit message lint, as the hook runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "infra/scripts/commit_message.py"


def lint(tmp_path: Path, message: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "COMMIT_EDITMSG"
    file.write_text(message, encoding="utf-8")
    return subprocess.run([sys.executable, SCRIPT, file], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "message",
    [
        "feat(realtime): one frame for many sockets",
        "fix: a lease ends when its job does\n\nThe why, at length.",
        "feat(api)!: cursors replace pages",
        "Merge branch 'x'",
        "docs: runbook\n# comment of git",
    ],
)
def test_a_good_message_passes(tmp_path, message):
    assert lint(tmp_path, message).returncode == 0


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("did some stuff", "types:"),
        ("feat: ends with a full stop.", "types:"),
        ("feature: unknown type", "types:"),
        ("fix: " + "x" * 130, "characters"),
        ("fix: no blank line\nbody", "second line"),
        ("", "types:"),
    ],
)
def test_a_bad_message_is_refused_with_the_reason(tmp_path, message, why):
    answer = lint(tmp_path, message)

    assert answer.returncode == 1
    assert why in answer.stdout
