"""Kilometres, engines and years, as dealers write them."""

import re
from decimal import Decimal
from typing import Final

from app.feeds.rules.cars import NOTHING, Told
from app.feeds.rules.cells import missing, plain

MOST_KM: Final = 2_000_000
KM_OF_A_MILE = Decimal("1.609344")
FIRST_YEAR: Final = 1950
_NEW = re.compile(r"\b(?:zero|0)[ -]?(?:meter|metre|miter|km|kms)\b|\bbrand ?new\b|^new$|زیرو|نیی گاڑی|بالکل نیی")
_KM = re.compile(
    r"(?:kms?|k\.m\.?|kilomet(?:er|re)s?|kilo ?met(?:er|re)s?|klm|کلومیٹر|کلو میٹر|driven|chali|چلی|only|approx)\.?"
)
_MILES = re.compile(r"(?<![a-z])(?:miles?|mi)(?![a-z])|میل")
_TIMES = ((re.compile(r"(?<![a-z])(?:k|thousands?|hazar|hazaar)(?![a-z])|ہزار"), 1_000),
          (re.compile(r"(?<![a-z])(?:lakhs?|lacs?)(?![a-z])|لاکھ"), 100_000))  # fmt: skip
_NUMBER = re.compile(r"(-?)\s*(\d{1,3}(?:[, ]\d{2,3})*[, ]\d{3}|\d+)(\.\d+)?")
_DOTS = re.compile(r"(?<![\d.,])(\d{1,3})\.(\d{3})(?:\.(\d{3}))?(?![\d.,])")
_CC = re.compile(r"c\.?\s*c\.?|سی سی|cubic|cm3|cm³")
_BEFORE_CC = re.compile(r"(?<![\d.,])(\d(?:[\d,]{0,6}\d)?(?:\.\d{1,3})?) ?(?:c\.? ?c|سی سی)")
_LITRES = re.compile(r"(?<![a-z])(?:l|ltrs?|lit(?:er|re)s?)(?![a-z])|لیٹر")
_POWER = re.compile(r"\bk ?wh?\b|\bhp\b|\bbhp\b|\bps\b|\bkva\b")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")


def read_km(raw: str, unit: str | None = None) -> Told:
    """Whole kilometres. `unit` is what the heading or a neighbouring cell says: miles, thousand, lakh."""
    text = plain(raw)
    if missing(text):
        return NOTHING
    if _NEW.search(text) and not any(char in text for char in "123456789"):
        return Told(0)
    miles = unit == "miles" or _MILES.search(text) is not None
    text = _KM.sub(" ", _MILES.sub(" ", text)).strip(" .+~:()/-") if "-" not in text[:1] else _KM.sub(" ", text)
    times = 1
    for pattern, worth in _TIMES:
        if pattern.search(text):
            times, text = worth, pattern.sub(" ", text)
    text = _DOTS.sub(lambda found: "".join(part or "" for part in found.groups()), text).strip()
    found = _NUMBER.fullmatch(text)
    if not found or len(text) > 15:
        return Told(doubt="km_unclear")
    if found[1]:
        return Told(problem="km_impossible")
    figure = Decimal(re.sub(r"[, ]", "", found[2]) + (found[3] or "")) * times
    if times == 1 and unit in ("thousand", "lakh") and figure < 1_000:
        figure *= 1_000 if unit == "thousand" else 100_000
    km = int((figure * KM_OF_A_MILE if miles else figure).to_integral_value())
    return Told(km) if km <= MOST_KM else Told(problem="km_impossible")


def unlikely_km(km: int, age: int) -> bool:
    """Believable only with a person's word; `age` in years, 0 for this year's."""
    return km > 700_000 or km > 80_000 * (age + 1) or (age >= 3 and km < 1_000) or (age >= 6 and km < 200 * age)


def read_engine(raw: str, unit: str | None = None) -> Told:
    """Cubic centimetres; kilowatts of an electric car are no engine size."""
    text = plain(raw)
    if missing(text) or _POWER.search(text):
        return NOTHING
    litres = unit == "litre" or _LITRES.search(text) is not None
    numbers = re.findall(r"\d+(?:\.\d+)?", _LITRES.sub(" ", _CC.sub(" ", text)).replace(",", ""))
    if not numbers:
        return Told(doubt="engine_unclear")
    if text.startswith("-"):
        return Told(problem="engine_impossible")
    if len(numbers[0]) > 9:
        return Told(problem="engine_impossible")
    in_cc = _BEFORE_CC.search(text)
    figure = Decimal((in_cc[1] if in_cc else numbers[0]).replace(",", ""))
    if figure == 0:
        return NOTHING
    if litres or (figure < 10 and "." in str(figure)):
        figure *= 1_000 if figure < 100 else 1
    cc = int(figure.to_integral_value())
    if 300 <= cc <= 9_000:
        return Told(cc)
    return Told(problem="engine_impossible") if cc > 20_000 else Told(doubt="engine_unclear")


def read_year(raw: str, this_year: int, *, unclear: str = "year_unclear") -> Told:
    text = plain(raw)
    if missing(text):
        return NOTHING
    if text.startswith("-") and text[1:].strip().isdecimal():
        return Told(problem="year_impossible")
    whole = text.removesuffix(".0").replace(",", "")
    years = {int(year) for year in _YEAR.findall(whole)}
    fit = {year for year in years if FIRST_YEAR <= year <= this_year + 1}
    if len(fit) == 1:
        return Told(fit.pop())
    if whole.isdecimal() and len(whole) >= 3 and not fit:
        return Told(problem="year_impossible")
    return Told(doubt=unclear)
