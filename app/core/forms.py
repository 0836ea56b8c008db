"""HTML forms: read into Structs with every fault on its field, and shown again as they were filled in."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

import msgspec
from litestar import Request, Response
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Struct, field

from app.core import error_handlers, render
from app.core.bounds import clean_text
from app.core.errors import Invalid, Refused
from app.core.i18n import _
from app.core.problems import problem_of

_T = TypeVar("_T", bound=Struct)

FormData = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]

_NEEDED = _("This field is needed.")
_LONG = _("This is too long.")
_SHORT = _("This is too short.")
_EMAIL = _("This is not an e-mail address.")
_ODD = _("This does not look right.")
_SECRET = frozenset({"password", "current", "new", "code"})


class Form(Struct, frozen=True):
    """What a form shows: what was typed (never a password), what is wrong where, and what was refused on the whole."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    told: str | None = None

    def value(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def error(self, name: str) -> str | None:
        return self.errors.get(name)


EMPTY = Form()


def read(kind: type[_T], given: Mapping[str, Any], /, **checks: Callable[[Any], object]) -> _T:
    """The Struct a form filled in; an empty field counts as left out, or as None where that is allowed.

    A check named like a field raises Invalid for what a type cannot tell: `phone=e164`. Raises Invalid with a fault for
    each wrong field, unknown ones included.
    """
    found = {}
    fields = {known.encode_name: known for known in msgspec.structs.fields(kind)}
    faults = [{"field": name, "message": str(_ODD)} for name in given if name not in fields]
    for name, known in fields.items():
        text = clean_text(given.get(name, ""))
        try:
            if text != "":
                found[name] = msgspec.convert(text, known.type, strict=False)
                faults += _faults(checks[name], found[name]) if name in checks else []
            elif name in given and not known.required:
                found[name] = msgspec.convert(None, known.type)
            elif known.required:
                faults.append({"field": name, "message": _NEEDED})
        except msgspec.ValidationError as error:
            if text != "":
                faults.append({"field": name, "message": _message(name, str(error))})
    if faults:
        raise Invalid(faults)
    try:
        return kind(**{known.name: found[name] for name, known in fields.items() if name in found})
    except ValueError as error:
        raise Invalid([{"field": "", "message": _ODD}]) from error


def _faults(check: Callable[[Any], object], value: Any) -> list[dict[str, str]]:
    try:
        check(value)
    except Invalid as refusal:
        return list(refusal.extra["errors"])
    return []


def _message(name: str, fault: str) -> str:
    if "length <=" in fault:
        return _LONG
    if "length >=" in fault:
        return _SHORT
    return _EMAIL if name == "email" else _ODD


def keep(request: Request[Any, Any, Any], **context: Any) -> None:
    """What the template needs beside the form, should the form have to be shown again."""
    request.scope["state"]["form_context"] = context


def again(template: str) -> dict[str, Any]:
    """Arguments of a route whose form `template` is shown again, with its faults, when the change is refused.

    The unit of work has been rolled back by then.
    """

    def show(request: Request[Any, Any, Any], refusal: Refused) -> Response[Any]:
        state: dict[str, Any] = request.scope["state"]
        if "form_context" not in state:  # refused before the handler had read it: there is nothing to show again
            return error_handlers.handle(request, refusal)
        given = state.get("form_values") or {}
        errors = {item["field"]: item["message"] for item in refusal.extra.get("errors", ())}
        on_whole = not errors or any(name not in given for name in errors)
        form = Form(
            values={name: text for name, text in given.items() if name not in _SECRET},
            errors=errors,
            told=refusal.says if on_whole else None,
        )
        context = {**state["form_context"], "form": form}
        return render.page(template, **context).sent(refusal.status, problem_of(refusal).headers)

    return {"exception_handlers": {Refused: show}}


def filled(request: Request[Any, Any, Any], data: dict[str, str], **context: Any) -> dict[str, str]:
    """Remember what came in, so that `again` can show it; returns it."""
    request.scope["state"]["form_values"] = data
    keep(request, **context)
    return data
