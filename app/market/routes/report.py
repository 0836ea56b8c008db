"""What is wrong with an advert, said by anybody."""

from typing import Any

from litestar import Request, Response, post

from app.core import devices, forms, render
from app.core.asks import WithDb
from app.core.bounds import PathInt
from app.core.forms import FormData
from app.listings import queries as listings
from app.market.routes.enquiry import too_quick
from app.market.routes.listing import page_of
from app.market.rules import home
from app.moderation import service
from app.moderation.schemas import ReportForm


@post(
    ["/l/{number:int}/report", "/ur/l/{number:int}/report"],
    access="public", limit="lead", language="path", status_code=303, **forms.again("market/listing.html"),
)  # fmt: skip
async def create_report(request: Request[Any, Any, Any], db: WithDb, number: PathInt, data: FormData) -> Response[Any]:
    """Suspected robots are thanked too; what they send is kept as spam."""
    shown = await listings.public_listing(db, number)
    context = {**await page_of(request, db, shown), "reporting": True}
    form = forms.read(ReportForm, forms.filled(request, data, **context))
    device = devices.lasting(request)
    lang = render.choices(request).lang
    suspicion = "trapped" if form.website else too_quick(request)
    await service.file_report(db, shown.id, form, reporter=device.fingerprint, lang=lang, suspicion=suspicion)
    page = render.redirect(f"{home(lang)}{shown.url}?reported=1#report")
    page.cookies.append(devices.cookie(device))
    return page


ROUTES: list[Any] = [create_report]
