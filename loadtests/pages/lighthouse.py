"""Lighthouse, where somebody has installed it: nothing of the project needs it."""

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.support.browser import chromium

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
_FLAGS = "--headless=new --no-sandbox --disable-gpu"


def scores(program: str, url: str) -> dict[str, Any]:
    """Of 100, with the audits that failed; as a phone, over the slow line of its own."""
    with tempfile.TemporaryDirectory() as directory:
        report = Path(directory) / "report.json"
        subprocess.run(
            [
                program, url, "--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={_FLAGS}",
                f"--only-categories={','.join(CATEGORIES)}", "--throttling-method=devtools",
            ],
            env={**os.environ, "CHROME_PATH": chromium() or ""}, check=True, capture_output=True, timeout=300,
        )  # fmt: skip
        told = json.loads(report.read_text("utf-8"))
    found = {name: round(100 * (told["categories"][name]["score"] or 0)) for name in CATEGORIES}
    checked = {one["id"] for name in CATEGORIES[1:] for one in told["categories"][name]["auditRefs"]}
    failed = sorted(name for name in checked if told["audits"][name]["score"] not in (1, None))
    return {**found, "failed": failed}
