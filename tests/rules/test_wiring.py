"""Every fact has its line on the wiring page, and every function named there exists and is a coroutine."""

import importlib
import inspect
import pkgutil
from pathlib import Path

import app
from app import wiring
from app.core.events import Fact, Wire, tag_of


def declared() -> set[type[Fact]]:
    for found in pkgutil.iter_modules(app.__path__):
        if found.ispkg and importlib.util.find_spec(f"app.{found.name}.facts"):
            importlib.import_module(f"app.{found.name}.facts")
    below = set(Fact.__subclasses__())
    while more := {child for kind in below for child in kind.__subclasses__()} - below:
        below |= more
    return {kind for kind in below if kind.__module__.startswith("app.") and "." in tag_of(kind)}


def test_every_fact_is_wired():
    assert {kind.__name__ for kind in declared()} == {kind.__name__ for kind in wiring.TABLE}


def test_every_tag_is_noun_past_and_used_once():
    tags = [tag_of(kind) for kind in wiring.TABLE]

    assert len(tags) == len(set(tags))
    assert all(tag.count(".") == 1 for tag in tags)


def test_what_follows_a_fact_is_a_coroutine_of_a_live_or_reactions_module():
    for kind, wire in wiring.TABLE.items():
        assert isinstance(wire, Wire)
        for show in wire.show:
            assert inspect.iscoroutinefunction(show), kind
            assert show.__module__.endswith(".live"), kind
        for reaction in wire.do:
            assert inspect.iscoroutinefunction(reaction.function), kind
            assert reaction.function.__module__.endswith(".reactions"), kind


def test_activity_has_words_for_every_fact():
    words = (Path(app.__path__[0]).parent / "templates/ui/words.html").read_text()

    assert [tag_of(kind) for kind in wiring.TABLE if f'"{tag_of(kind)}":' not in words] == []
