"""How a workbook shows its numbers: dates, and words that a format puts around them, like "lakh" or "$"."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from msgspec import Struct

_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
_AFFIX = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|(?P<sign>[$€£¥₹])|[_*].')
_MOST_STYLES = 70_000


class Style(Struct, frozen=True):
    date: bool = False
    before: str = ""
    after: str = ""
    since_1904: bool = False

    def shown(self, value: str) -> str:
        if self.date:
            return _date(value, since_1904=self.since_1904) or plain_number(value)
        number = plain_number(value)
        return f"{self.before}{number}{self.after}" if self.before or self.after else number


class styles_of:  # noqa: N801 - read as a sentence where it is used
    """Handlers for styles.xml that leave the styles of cells in `found`."""

    def __init__(self, *, since_1904: bool) -> None:
        self.found: list[Style] = []
        self._since_1904 = since_1904
        self._codes: dict[str, str] = {}
        self._known: dict[str, Style] = {}
        self._of_cells = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "numFmt" and len(self._codes) < _MOST_STYLES:
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:255]
        elif name == "cellXfs":
            self._of_cells = True
        elif name == "xf" and self._of_cells and len(self.found) < _MOST_STYLES:
            self.found.append(self._style(attributes.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._of_cells = False

    def _style(self, number: str) -> Style:
        style = self._known.get(number)
        if style is None:
            code = self._codes.get(number)
            if code is None:
                date = number.isdecimal() and int(number[:5]) in _DATES
                style = Style(date=date, since_1904=self._since_1904)
            else:
                style = _style_of_code(code, since_1904=self._since_1904)
            self._known[number] = style
        return style


def style_of(styles: list[Style], number: str | None) -> Style | None:
    if number is None or not number.isdecimal() or len(number) > 6:
        return None
    at = int(number)
    return styles[at] if at < len(styles) else None


def plain_number(value: str) -> str:
    """Without an exponent and without the noise of binary fractions: 1.4500000000000002 is 1.45."""
    value = value.strip()
    if value.isdecimal():
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    try:
        return format(Decimal(f"{number:.15g}"), "f") if 1e-9 < abs(number) < 1e20 else value
    except InvalidOperation:
        return value


def _style_of_code(code: str, *, since_1904: bool) -> Style:
    section = code.split(";")[0]
    letters = _NOT_SHOWN.sub("", section).lower()
    if letters not in ("general", "@") and re.search(r"y|d|mmm|h{1,2}:|h:m|m:s", letters):
        return Style(date=True, since_1904=since_1904)
    figure = re.search(r"[0#?]", _AFFIX.sub(lambda found: " " * len(found[0]), section))
    if figure is None:
        return Style()
    before, after = _words(section[: figure.start()]), _words(section[figure.start() :])
    return Style(before=f"{before} " if before else "", after=f" {after}" if after else "")


def _words(part: str) -> str:
    said = (found["quoted"] or found["escaped"] or found["currency"] or found["sign"] or ""
            for found in _AFFIX.finditer(part))  # fmt: skip
    return "".join(said).strip(" -()/").strip()


def _date(value: str, *, since_1904: bool) -> str | None:
    try:
        days = float(value)
        if not 0 <= days < 2_958_466:
            return None
        start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - a date, no moment
        moment = start + timedelta(seconds=round(days * 86_400))
    except (ValueError, OverflowError):
        return None
    return f"{moment:%Y-%m-%d}" if moment.time() == moment.min.time() else f"{moment:%Y-%m-%d %H:%M:%S}"
