""".env.example documents every variable."""

import re
from pathlib import Path

from app.core.settings import load, variables

PAGE = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
SHOWN = dict(re.findall(r"^#([A-Z0-9_]+)=(.*)$", PAGE, re.MULTILINE))


def test_every_variable_has_its_line_and_its_sentence():
    assert SHOWN.keys() == variables().keys()
    for name, sentence in variables().items():
        assert sentence, name
        assert f"# {sentence}\n#{name}=" in PAGE, f"{name}: run python infra/scripts/env_example.py"


def test_the_defaults_it_shows_are_those_of_the_settings():
    assert load(SHOWN) == load({})
