"""Bounds of what comes in, so that the database never has to refuse a value."""

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from litestar.params import PathParameter, QueryParameter
from msgspec import Meta, Struct

Int4 = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Int8 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Rupees = Annotated[int, Meta(ge=0, le=999_999_999_999, description="Whole Pakistani rupees.")]

# In a path or a query the framework drops the bounds of Meta (FromQuery[Int4] takes anything): use these there.
PathInt = Annotated[int, PathParameter(ge=0, le=2**63 - 1)]
QueryInt = Annotated[int, QueryParameter(ge=-(2**31), le=2**31 - 1)]
QueryCount = Annotated[int, QueryParameter(ge=0, le=2**31 - 1)]
QueryLimit = Annotated[int, QueryParameter(ge=1, le=100)]
QueryText = Annotated[str, QueryParameter(max_length=200)]
QueryCursor = Annotated[str | None, QueryParameter(max_length=600)]

ShortText = Annotated[str, Meta(min_length=1, max_length=80)]
LineText = Annotated[str, Meta(min_length=1, max_length=200)]
LongText = Annotated[str, Meta(min_length=1, max_length=4000)]
EmailText = Annotated[str, Meta(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
SlugText = Annotated[str, Meta(min_length=1, max_length=63, pattern=r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$")]

# control characters except tab and line feed, embeddings and overrides that reorder their surroundings, lone
# surrogates, and non-characters; the marks U+200E, U+200F and the joiners stay: Urdu needs them
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\uffff\ud800-\udfff]"
)
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_MOST_MONEY = Decimal(10) ** 10


def clean_text(value: str) -> str:
    """The text as it is kept: NFC, line feeds only, no controls, no surrounding blanks."""
    if value.isascii() and value.isprintable():
        return value.strip()
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNFIT.sub("", value)).strip()


def check_moment(value: datetime) -> datetime:
    """Between 2000 and 2100, in UTC. Raises ValueError."""
    try:
        moment = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError("Expected a date between 2000 and 2100") from None
    if not _EARLIEST <= moment < _LATEST:
        raise ValueError("Expected a date between 2000 and 2100")
    return moment


def check_decimal(value: Decimal) -> Decimal:
    """Finite and within numeric(12,2). Raises ValueError."""
    if not value.is_finite() or abs(value) >= _MOST_MONEY or int(value.as_tuple().exponent) < -2:
        raise ValueError("Expected an amount with at most two decimals")
    return value


class Input(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every form and JSON body: text is cleaned and bounded again, moments and amounts are checked."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            before = getattr(self, name)
            after = _clean(before)
            if after is not before:
                msgspec.structs.force_setattr(self, name, self._again(name, before, after))

    def _again(self, name: str, before: Any, after: Any) -> Any:
        """A shorter text may have become too short: hold it against its own bounds once more."""
        if before == after:
            return after
        hint = next(field.type for field in msgspec.structs.fields(type(self)) if field.name == name)
        try:
            msgspec.convert(msgspec.to_builtins(after), hint, strict=False)
        except msgspec.ValidationError as error:
            raise ValueError(str(error).partition(" - at `$")[0]) from None
        return after


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, datetime):
        return check_moment(value)
    if isinstance(value, Decimal):
        return check_decimal(value)
    if isinstance(value, date) and not 1900 <= value.year <= 2100:
        raise ValueError("Expected a date between 1900 and 2100")
    if isinstance(value, list | tuple):
        cleaned = type(value)(_clean(item) for item in value)
        return cleaned if cleaned != value else value
    return value
