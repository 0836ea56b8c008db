"""Blind indexes: keyed codes by which encrypted personal data can be found, and nothing else learned."""

import hmac
import re
import unicodedata

from app.core import settings
from app.core.ids import Id

_LEAST_PREFIX = 3
_FOLDS = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ہ", "ه": "ہ", "ۂ": "ہ", "ھ": "ہ", "أ": "ا", "إ": "ا", "آ": "ا",
        "ٱ": "ا", "ؤ": "و", "ں": "ن", "ـ": None, "‌": None, "‍": None,
    }
)  # fmt: skip
_WORD = re.compile(r"\w+")


def unique(kind: str, value: str) -> bytes:
    """A code of the whole value over all orgs: who signs in with this address."""
    return hmac.digest(_key("all"), f"{kind}|{value}".encode(), "sha256")


def unique_in(org_id: Id, kind: str, value: str) -> bytes:
    """A code of the whole value within one org: equal in it, unlike in any other."""
    return hmac.digest(_key(str(org_id)), f"unique|{kind}|{value}".encode(), "sha256")


def person_codes(org_id: Id, *, name: str = "", phone: str = "", email: str = "") -> list[int]:
    """What one org finds a person by: name words and their prefixes, the phone and its last 4 and 7 digits, the e-mail.

    `phone` is E.164.
    """
    codes = {_code(org_id, "name", part) for word in words(name) for part in _prefixes(word)}
    digits = phone.lstrip("+")
    if digits:
        codes |= {
            _code(org_id, "phone", digits),
            _code(org_id, "phone", digits[-4:]),
            _code(org_id, "phone", digits[-7:]),
        }
    if email:
        codes.add(_code(org_id, "email", email))
    return sorted(codes)


def query_codes(org_id: Id, query: str) -> list[int]:
    """The codes a person must all have to match what somebody typed: words, part of a phone, or an e-mail address."""
    query = unicodedata.normalize("NFKC", query).strip()
    if "@" in query:
        return [_code(org_id, "email", query.lower())]
    digits = _digits(query)
    if digits:
        return [_code(org_id, "phone", digits)]
    return sorted({_code(org_id, "name", word) for word in words(query)})


def roughly(org_id: Id, query: str) -> tuple[int, str] | None:
    """For the last five, six or eight to ten digits of a phone, which no code stands for: a code that such a person
    has, as others may have, and the digits their phone must end with."""
    digits = _digits(unicodedata.normalize("NFKC", query))
    if not digits or len(digits) not in (5, 6, 8, 9, 10):
        return None
    return _code(org_id, "phone", digits[-4:] if len(digits) < 7 else digits[-7:]), digits


def words(text: str) -> list[str]:
    """Folded words: no case, no marks, one spelling of the Arabic letters that Urdu keyboards mix."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_FOLDS))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _WORD.findall(bare.casefold())


def _digits(query: str) -> str:
    """As phones are kept; "" for what is no number."""
    digits = re.sub(r"[\s()+.-]", "", query)
    if not digits.isdecimal():
        return ""
    return _phone(str(int(digits)) if digits.startswith("00") else digits)


def _phone(digits: str) -> str:
    digits = "".join(str(unicodedata.decimal(digit)) for digit in digits)
    if digits.startswith("0") and len(digits) == 11:
        return "92" + digits[1:]
    return digits


def _prefixes(word: str) -> set[str]:
    return {word} | {word[:length] for length in range(_LEAST_PREFIX, len(word))}


def _code(org_id: Id, kind: str, value: str) -> int:
    made = hmac.digest(_key(str(org_id)), f"{kind}|{value}".encode(), "sha256")
    return int.from_bytes(made[:8], "big", signed=True)


def _key(org: str) -> bytes:
    return hmac.digest(settings.current().index_key.encode(), f"org|{org}".encode(), "sha256")
