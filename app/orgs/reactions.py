"""Later work for orgs: the mail that carries an invitation."""

from typing import Any

from app.accounts import queries as accounts
from app.adapters import mail
from app.core import i18n, render, settings
from app.core.base import Db
from app.core.crypto import code
from app.core.errors import NotFound
from app.core.ids import Id
from app.core.jobs_ledger import Work
from app.orgs import queries
from app.orgs.facts import MemberInvited
from app.orgs.service.invitations import PURPOSE

_SUBJECT = "You are invited to %(org)s"


async def send_invitation(work: Work, fact: MemberInvited) -> None:
    """The code is made again from the invitation's id, so that it is nowhere stored. A withdrawn one is not sent."""
    async with work.step() as db:
        invitation = await queries.invitation_row(db, fact.id)
        if invitation.state != "open":
            return
        org = await queries.org_card(db, work.org_id)
        sent = await queries.invitation_for_change(db, fact.id)
        host, lang = await _inviter(db, sent.invited_by), i18n.known(sent.lang)
    ours = settings.current()
    context: dict[str, Any] = {
        "org": org.name,
        "host": host,
        "role": invitation.role,
        "until": invitation.expires_at,
        "link": f"{ours.base_url}/invitations/{code(PURPOSE, fact.id)}",
    }
    await mail.installed(ours).send(
        mail.Mail(
            key=work.key,
            to=invitation.email,
            subject=i18n.translate(_SUBJECT, lang, org=org.name),
            html=render.fragment("orgs/mail/invitation.html", lang=lang, **context),
            text=render.fragment("orgs/mail/invitation.txt", lang=lang, **context),
            lang=lang,
        )
    )


async def _inviter(db: Db, user_id: Id) -> str:
    """Their name, unless they left meanwhile."""
    try:
        return (await accounts.person(db, user_id)).name
    except NotFound:
        return ""
