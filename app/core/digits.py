"""Digits as people type and read them: Latin, Urdu (extended Arabic-Indic) and Arabic."""

_URDU = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_TO_URDU = str.maketrans("0123456789", _URDU)
_TO_LATIN = str.maketrans(
    {**dict(zip(_URDU, "0123456789", strict=True)), **dict(zip(_ARABIC, "0123456789", strict=True))}
)


def to_urdu(text: str) -> str:
    """For the reader who asked for Urdu digits; Babel's `arabext` changes separators and leaves the digits."""
    return text.translate(_TO_URDU)


def to_latin(text: str) -> str:
    return text.translate(_TO_LATIN)
