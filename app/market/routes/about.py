"""Who we are, how to reach us, what we keep and by which rules: pages of words."""

from email.utils import parseaddr
from typing import Any

from litestar import Request, Response, get

from app.core import render, settings
from app.market import seo
from app.market.caching import OPEN


@get([f"{lang}/{name}" for lang in ("", "/ur") for name in seo.WORDS], access="public", language="path")
async def show_words(request: Request[Any, Any, Any]) -> Response[Any]:
    here, now = request.scope["path"], settings.current()
    name = here.rpartition("/")[2]
    return render.page(
        f"market/{name}.html",
        head=seo.of_words(render.choices(request).lang, name),
        other_url=render.other_language(here),
        write_to=now.contact_email or parseaddr(now.mail_from)[1],
        documents_days=now.keep_lead_documents_days,
        sheets_days=now.keep_sheets_days,
    ).sent(headers={"cache-control": OPEN})


ROUTES: list[Any] = [show_words]
