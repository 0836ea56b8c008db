"""Every macro in its states, in both languages, as it was when somebody last looked at it.

`UPDATE_SNAPSHOTS=1 make test` writes them anew; read the difference before you land it.
"""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.core import clock, render
from app.core.render import Theme
from app.core.settings import load
from app.core.templating import environment_of
from app.desk.dev import sample_member, sample_of

HERE = Path(__file__).parent
NOON = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize("lang", ["en", "ur"])
def test_the_gallery_looks_as_it_did(lang: str) -> None:
    render.install(load({"DESK_DEMO": "1"}))
    clock.use(lambda: NOON)
    try:
        shown = _gallery(lang, "auto")
    finally:
        clock.use(None)
    snapshot = HERE / f"gallery.{lang}.html"
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        snapshot.write_text(shown, "utf-8")

    assert shown == snapshot.read_text("utf-8")


def _gallery(lang: str, theme: Theme) -> str:
    shown = (
        environment_of("ur" if lang == "ur" else "en")
        .get_template("dev/components.html")
        .render(
            sample=sample_of(lang),
            who=sample_member(),
            theme=theme,
            digits="latin",
            flash=None,
            clearance="desk",
            request_id="",
            csrf_token="token",
            here="/dev/components",
            here_with_query="/dev/components",
        )
    )
    main = re.search(r"<main.*</main>", shown.replace("><", ">\n<"), re.DOTALL)
    assert main
    return re.sub(r"\.[0-9a-f]{10}\.", ".hash.", main[0]) + "\n"
