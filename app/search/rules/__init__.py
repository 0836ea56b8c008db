"""What questions mean. Pure: the catalogue's names come in as a Lexicon."""

from app.search.rules import sentences
from app.search.rules.lexicon import Entity, Lexicon, Match
from app.search.rules.phrases import ALIKE
from app.search.rules.suggesting import Car, Stock, Suggestion, suggest
from app.search.rules.understanding import Correction, Note, Understood, understand

__all__ = [
    "ALIKE", "Car", "Correction", "Entity", "Lexicon", "Match", "Note", "Stock", "Suggestion", "Understood",
    "sentences", "suggest", "understand",
]  # fmt: skip
