"""What the papers of a car say: the auction sheet's grade, the token tax, when it was imported."""

import re

from app.core.digits import to_latin

LIFETIME = "lifetime"
_GRADE = re.compile(r"[0-9A-Z][0-9A-Z.+* -]{0,7}")


def grade(said: str) -> str | None:
    """The grade as the sheet prints it: 4.5, S, R, RA, 4.5 B; None for what cannot be one."""
    plain = " ".join(to_latin(said).replace("٫", ".").upper().split())
    return plain if _GRADE.fullmatch(plain) else None


def token_months(year: int, present: str | None = None) -> list[str]:
    """Months to choose from, lifetime first: token is paid by the quarter or until June; `present` stays among them."""
    quarters = {f"{one}-{month}" for one in range(year - 2, year + 3) for month in ("03", "06", "09", "12")}
    if present and present != LIFETIME:
        quarters.add(present)
    return [LIFETIME, *sorted(quarters, reverse=True)]


def imported_before_built(year: int | None, import_year: int | None) -> bool:
    """Next year's model may be imported this year; nothing comes earlier than that."""
    return year is not None and import_year is not None and import_year < year - 1
