"""What is said of an action that was taken back, or that something has overtaken."""

from app.core.i18n import Lang, _, translate, translate_plural
from app.leads.errors import Overtaken

_VISITOR = _("Visitor")
_YOU = _("You")
_WE = _("The desk")

_BACK = {
    "assigned": _("The assignment of %(name)s is taken back."),
    "claimed": _("The assignment of %(name)s is taken back."),
    "status": _("The stage of %(name)s is set back."),
    "snoozed": _("%(name)s is awake again."),
    "woken": _("%(name)s is snoozed again."),
    "archived": _("%(name)s is out of the archive."),
    "restored": _("%(name)s is archived again."),
    "moved": _("The move of %(name)s is taken back."),
}
_AS_IT_WAS = _("%(name)s is as it was.")

_SINCE = {
    "reply": _("%(who)s answered %(name)s since then, so nothing is taken back."),
    "note": _("%(who)s noted something about %(name)s since then, so nothing is taken back."),
    "claimed": _("%(who)s took the lead of %(name)s since then, so nothing is taken back."),
    "assigned": _("%(who)s handed the lead of %(name)s on since then, so nothing is taken back."),
    "dealt": _("The lead of %(name)s was dealt to a colleague since then, so nothing is taken back."),
    "status": _("%(who)s changed the stage of %(name)s since then, so nothing is taken back."),
    "moved": _("%(who)s moved the lead of %(name)s to another branch since then, so nothing is taken back."),
    "merged_away": _("%(who)s merged the lead of %(name)s since then, so nothing is taken back."),
    "undone": _("The action on %(name)s is taken back already."),
    "enquiry": _("%(name)s asked again since then, so nothing is taken back."),
}
_CHANGED = _("%(who)s changed the lead of %(name)s since then, so nothing is taken back.")


def taken_back(deed: str, names: list[str], left: int, lang: Lang) -> str:
    """`names` are of the leads that are again as they were before a `deed`; `left` others have been changed since."""
    if len(names) == 1:
        said = translate(_BACK.get(deed, _AS_IT_WAS), lang, name=names[0] or translate(_VISITOR, lang))
    else:
        said = _many(deed, len(names), lang)
    if not left:
        return said
    more = translate_plural(
        "%(n)s has been changed since and stays.", "%(n)s have been changed since and stay.", left, lang
    )
    return f"{said} {more}"


def overtaken(refusal: Overtaken, lang: Lang) -> str:
    """By whom and what; of several leads, how many."""
    told = refusal.extra
    if told["leads"] > 1:
        return translate_plural(
            "It has been changed since then, so nothing is taken back.",
            "All %(n)s leads have been changed since then, so nothing is taken back.",
            told["leads"],
            lang,
        )
    who = translate(_YOU, lang) if told["mine"] else told["by"] or translate(_WE, lang)
    return translate(_SINCE.get(told["deed"], _CHANGED), lang, who=who, name=told["name"] or translate(_VISITOR, lang))


def _many(deed: str, n: int, lang: Lang) -> str:
    match deed:
        case "assigned" | "claimed":
            return translate_plural("%(n)s assignment taken back.", "%(n)s assignments taken back.", n, lang)
        case "status":
            return translate_plural("Stage of %(n)s lead set back.", "Stage of %(n)s leads set back.", n, lang)
        case "snoozed":
            return translate_plural("%(n)s lead is awake again.", "%(n)s leads are awake again.", n, lang)
        case "woken":
            return translate_plural("%(n)s lead is snoozed again.", "%(n)s leads are snoozed again.", n, lang)
        case "archived":
            return translate_plural("%(n)s lead is out of the archive.", "%(n)s leads are out of the archive.", n, lang)
        case "restored":
            return translate_plural("%(n)s lead is archived again.", "%(n)s leads are archived again.", n, lang)
    return translate_plural("%(n)s lead is as it was.", "%(n)s leads are as they were.", n, lang)
