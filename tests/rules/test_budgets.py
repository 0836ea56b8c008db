"""What a page may weigh on its way to a phone: scripts, packed as the image ships them."""

import re
import sys
from functools import cache
from pathlib import Path

import pytest

from app.core import static
from app.core.templating import environment_of

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
PUBLIC_BYTES = 16_000
WITH_HTMX = {"results"}
"""Elsewhere forms are plain ones, and 12 KB are not loaded for nothing."""
_SCRIPT = re.compile(r"<script[^>]* src=\"/static/([^\"]+)\"")
_NAMED = re.compile(r"static\('((?:js|vendor)/[^']+)'\)")
_IMPORT = re.compile(rb"""(?:from\s*|import\s*\(?\s*)["']/static/([\w./-]+)["']""")
_OF_THE_DESK = ("desk-socket", "live-", "inbox", "app.js", "dialog", "preferences")


@cache
def shipped() -> static.Bundle:
    sys.path.insert(0, str(ROOT / "infra" / "scripts"))
    from build_static import minify

    return static.build(static.sources(), minify, best=True)


def reachable(*names: str) -> set[str]:
    """These files and everything they import, by their plain names."""
    plain = {path: name for name, path in shipped().names.items()}
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            content = shipped().files[shipped().names[name]].content
            waiting += [plain[path.decode()] for path in _IMPORT.findall(content)]
    return found


def packed(names: set[str]) -> int:
    files = [shipped().files[shipped().names[name]] for name in names]
    return sum(len(file.brotli or file.content) for file in files)


def scripts_of_the_layout() -> set[str]:
    page = environment_of("en").get_template("layouts/market.html")
    context = {
        "theme": "auto",
        "flash": None,
        "csrf_token": "",
        "other_url": "/ur",
        "here": "/",
        "here_with_query": "/",
    }
    plain = {path: name for name, path in static.bundle().names.items()}
    return {plain[path] for path in _SCRIPT.findall(page.render(context))}


def scripts_of(template: Path) -> set[str]:
    return scripts_of_the_layout() | set(_NAMED.findall(template.read_text("utf-8")))


PAGES = [path for path in sorted((TEMPLATES / "market").glob("*.html")) if not path.name.startswith("_")]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_scripts_of_a_public_page_fit_their_budget(page: Path) -> None:
    names = reachable(*scripts_of(page))
    print(f"{page.stem}: {packed(names):,} bytes in {len(names)} scripts")  # noqa: T201

    assert ("vendor/htmx.min.js" in names) == (page.stem in WITH_HTMX)
    assert packed(names) <= PUBLIC_BYTES


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_public_page_loads_nothing_of_the_desk(page: Path) -> None:
    names = reachable(*scripts_of(page))

    assert not [name for name in names if any(part in name for part in _OF_THE_DESK)]


def test_imports_are_followed() -> None:
    """Or the budget would count the first file only."""
    assert {"js/market.js", "js/sent.js", "js/kept.js"} <= reachable("js/market.js")
    assert {"js/live-tabs.js", "js/live-swap.js"} <= reachable("js/desk-socket.js")
