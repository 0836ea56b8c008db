"""Descriptions as people write them: seven in ten English, two Roman Urdu, one Urdu, some 200 letters."""

import random

_ENGLISH = (
    "first owner", "second owner", "original paint", "genuine condition", "home used car", "lady driven", "new tyres",
    "alloy rims", "sunroof", "cruise control", "push start", "leather seats", "token paid", "original file",
    "smart card available", "engine 100 percent", "suspension ok", "chilled ac", "back camera", "navigation",
    "exchange possible", "price negotiable", "no accident", "bumper to bumper genuine", "company maintained",
    "low mileage", "imported 2024", "auction sheet available", "fresh import", "fully loaded", "touch free",
)  # fmt: skip
_ROMAN = (
    "gari bilkul okay hai", "koi kaam nahi hone wala", "ghar ki gari hai", "engine makhan", "ac thanda",
    "documents clear hain", "sirf asal kharidar rabta karen", "dealer hazraat zehmat na karen", "total genuine hai",
    "do piece touch hain", "token paid hai", "file asli hai", "alto se exchange ho sakti hai", "qeemat munasib",
)  # fmt: skip
_URDU = (
    "گاڑی بالکل ٹھیک حالت میں ہے", "ایک ہاتھ چلی ہوئی", "کاغذات مکمل ہیں", "انجن بہترین", "اے سی ٹھنڈا",
    "کوئی کام ہونے والا نہیں", "قیمت مناسب ہے", "صرف سنجیدہ خریدار رابطہ کریں", "گھر کی استعمال شدہ گاڑی",
)  # fmt: skip
_PARTS = ("ba", "ka", "ri", "no", "sha", "li", "mo", "ta", "zu", "pe", "gul", "dar", "wan", "bad", "pur", "kot")


def description(chance: random.Random) -> str:
    kind = chance.random()
    phrases = _ENGLISH if kind < 0.7 else _ROMAN if kind < 0.9 else _URDU
    said = chance.sample(phrases, 8)
    said.append(rare(chance))
    return ". ".join(said).capitalize() + "."


def rare(chance: random.Random) -> str:
    """A word few cars have: street, dealer, colleague. There are some 60,000, used by Zipf."""
    number = min(int(chance.paretovariate(0.6)), 65_535)
    return "".join(_PARTS[number >> shift & 15] for shift in (0, 4, 8, 12))
