"""Rupees as Pakistan says and types them: lakh and crore, English and Urdu."""

import re
import unicodedata
from decimal import Decimal, localcontext

from app.core.digits import to_latin
from app.core.i18n import Lang

THOUSAND, LAKH, MILLION, CRORE = 1_000, 100_000, 1_000_000, 10_000_000
MOST = 10**13
"""More than any amount here; also keeps a pasted row of digits out of the database."""

UNITS = {
    **dict.fromkeys(("crore", "crores", "cr", "crs", "karor", "karore", "کروڑ"), CRORE),
    **dict.fromkeys(("million", "millions", "mn", "m", "ملین"), MILLION),
    **dict.fromkeys(("lakh", "lakhs", "lac", "lacs", "lak", "laakh", "lk", "لاکھ"), LAKH),
    **dict.fromkeys(("thousand", "thousands", "k", "hazar", "hazaar", "ہزار"), THOUSAND),
}
_WORDS = {LAKH: {"en": "lakh", "ur": "لاکھ"}, CRORE: {"en": "crore", "ur": "کروڑ"}}
_ON_REQUEST = frozenset(
    (
        "", "-", "call", "call for price", "call for rate", "price on call", "price on request", "ask for price",
        "contact for price", "n/a", "na", "قیمت کے لیے کال کریں", "قیمت کے لئے کال کریں", "کال کریں",
    )
)  # fmt: skip
_CURRENCY = re.compile(r"(?<![a-z])(?:pkr|rs|rupees?|rupay|rupaye|روپے|روپیہ|₨)(?![a-z])\.?|/[-=]|\bonly\b")
_GROUPED = r"\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3}|\d+"
_PART = re.compile(
    rf"\s*((?:{_GROUPED})(?:\.\d+)?|\.\d+)\s*({'|'.join(sorted(UNITS, key=len, reverse=True))})?(?![^\W\d_])"
)


class AmountUnclear(ValueError):
    """It could mean two things, or nothing: ask the person, never guess a price."""


def parse_pkr(text: str) -> int | None:
    """Rupees meant by what somebody typed; None is "call for price".

    Raises AmountUnclear, for instance for a bare `42.5`, which may be lakh or crore.
    """
    plain = _plain(text)
    if plain in _ON_REQUEST:
        return None
    without_currency = _CURRENCY.sub(" ", plain).strip()
    parts = _parts(without_currency)
    if len(parts) == 1 and parts[0][1] is None:
        return _bare(parts[0][0], said_rupees=without_currency != plain)
    total, above = Decimal(0), MOST
    for figure, unit in parts:
        worth = figure * (unit or 1)
        if (unit or 1) >= above or (above != MOST and worth >= above):
            raise AmountUnclear(text)  # "45 lakh 1 crore", "1 crore 145 lakh"
        total, above = total + worth, unit or 1
    return _whole(total)


def pkr(rupees: int, lang: Lang = "en") -> str:
    """The short form people say: PKR 85,000, PKR 42.5 lakh, PKR 1.45 crore.

    Truncated to two decimals, so that 9,999,999 never becomes "100 lakh".
    """
    sign, size = ("\u2212" if rupees < 0 else ""), abs(rupees)
    if size < LAKH:
        return _with_currency(sign, f"{size:,}", lang)
    unit = CRORE if size >= CRORE else LAKH
    whole, hundredths = divmod(size * 100 // unit, 100)
    figure = f"{whole:,}.{hundredths:02d}".rstrip("0").rstrip(".")
    return _with_currency(sign, f"{figure} {_WORDS[unit][lang]}", lang)


def pkr_full(rupees: int, lang: Lang = "en") -> str:
    """Every rupee: PKR 4,250,000."""
    return _with_currency("\u2212" if rupees < 0 else "", f"{abs(rupees):,}", lang)


def _with_currency(sign: str, figure: str, lang: Lang) -> str:
    return f"{sign}{figure} روپے" if lang == "ur" else f"{sign}PKR {figure}"


def _plain(text: str) -> str:
    folded = to_latin(unicodedata.normalize("NFKC", text)).casefold()
    folded = folded.replace("٫", ".").replace("٬", ",").replace("،", ",")
    return " ".join(folded.split())


def _parts(text: str) -> list[tuple[Decimal, int | None]]:
    parts: list[tuple[Decimal, int | None]] = []
    at = 0
    while at < len(text):
        found = _PART.match(text, at)
        if not found or (parts and parts[-1][1] is None):
            raise AmountUnclear(text)
        figure = found[1].replace(",", "")
        if len(figure) > 20:
            raise AmountUnclear(text)
        parts.append((Decimal(figure), UNITS[found[2]] if found[2] else None))
        at = found.end()
    if not parts:
        raise AmountUnclear(text)
    return parts


def _bare(figure: Decimal, *, said_rupees: bool) -> int:
    """A number without a unit is rupees, unless it is so small that lakh was probably meant."""
    if figure != figure.to_integral_value() or (figure < THOUSAND and figure != 0 and not said_rupees):
        raise AmountUnclear(str(figure))
    return _whole(figure)


def _whole(amount: Decimal) -> int:
    with localcontext() as context:
        context.prec = 60
        if amount != amount.to_integral_value() or amount > MOST:
            raise AmountUnclear(str(amount))
    return int(amount)
