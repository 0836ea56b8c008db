"""The sheet reader: a dealer's file in, cars out. Pure but for reading the file it is given."""

from app.feeds.rules.cars import CarFacts, Doubt, Problem, Read
from app.feeds.rules.files import open_sheet
from app.feeds.rules.headers import FIELDS, REPEATED
from app.feeds.rules.mapping import Guess, MappingProblem, check, propose
from app.feeds.rules.reading import Reader
from app.feeds.rules.sheets import Column, Format, Sheet, SheetRow
from app.feeds.rules.unreadable import Unreadable
from app.feeds.rules.vocabulary import Vocabulary
from app.listings.rules.names import CityNames, MakeNames, ModelNames, TrimNames
from app.listings.rules.values import CHOICES

__all__ = [
    "CHOICES", "FIELDS", "REPEATED", "CarFacts", "CityNames", "Column", "Doubt", "Format", "Guess", "MakeNames",
    "MappingProblem", "ModelNames", "Problem", "Read", "Reader", "Sheet", "SheetRow", "TrimNames", "Unreadable",
    "Vocabulary", "check", "open_sheet", "propose",
]  # fmt: skip
