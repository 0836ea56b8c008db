"""What questions mean. Pure: the catalogue's names come in as a Lexicon."""

from app.search.rules.lexicon import Entity, Lexicon, Match
from app.search.rules.understanding import Correction, Note, Understood, understand

__all__ = ["Correction", "Entity", "Lexicon", "Match", "Note", "Understood", "understand"]
