"""What is asked, as dealers write it: lakh and crore in any spelling, Urdu halves and quarters, bare figures."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from msgspec import Struct

from app.core.money import CRORE, LAKH, MILLION, THOUSAND, AmountUnclear, parse_pkr
from app.feeds.rules.cells import missing, plain
from app.listings.rules.amounts import says_half, spelt

Kind = Literal["nothing", "call", "rupees", "bare", "doubt", "problem"]
UNITS: Final = {"lakh": LAKH, "crore": CRORE, "million": MILLION, "thousand": THOUSAND}
LOWEST, HIGHEST = 20_000, 9_999_999_999
"""Rupees below which nobody sells a car, and the most a listing holds."""
_RUPEES_FROM = 50_000


class Price(Struct, frozen=True):
    """`figure` of a bare one is what stands there; it is for the model and the year to tell what it means."""

    kind: Kind
    figure: Decimal = Decimal(0)
    code: str = ""


_CALL = re.compile(
    r"\b(?:call|calls|contact|poa|p\.o\.a|ask|request|inbox|whatsapp|inquire|enquire|rabta|negotiable|nego|later"
    r"|on demand|visit)\b|رابطہ|کال|فون|پوچھیں|معلوم کریں|بات چیت"
)
_FOREIGN = re.compile(
    r"[$€£¥₹]|\b(?:us ?d|usd|us dollars?|dollars?|eur|euros?|gbp|pounds?|aed|dirhams?|dhs|sar|riyals?|qar|omr|kwd"
    r"|jpy|yens?|inr|cny|rmb|cad|aud)\b|(?<![a-z])(?:usd|aed|eur|gbp|jpy|sar)(?=\d)|(?<=\d)(?:usd|aed|eur|gbp|jpy|sar)\b"
    r"|ڈالر|درہم|ریال|یورو|پاونڈ"
)
_CURRENCY = re.compile(r"(?<![a-z])(?:pkrs?|pak rs|rs|rupees?|rupay|rupaye|rupya|rupee)(?![a-z])\.?|روپے|روپیہ|روپیے|₨")
_NOISE = re.compile(
    r"(?<![a-z])(?:demand|demanding|asking|ask|final|fix|fixed|firm|negotiable|nego|neg|slightly|little|only|approx"
    r"|approximately|about|around|price|is|for|sale|urgent|cash|net|total|last|best|offer|at|just|serious|buyer|buyers"
    r"|tak|ki|ka|hai|mein|sirf|qeemat|pk)(?![a-z])\.?|صرف|قیمت|فائنل|فاینل|ڈیمانڈ|میں|ہے|تک|نقد|/[-=]|[-=]$|\+$|[~≈*:;!]"
)
_BETWEEN = re.compile(r"\d[^\d/|&]*?(?:/|\||&|-|\bto\b|\bor\b|\bya\b|\bse\b|یا|سے)[^\d]*\d")
_NEGATIVE = re.compile(r"^(?:rs\.?|pkr)? ?-\s*(?:rs\.?|pkr)? ?\d|^\(\s*[\d.,]+\s*\)$")
_SPACED = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{2,3})* \d{3}(?![\d.,]| \d)")
_DOTTED = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3}){2,}(?![\d.,])")
_COMMA = re.compile(r"(?<![\d.,])(\d{1,3}),(\d{1,2})(?!\d|,)")
_APOSTROPHES = re.compile(r"(?<=\d)['’`](?=\d)")
_UNIT = re.compile(r"(?<![a-z])(?:lakhs?|lacs?|crores?|thousand|hazar|million|mn|m)(?![a-z])|لاکھ|کروڑ|ہزار|ملین")
_UNIT_OF = {
    **dict.fromkeys(("lakh", "lakhs", "lac", "lacs", "لاکھ"), "lakh"),
    **dict.fromkeys(("crore", "crores", "کروڑ"), "crore"),
    **dict.fromkeys(("thousand", "hazar", "ہزار"), "thousand"),
    **dict.fromkeys(("million", "mn", "m", "ملین"), "million"),
}
_NUMBER = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")


def read_price(raw: str, unit: str | None = None) -> Price:
    """`unit` is what the heading says of its figures: lakh, crore, million, thousand, or foreign."""
    text = plain(raw)
    if missing(text):
        return Price("nothing")
    if len(text) > 120:
        return Price("doubt", code="price_unclear")
    if _FOREIGN.search(text) or (unit == "foreign" and any(char.isdecimal() for char in text)):
        return Price("problem", code="other_currency")
    if not any(char.isdecimal() for char in text) and not says_half(text):
        return Price("call") if _CALL.search(text) else Price("doubt", code="price_unclear")
    if _NEGATIVE.match(text):
        return Price("problem", code="price_impossible")
    text = _ungrouped(spelt(_NOISE.sub(" ", _CURRENCY.sub(" ", text.replace("/-", " ").replace("/=", " ")))))
    if _BETWEEN.search(text):
        return Price("doubt", code="several_prices")
    if _UNIT.search(text):
        return _with_unit(text)
    if not _NUMBER.fullmatch(text):
        return Price("doubt", code="price_unclear")
    try:
        figure = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return Price("doubt", code="price_unclear")
    if unit in UNITS and figure < _RUPEES_FROM:
        return _rupees(figure * UNITS[unit])
    return _rupees(figure) if figure >= _RUPEES_FROM else Price("bare", figure)


def settled(price: Price, level: float | None, tolerance: float) -> tuple[int | None, str | None]:
    """Rupees and a doubt. `level` is lakh such a car costs, `tolerance` how far off one may still be believed."""
    if price.kind == "doubt":
        return None, price.code
    if price.kind == "rupees":
        amount = int(price.figure)
        if amount < LOWEST:
            return None, "price_unclear"
        far = level is not None and not 1 / (tolerance * 1.5) <= amount / LAKH / level <= tolerance * 1.5
        return amount, "price_unlikely" if far else None
    if price.kind != "bare":
        return None, None
    fit = [unit for unit in (LAKH, CRORE) if _fits(price.figure * unit / LAKH, unit, level, tolerance)]
    if len(fit) != 1 or not 0 < price.figure < 1000:
        return None, "price_unclear"
    return int(price.figure * fit[0]), None


def _fits(lakh: Decimal, unit: int, level: float | None, tolerance: float) -> bool:
    if level is None:
        return 2 <= lakh <= 300 if unit == LAKH else 50 <= lakh <= 2500
    return 1 / tolerance <= float(lakh) / level <= tolerance


def _ungrouped(text: str) -> str:
    """Groups by blanks, dots or apostrophes, and the decimal comma."""
    text = _APOSTROPHES.sub("", text)
    text = _SPACED.sub(lambda found: found[0].replace(" ", ""), text)
    text = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)
    text = _COMMA.sub(r"\1.\2", text)
    return " ".join(text.split()).strip(" .,-=()[]").strip()


def _with_unit(text: str) -> Price:
    units = _UNIT.findall(text)
    if len({_UNIT_OF.get(unit, unit) for unit in units}) < len(units):
        return Price("doubt", code="several_prices")
    rest = text[text.rindex(units[-1]) + len(units[-1]) :].strip(" ()")
    if rest.isdecimal() and len(rest) < 4:  # "42 lakh 50" means fifty thousand, or nothing
        return Price("doubt", code="price_unclear")
    try:
        amount = parse_pkr(text.replace("(", " ").replace(")", " "))
    except AmountUnclear:
        return Price("doubt", code="price_unclear")
    return Price("doubt", code="price_unclear") if amount is None else _rupees(Decimal(amount))


def _rupees(amount: Decimal) -> Price:
    if amount > HIGHEST:
        return Price("problem", code="price_impossible")
    return Price("rupees", amount.quantize(Decimal(1)))
