"""Prices, years, kilometres and engines of a question, each a limit or a range."""

from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct

from app.core.money import LAKH
from app.listings.rules.amounts import HALVES, PARTS, WORTH
from app.listings.rules.said import tokens
from app.search.rules import comparing
from app.search.rules.pieces import Question

Kind = Literal["price", "year", "km", "cc", "bare"]
_KM: Final = frozenset(
    ("km", "kms", "kilometer", "kilometers", "kilometre", "kilometres", "klm", "kmh", *tokens("کلومیٹر"))
)
_CC: Final = frozenset(("cc",))
_LITRES: Final = frozenset(("l", "litre", "liter", "ltr", "litres", *tokens("لیٹر")))
_MONEY: Final = frozenset(
    ("rs", "pkr", "rupees", "rupee", "rupay", "rupaye", "rupya", *tokens("روپے"), *tokens("روپیہ"), *tokens("روپیے"))
)
_MODEL: Final = frozenset(("model", "models", "year", "ka", "ki", *tokens("ماڈل"), *tokens("سال")))
_NO_UNITS: Final = frozenset(("c", "th"))
_TURBO: Final = frozenset(("t", "d", "td"))
"""Behind litres in the same word: 1.5T."""
_ENGINES: Final = frozenset((650, 660, 658, 796, 800, 850, 1000, 1200, 1300, 1400, 1500, 1600, 1800, 2400, 2700, 2800))
_FIRST_YEAR: Final = 1950
_LOWEST, _HIGHEST = 20_000, 9_999_999_999
_MOST_KM, _MOST_CC = 2_000_000, 9_000
_AROUND_CC = 50
_AROUND_PRICE = Decimal("0.1")


class Limits(Struct, frozen=True):
    """Both ends included, None is open."""

    kind: Kind
    least: int | None
    most: int | None
    start: int
    end: int


class _Figure(Struct, frozen=True):
    """`unit` is what stood behind it, 1 for none."""

    kind: Kind
    value: Decimal
    unit: int
    start: int
    end: int


def limits_in(question: Question, this_year: int) -> list[Limits]:
    """Their pieces are taken, with the words that make limits of them."""
    found: list[Limits] = []
    at = 0
    while at < len(question):
        figure = _figure(question, at, this_year)
        if figure is None:
            at += 1
            continue
        limits = _range(question, figure, this_year) or _limit(question, figure, found)
        if limits is None:
            at = figure.end
            continue
        start, end = _with_words(question, limits)
        question.take(start, end)
        found.append(Limits(limits.kind, limits.least, limits.most, start, end))
        at = end
    return _together(found)


def _figure(question: Question, at: int, this_year: int) -> _Figure | None:
    """The figure that begins here."""
    start, text = at, question.text(at)
    if not question.free(at, at + 1):
        return None
    if text in HALVES:
        value, at = HALVES[text], at + 1
    elif text in PARTS and question.pieces[at + 1 : at + 2] and question.pieces[at + 1].figure:
        value, at = Decimal(question.text(at + 1)) + PARTS[text], at + 2
    elif question.pieces[at].figure and len(text) <= 12:
        value, at = Decimal(text), at + 1
    else:
        return None
    if value == 2 and question.text(at) == "k" and _two_digits(question, at + 1) and question.together(start, at + 2):
        return _Figure("year", 2000 + Decimal(question.text(at + 1)), 1, start, at + 2)
    unit = question.text(at) if question.free(at, at + 1) else ""
    if unit in _CC or (unit == question.text(at + 1) == tokens("سی")[0]):
        return _Figure("cc", value, 1, start, at + 1 + (unit not in _CC))
    if unit in _LITRES and 0 < value < 8 and (unit != "l" or value != value.to_integral_value()):
        return _Figure("cc", value * 1000, 1, start, at + 1)
    if unit in _KM:
        return _Figure("km", value, 1, start, at + 1)
    if unit in WORTH and unit not in _NO_UNITS:
        return _worth(question, value, start, at)
    if text in HALVES:
        return None
    whole = value == value.to_integral_value()
    if whole and len(text) == 4 and _FIRST_YEAR <= value <= this_year + 1:
        return _Figure("year", value, 1, start, at)
    if not whole and Decimal("0.6") <= value < 7:
        turbo = question.text(at) in _TURBO and question.together(start, at + 1)
        return _Figure("cc", value * 1000, 1, start, at + turbo)
    return _Figure("bare", value, 1, start, at)


def _two_digits(question: Question, at: int) -> bool:
    return len(question.text(at)) == 2 and question.text(at).isdecimal()


def _worth(question: Question, value: Decimal, start: int, at: int) -> _Figure:
    """Lakh and crore, "1 crore 20 lakh"; "80 hazar km" are kilometres."""
    unit = WORTH[question.text(at)]
    total, at = value * unit, at + 1
    smaller = unit
    while question.free(at, at + 2) and question.pieces[at].figure and len(question.text(at)) <= 6:
        next_unit = WORTH.get(question.text(at + 1), smaller)
        if next_unit >= smaller or question.text(at + 1) in _NO_UNITS:
            break
        total, smaller, at = total + Decimal(question.text(at)) * next_unit, next_unit, at + 2
    if question.text(at) in _KM and question.free(at, at + 1):
        return _Figure("km", total, unit, start, at + 1)
    return _Figure("price", total, unit, start, at)


def _range(question: Question, first: _Figure, this_year: int) -> Limits | None:
    """ "2015 to 2018", "50-60 lakh", "20 se 30 lakh tak"; the first may leave its unit to the second."""
    if question.text(first.end) not in comparing.TO or not question.free(first.end, first.end + 1):
        return None
    if comparing.behind(question, first.end)[0] and not (
        question.pieces[first.end + 1 : first.end + 2] and question.pieces[first.end + 1].figure
    ):
        return None
    second = _figure(question, first.end + 1, this_year)
    if second is None:
        return None
    least, most, kind = first.value, second.value, second.kind
    if first.kind == "year" and second.kind == "bare" and _two_digits(question, second.start):
        most, kind = first.value // 100 * 100 + second.value, "year"
    elif first.kind in ("bare", "year") and first.kind != kind and kind in ("price", "km", "cc"):
        least *= second.unit if kind != "cc" or first.value >= 10 else 1000
    elif second.kind == "bare" and first.kind in ("price", "km", "cc"):
        most, kind = most * first.unit, first.kind
    elif first.kind != kind:
        return None
    if kind == "bare":
        limit, _start = comparing.before(question, first.start)
        behind, _end = comparing.behind(question, second.end)
        if "budget" not in (limit, behind) and question.text(first.start - 1) not in ("price", "between"):
            return None
        least, most, kind = least * LAKH, most * LAKH, "price"
    if least > most and kind == "price" and first.unit == second.unit == 1:
        return None
    return _checked(kind, min(least, most), max(least, most), first.start, second.end)


def _limit(question: Question, figure: _Figure, before: list[Limits]) -> Limits | None:
    """One figure, with what stands before and behind it."""
    behind, end = comparing.behind(question, figure.end)
    if behind is None:
        behind, end = comparing.behind(question, _past(question, figure.end, _MODEL | _MONEY))
    ahead_at = figure.start - (question.text(figure.start - 1) in _MONEY)
    ahead, start = comparing.before(question, ahead_at)
    limit = behind or ahead
    if ahead in ("max", "min") and behind not in ("max", "min"):
        limit = ahead
    kind, value = figure.kind, figure.value
    said_money = question.text(figure.start - 1) in _MONEY or question.text(figure.end) in _MONEY
    if kind == "bare":
        kind, value = _bare(value, limit, said_money=said_money, before=before)
    span = (start if ahead else figure.start, end if behind else figure.end)
    if kind == "bare":
        return None
    if limit == "budget":
        limit = "max"
    if limit not in ("max", "min"):
        if kind == "price":
            return _checked(kind, value * (1 - _AROUND_PRICE), value * (1 + _AROUND_PRICE), *span)
        if kind == "km":
            return _checked(kind, None, value, *span)
        if kind == "cc":
            return _checked(kind, value - _AROUND_CC, value + _AROUND_CC, *span)
        about = 1 if limit == "about" and kind == "year" and ahead != "about" else 0
        return _checked(kind, value - about, value + about, *span)
    return _checked(kind, value if limit == "min" else None, value if limit == "max" else None, *span)


def _bare(value: Decimal, limit: str | None, *, said_money: bool, before: list[Limits]) -> tuple[Kind, Decimal]:
    """A figure that says not what it is: rupees, or lakh where it limits something, or an engine."""
    if value >= 300_000 or (said_money and value >= _LOWEST):
        return "price", value
    if limit and 3 <= value < 1000:
        kind: Kind = before[-1].kind if before and before[-1].kind == "price" else "price"
        return kind, value * LAKH
    if value in _ENGINES:
        return "cc", value
    return "bare", value


def _checked(kind: Kind, least: Decimal | None, most: Decimal | None, start: int, end: int) -> Limits | None:
    """None where no car is like that."""
    lowest, highest = {
        "price": (_LOWEST, _HIGHEST), "year": (1900, 2100), "km": (0, _MOST_KM), "cc": (300, _MOST_CC), "bare": (0, 0),
    }[kind]  # fmt: skip
    if any(one is not None and not lowest <= one <= highest for one in (least, most)):
        return None
    return Limits(kind, None if least is None else int(least), None if most is None else int(most), start, end)


def _past(question: Question, at: int, words: frozenset[str]) -> int:
    """Where the free `words` that begin here end."""
    while question.text(at) in words and question.free(at, at + 1):
        at += 1
    return at


def _with_words(question: Question, limits: Limits) -> tuple[int, int]:
    """The span with "rs" and "model" and "between" around it."""
    start, end = limits.start, limits.end
    around = _MONEY if limits.kind == "price" else _MODEL if limits.kind == "year" else _KM
    while question.text(start - 1) in around | comparing.BETWEEN and question.free(start - 1, start):
        start -= 1
    ahead, begins = comparing.before(question, start)
    start = begins if ahead in ("about", "budget") else start
    end = _past(question, end, around)
    behind, ends = comparing.behind(question, end)
    end = ends if behind and (limits.most is not None or behind in ("about", "budget")) else end
    return start, end


def _together(found: list[Limits]) -> list[Limits]:
    """ "above 20 lakh under 30 lakh" is a range; of two years the span. What contradicts itself: the last counts."""
    kept: dict[Kind, Limits] = {}
    for one in found:
        before = kept.get(one.kind)
        if before is None:
            kept[one.kind] = one
            continue
        if one.kind == "year" and None not in (before.least, before.most, one.least, one.most):
            least: int | None = min(before.least or 0, one.least or 0)
            most: int | None = max(before.most or 0, one.most or 0)
        else:
            least = one.least if one.least is not None else before.least
            most = one.most if one.most is not None else before.most
            if least is not None and most is not None and least > most:
                least, most = one.least, one.most
        kept[one.kind] = Limits(one.kind, least, most, before.start, one.end)
    return list(kept.values())
