"""Demo only: the mail that was not sent, at /dev/mail."""

import asyncio
from typing import Any

from litestar import Response, get

from app.adapters.mail import Mail, OutboxMailer, mailer_for
from app.core import render, settings
from app.core.bounds import PathInt
from app.core.errors import NotFound


@get("/dev/mail", access="dev", include_in_schema=False)
async def list_mail() -> Response[Any]:
    return render.page("dev/mail.html", mails=await _sent(), mail=None)


@get("/dev/mail/{number:int}", access="dev", include_in_schema=False)
async def show_mail(number: PathInt) -> Response[Any]:
    """The `number`-th of those shown, the oldest being the first."""
    mails = await _sent()
    if not 1 <= number <= len(mails):
        raise NotFound
    return render.page("dev/mail.html", mails=mails, mail=mails[len(mails) - number])


async def _sent() -> list[Mail]:
    """The latest first; none where mails really leave."""
    mailer = mailer_for(settings.current())
    return await asyncio.to_thread(mailer.sent) if isinstance(mailer, OutboxMailer) else []


ROUTES: list[Any] = [list_mail, show_mail]
