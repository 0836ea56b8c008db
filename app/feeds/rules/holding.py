"""Why a run waits for somebody or has failed, in words; what else can be wrong with a file is in `words`."""

from app.core.i18n import _
from app.feeds.rules.words import FILES

TOO_MANY_MISSING, TOO_MANY_REPRICED, FILE_GONE = "too_many_missing", "too_many_repriced", "file_gone"
_SAID = {
    TOO_MANY_MISSING: _(
        "More than 30 % of the cars on offer are not in this sheet. Was it cut off? Nothing has been changed yet."
    ),
    TOO_MANY_REPRICED: _("More than 20 % of the cars on offer would get another price. Nothing has been changed yet."),
    FILE_GONE: _("The file is no longer in the store. Hand it in again."),
}


def said(why: str | None) -> str | None:
    return _SAID.get(why) or FILES.get(why, why) if why else None
