"""Later work for people: the mail with the link to a new password."""

from typing import Any

from app.accounts import queries
from app.accounts.facts import PasswordResetAsked
from app.accounts.service.passwords import RESET
from app.adapters import mail
from app.core import clock, i18n, render, settings
from app.core.crypto import code
from app.core.jobs_ledger import Work

_SUBJECT = "Set a new password"


async def send_reset(work: Work, fact: PasswordResetAsked) -> None:
    """The code is made again from the reset's id, so that it is nowhere stored. Too late is not sent."""
    async with work.step() as db:
        user = await queries.person(db, fact.user_id)
    if user.status != "active" or not await queries.reset_is_open(fact.id):
        return
    ours, lang = settings.current(), i18n.known(user.lang)
    link = f"{ours.base_url}/reset-password/{code(RESET, fact.id)}"
    context: dict[str, Any] = {"name": user.name, "link": link, "asked_at": clock.now()}
    await mail.installed(ours).send(
        mail.Mail(
            key=work.key,
            to=user.email,
            subject=render.sentence(_SUBJECT, lang),
            html=render.fragment("accounts/mail/new_password.html", lang=lang, **context),
            text=render.fragment("accounts/mail/new_password.txt", lang=lang, **context),
            lang=lang,
        )
    )
