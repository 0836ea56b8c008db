"""Commit messages are `type(scope): what changed`; run as a hook with the message's file, or with --range A..B."""

import re
import subprocess
import sys
from pathlib import Path

TYPES = ["build", "chore", "ci", "docs", "feat", "fix", "perf", "refactor", "revert", "style", "test"]
_SUBJECT = re.compile(rf"^({'|'.join(TYPES)})(\([a-z0-9][a-z0-9 ,/-]*\))?!?: \S.*[^.\s]$")
_MADE_BY_GIT = re.compile(r"^(Merge|Revert|fixup!|squash!|amend!) ")


def faults(message: str) -> list[str]:
    """What is wrong with a message, a line each."""
    lines = [line for line in message.splitlines() if not line.startswith("#")]
    subject = lines[0] if lines else ""
    if _MADE_BY_GIT.match(subject):
        return []
    found = []
    if not _SUBJECT.match(subject):
        found.append(f"{subject!r} is not `type(scope): what changed` without a full stop; types: {', '.join(TYPES)}")
    if len(subject) > 120:
        found.append(f"the first line has {len(subject)} characters, at most 120 fit")
    if len(lines) > 1 and lines[1].strip():
        found.append("the second line is not empty")
    return found


def _messages(arguments: list[str]) -> list[str]:
    if arguments[:1] == ["--range"]:
        said = subprocess.run(["git", "log", "--format=%B%x00", *arguments[1:]], check=True, capture_output=True)
        return [message.strip() for message in said.stdout.decode().split("\0") if message.strip()]
    return [Path(path).read_text(encoding="utf-8") for path in arguments]


def main() -> int:
    found = [fault for message in _messages(sys.argv[1:]) for fault in faults(message)]
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
