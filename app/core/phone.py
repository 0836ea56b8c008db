"""Phone numbers: anything a Pakistani types becomes +92…, and says whether WhatsApp and one-time codes can reach it."""

import re
from typing import Literal

import phonenumbers
from msgspec import Struct
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from app.core.digits import to_latin

HOME = "PK"
_KINDS: dict[int, Literal["mobile", "fixed"]] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "fixed",
}
# +92 0300…, 0092 0300…, 92 0300…: the trunk zero kept after the country code
_TRUNK_ZERO = re.compile(r"^(\+|00)?92[\s.\-()]*0(?=[\d\s.\-()]{9,})")


class PhoneInvalid(ValueError):
    """No such number can exist."""


class Phone(Struct, frozen=True):
    e164: str
    kind: Literal["mobile", "fixed", "other"]

    @property
    def reaches_whatsapp(self) -> bool:
        """Also the test for one-time codes by SMS."""
        return self.kind == "mobile"


def parse_phone(text: str, home: str = HOME) -> Phone:
    """Raises PhoneInvalid."""
    if len(text) > 40:
        raise PhoneInvalid
    given = to_latin(text).strip()
    if home == HOME:
        given = _TRUNK_ZERO.sub("+92", given)
    try:
        number = phonenumbers.parse(given, home)
    except NumberParseException:
        raise PhoneInvalid from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise PhoneInvalid
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return Phone(e164=e164, kind=_KINDS.get(phonenumbers.number_type(number), "other"))


def takes_whatsapp(e164: str) -> bool:
    """Whether a number we keep can have it."""
    try:
        return parse_phone(e164).reaches_whatsapp
    except PhoneInvalid:
        return False


def show_phone(e164: str) -> str:
    """As it is dialled here: 0300 1234567; a foreign number keeps its country code, no number stays as it is."""
    try:
        number = phonenumbers.parse(e164, HOME)
    except NumberParseException:
        return e164
    home = number.country_code == phonenumbers.country_code_for_region(HOME)
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL)


def mask_phone(e164: str) -> str:
    """For a role that may not see contacts: the network code and the last three digits stay."""
    shown = show_phone(e164)
    digits = [at for at, char in enumerate(shown) if char.isdigit()]
    hidden = set(digits[4:-3])
    return "".join("•" if at in hidden else char for at, char in enumerate(shown))
