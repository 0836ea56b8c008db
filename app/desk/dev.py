"""Pages for those who build the product: the component gallery, and every error page without the error."""

from datetime import UTC, datetime, timedelta
from typing import Any

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from app.core import clock, i18n, render
from app.core.bounds import PathInt
from app.core.error_handlers import ErrorView
from app.core.errors import Forbidden, Invalid, NotFound
from app.core.i18n import _
from app.core.ids import Id
from app.core.problems import FAULT
from app.core.render import Page
from app.core.security import Principal

_SAYS = {403: Forbidden.says, 404: NotFound.says, 422: Invalid.says, 500: FAULT.says, 503: FAULT.says}
_NOBODY = Id(int=0)


class SamplePerson(Struct, frozen=True):
    name: str
    email: str
    role: str
    branch: str


class Sample(Struct, frozen=True):
    """Words of the two scripts, so that each is seen in the other's frame."""

    heading: str
    sentence: str
    paragraph: str
    link: str
    other_script: str
    name: str
    branch: str
    price_typed: str
    moment: datetime
    people: tuple[SamplePerson, ...]
    phone_fault: str = _("This does not look like a phone number.")
    mail_fault: str = _("Enter an e-mail address.")


@get("/dev/components", access="dev", include_in_schema=False)
async def show_components(request: Request[Any, Any, Any]) -> Page:
    """A visitor sees the frame as a sample member does."""
    signed_in = request.scope.get("state", {}).get("principal")
    return render.page(
        "dev/components.html", sample=sample_of(render.choices(request).lang), who=signed_in or sample_member()
    )


@get("/dev/errors/{status:int}", access="dev", include_in_schema=False)
async def show_error_page(request: Request[Any, Any, Any], status: PathInt) -> Page:
    if status not in _SAYS:
        raise NotFound
    says = i18n.translate(_SAYS[status], render.choices(request).lang)
    view = ErrorView(status=status, code="sample", says=says, request_id="0199c0de-7000-7000-8000-00000000cafe")
    return render.page(f"errors/{status}.html", problem=view)


@get("/dev/sign-in-frame", access="dev", include_in_schema=False)
async def show_auth_frame() -> Page:
    return render.page("dev/auth.html")


dev_routes: list[HTTPRouteHandler] = [show_components, show_error_page, show_auth_frame]


def sample_member() -> Principal:
    return Principal(
        person_id=_NOBODY,
        session_id=_NOBODY,
        org_id=_NOBODY,
        org_slug="ravi",
        org_name="Ravi Motors",
        org_kind="dealer",
        role="owner",
        branch_slug="lahore",
        name="Sana Khan",
    )


def sample_of(lang: str) -> Sample:
    people = (
        SamplePerson("Sana Khan", "sana@ravi.demo", "Owner", "Lahore"),
        SamplePerson("عمران احمد", "imran@ravi.demo", "Manager", "Gujranwala"),
        SamplePerson("Bilal Ahmed", "bilal@ravi.demo", "Sales", "Lahore"),
        SamplePerson("Hira Malik", "hira@ravi.demo", "Finance", "Lahore"),
    )
    urdu = (
        "گاڑیوں کا قابلِ اعتماد بازار",
        "ہر انکوائری کا وقت پر جواب دیا جاتا ہے۔",
        "ٹویوٹا کرولا 2019، لاہور رجسٹریشن، ایک ہی مالک کے استعمال میں رہی۔ اصل رنگ، مکمل سروس ریکارڈ موجود ہے۔",
        "تفصیل دیکھیں",
    )
    english = (
        "A market people trust",
        "Every enquiry is answered on time.",
        "Toyota Corolla 2019, Lahore registered, one owner. Original paint, complete service record.",
        "See the details",
    )
    own, other = (urdu, english) if lang == "ur" else (english, urdu)
    name, branch = ("ثنا خان", "لاہور") if lang == "ur" else ("Sana Khan", "Lahore")
    moment = clock.now().astimezone(UTC) - timedelta(minutes=14)
    return Sample(*own, other[2], name, branch, "42.5 lakh", moment, people)
