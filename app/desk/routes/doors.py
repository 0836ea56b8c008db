"""In and out: sign-in, registration, forgotten password, sign-out, another org."""

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter

from app.accounts import queries as people
from app.accounts import service as accounts
from app.accounts.schemas import ForgotForm, RegisterForm, ResetForm, SignedIn, SignInForm
from app.core import devices, forms, preferences, render, sessions
from app.core.asks import Visitor, Who, WithDb, WithLimiter
from app.core.devices import Device
from app.core.error_handlers import safe_next
from app.core.forms import FormData
from app.core.i18n import Lang, _
from app.core.security import OrgKind
from app.orgs import service
from app.orgs.schemas import SwitchForm

HOMES: dict[OrgKind, str] = {"dealer": "/desk", "platform": "/admin", "person": "/garage"}
Next = Annotated[str, QueryParameter(name="next", max_length=512)]
Reads = Annotated[Lang | None, QueryParameter(name="lang", description="What the public page was read in.")]


@get("/sign-in", access="public", name="sign-in")
async def show_sign_in(visitor: Visitor, go_on: Next = "", lang: Reads = None) -> Response[Any]:
    if visitor is not None:
        return render.redirect(safe_next(go_on, HOMES[visitor.org_kind]))
    if lang:
        here = f"/sign-in?{urlencode({'next': go_on})}" if safe_next(go_on, "") else "/sign-in"
        return preferences.kept(render.redirect(here), lang=lang)
    return render.page("desk/sign_in.html", form=forms.EMPTY, go_on=safe_next(go_on, ""))


@post("/sign-in", access="public", limit="login", status_code=303, **forms.again("desk/sign_in.html"))
async def create_sign_in(
    request: Request[Any, Any, Any], db: WithDb, data: FormData, visitor: Visitor, limiter: WithLimiter
) -> Response[Any]:
    go_on, device = safe_next(data.pop("next", ""), ""), devices.lasting(request)
    form = forms.read(SignInForm, forms.filled(request, data, go_on=go_on))
    async with limiter.attempt("account", identity=await people.account_of(form.email, device)):
        signed_in = await service.sign_in(db, form, device, before=visitor)
    return _welcome(signed_in, device, go_on)


@post("/sign-out", access="person", status_code=303)
async def create_sign_out(db: WithDb, who: Who) -> Response[Any]:
    await accounts.sign_out(db, who.session_id)
    answer = render.redirect("/sign-in", _("You are signed out."), "info")
    answer.cookies.append(sessions.gone())
    answer.headers["clear-site-data"] = '"storage"'
    return answer


@get("/start", access="person")
async def show_start(who: Who) -> Response[Any]:
    """The home of whatever the person works in."""
    return render.redirect(HOMES[who.org_kind])


@get("/register", access="public")
async def show_register() -> Response[Any]:
    return render.page("desk/register.html", form=forms.EMPTY)


@post("/register", access="public", limit="login", status_code=303, **forms.again("desk/register.html"))
async def create_person(request: Request[Any, Any, Any], db: WithDb, data: FormData) -> Response[Any]:
    form, device = forms.read(RegisterForm, forms.filled(request, data)), devices.lasting(request)
    return _welcome(await service.register_and_sign_in(db, form, device), device)


@get("/forgot-password", access="public")
async def show_forgot() -> Response[Any]:
    return render.page("desk/forgot.html", form=forms.EMPTY, sent=False)


@post("/forgot-password", access="public", limit="login", status_code=200, **forms.again("desk/forgot.html"))
async def create_reset_request(request: Request[Any, Any, Any], db: WithDb, data: FormData) -> Response[Any]:
    """The same answer whether or not the address is known."""
    form = forms.read(ForgotForm, forms.filled(request, data, sent=False))
    await accounts.ask_reset(db, form.email)
    return render.page("desk/forgot.html", form=forms.EMPTY, sent=True)


@get("/reset-password/{code:str}", access="public")
async def show_reset(code: FromPath[str]) -> Response[Any]:
    return render.page("desk/reset.html", form=forms.EMPTY, code=code).sent(headers=_SECRET_PAGE)


@post("/reset-password/{code:str}", access="public", limit="login", status_code=303, **forms.again("desk/reset.html"))
async def create_password(
    request: Request[Any, Any, Any], db: WithDb, code: FromPath[str], data: FormData
) -> Response[Any]:
    forms.filled(request, data, code=code)
    await accounts.reset_password(db, forms.read(ResetForm, {**data, "code": code}))
    return render.redirect("/sign-in", _("Your password is changed. Sign in with the new one."))


@post("/desk/org", access="person", status_code=303)
async def update_org(request: Request[Any, Any, Any], db: WithDb, who: Who, data: FormData) -> Response[Any]:
    """Act in another of one's orgs, under a new session."""
    form, device = forms.read(SwitchForm, data), devices.lasting(request)
    return _welcome(await service.switch_org(db, who, form.org_id, device), device)


_SECRET_PAGE = {"cache-control": "private, no-store", "referrer-policy": "same-origin"}


def _welcome(signed_in: SignedIn, device: Device, go_on: str = "") -> Response[Any]:
    answer = render.redirect(go_on or "/start")
    answer.cookies += [sessions.cookie(signed_in.token), devices.cookie(device)]
    return answer


ROUTES: list[Any] = [
    show_sign_in, create_sign_in, create_sign_out, show_start, show_register, create_person, show_forgot,
    create_reset_request, show_reset, create_password, update_org,
]  # fmt: skip
