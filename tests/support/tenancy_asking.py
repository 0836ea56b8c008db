"""Every route of the application, and what is sent to it."""

import inspect
import re
from typing import Any, get_type_hints
from urllib.parse import quote, urlencode
from uuid import uuid4

import msgspec
from litestar import Litestar
from litestar.handlers.base import BaseRouteHandler
from litestar.routes import HTTPRoute
from msgspec import Struct

from app.accounts.schemas import (
    ForgotForm,
    MePatch,
    PasswordForm,
    RegisterForm,
    ResetForm,
    SignInForm,
)  # fmt: skip
from app.core import security
from app.core.security import Access
from app.desk.routes.members import AccessForm
from app.orgs.schemas import (
    AcceptForm,
    BranchForm,
    BranchPatch,
    InvitationForm,
    MemberPatch,
    SwitchForm,
)  # fmt: skip
from tests.support import tenancy_hours, tenancy_imports, tenancy_market, tenancy_media, tenancy_outlets, tenancy_stock
from tests.support.api import PASSWORD
from tests.support.tenancy import Place, Somebody
from tests.support.tenancy_leads import body_for, document, form_for
from tests.support.tenancy_notices import choices_for, ticks_for

# Which Struct an HTML form fills in; JSON handlers say it themselves.
HTML_FORMS: dict[str, type[Struct]] = {
    "/sign-in": SignInForm, "/register": RegisterForm, "/forgot-password": ForgotForm,
    "/reset-password/{code:str}": ResetForm, "/invitations/{code:str}": AcceptForm, "/desk/org": SwitchForm,
    "/me": MePatch, "/me/password": PasswordForm, "/desk/invitations": InvitationForm, "/desk/branches": BranchForm,
    "/desk/branches/{branch_id:uuid}": BranchPatch, "/desk/members/{member_id:uuid}/role": MemberPatch,
    "/desk/members/{member_id:uuid}/status": AccessForm,
    **tenancy_stock.HTML_FORMS,
    **tenancy_media.HTML_FORMS,
}  # fmt: skip


class Route(Struct, frozen=True):
    method: str
    template: str
    handler: Any
    access: Access

    @property
    def api(self) -> bool:
        return self.template.startswith(("/api/v1/", "/v1/", "/live"))

    @property
    def params(self) -> list[str]:
        return re.findall(r"\{(\w+):", self.template)


def http_routes(app: Litestar) -> list[Route]:
    """Every route of the application; raises LookupError for one that declares no access."""
    found = []
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, entry in route.route_handler_map.items():
                handler: BaseRouteHandler = entry[0] if isinstance(entry, tuple) else entry
                if method != "OPTIONS":
                    found.append(Route(str(method), route.path, handler, security.access_of(handler)))
    return found


def body_of(route: Route, place: Place) -> tuple[str, str]:
    """What is sent, and its content type."""
    if route.method in ("GET", "HEAD"):
        return "", ""
    if route.template.startswith("/api/v1/leads/adf"):
        return document("newcomer"), "text/xml"
    told = body_for(route.method, route.template, place.ids) or (
        tenancy_hours.body_for(route.template, place.ids)
        or tenancy_imports.body_for(route.template, place.ids)
        or tenancy_outlets.body_for(route.method, route.template)
        or choices_for(route.template)
        or tenancy_market.body_for(route.template)
        or tenancy_media.body_for(route.method, route.template, place.ids)
    )
    if told is not None and "data" in inspect.signature(route.handler.fn).parameters:
        return msgspec.json.encode(told).decode(), "application/json"
    json_form = _json_form(route.handler)
    if json_form is not None:
        return msgspec.json.encode(_filled(json_form, place)).decode(), "application/json"
    if "data" not in inspect.signature(route.handler.fn).parameters:
        return "", ""
    html_form = HTML_FORMS.get(route.template)
    ticked = _typed(route.template, place.ids) or ticks_for(route.template) or {}
    filled = _filled(html_form, place) if html_form else ticked
    filled = {name: value for name, value in filled.items() if f"{{{name}:" not in route.template}
    if html_form is MemberPatch:
        filled.pop("status")
    return urlencode({k: "" if v is None else v for k, v in filled.items()}), "application/x-www-form-urlencoded"


def _json_form(handler: BaseRouteHandler) -> type[Struct] | None:
    hint = get_type_hints(handler.fn, include_extras=False).get("data")
    return hint if isinstance(hint, type) and issubclass(hint, Struct) and handler.fn.__module__.startswith(
        ("app.accounts", "app.orgs", "app.audit", "app.listings")
    ) else None  # fmt: skip


def _filled(form: type[Struct], place: Place) -> dict[str, Any]:
    """The form as somebody would send it, with the ids of `place`."""
    values: dict[str, Any] = {
        "email": "newcomer@example.pk", "password": "seven-green-boats", "current": PASSWORD,
        "new": "eight-green-boats", "name": "Newcomer", "phone": "03001112223",
        "role": "moderator" if place.slug == "zqplatform" else "sales", "slug": "newcomer",
        "city": "Multan", "code": "A" * 43, "refresh_token": "a.b.c", "status": "disabled", "lang": "ur",
        "branch_id": place.ids.get("branch_id"), "org_id": place.ids.get("org_id", str(uuid4())),
    }  # fmt: skip
    values["about"] = "quiet"
    values |= tenancy_stock.values_for(form, place.slug, place.ids) | tenancy_media.values_for(form)
    if form.__name__ == "CloseForm":
        values["password"] = PASSWORD
    return {
        field.encode_name: values[field.encode_name]
        for field in msgspec.structs.fields(form)
        if field.encode_name in values and (values[field.encode_name] is not None or not field.required)
    }


def _typed(template: str, ids: dict[str, str]) -> dict[str, str]:
    more = tenancy_imports.form_for(template) or tenancy_outlets.form_for(template) or {}
    more = more or tenancy_market.form_for(template) or {}
    return form_for(template, ids) or tenancy_hours.form_for(template, ids) or more


def path_of(route: Route, place: Place, one: Somebody | None) -> str:
    fixed = {"code": "A" * 43, "number": "1", "status": "404", "path": "openapi.json", "address": tenancy_stock.MARKET,
             "holiday": tenancy_hours.HOLIDAY, "cell": "price", "category": "cars"}  # fmt: skip

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        name = tenancy_imports.id_for(route.template, name)
        if name == "change_id" and "undoing" in route.template:
            name = "applied_change_id"
        if name == "session_id" and one is not None and one.session_id is not None:
            return str(one.session_id)
        if name == "number" and "/l/" in route.template:
            return tenancy_stock.MARKET.partition("-")[0]
        fitting = fixed.get(name) or tenancy_market.part_of(route.template, name)
        return quote(place.ids.get(name) or fitting or str(uuid4()))

    return re.sub(r"\{(\w+):\w+\}", value, route.template)
