"""Lead mails: the worker's mailboxes, one for each address that an org has made."""

import asyncio

from app.adapters import mail_in
from app.adapters.mail_in import Mailboxes
from app.core import db
from app.core.base import Scope
from app.core.settings import Settings
from app.core.supervised import Loop
from app.leads import queries, service
from app.leads.service import Inlet

_BEAT_S = 5


class Post:
    """Listens on ADF_SMTP_PORT, where one is set."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loop = Loop("mail_in", self._serve) if settings.adf_smtp_port else None

    def start(self) -> None:
        if self._loop is not None:
            self._loop.start()

    async def stop(self) -> None:
        if self._loop is not None:
            await self._loop.stop()

    async def _serve(self, loop: Loop) -> None:
        ours = self._settings
        async with mail_in.listen(mailboxes(ours.adf_mail_domain), ours.adf_smtp_host, ours.adf_smtp_port):
            while True:
                loop.beat()
                await asyncio.sleep(_BEAT_S)


def mailboxes(domain: str) -> Mailboxes:
    return Mailboxes(domain, _known, _take)


async def _known(local: str) -> bool:
    return await queries.door_of_mail(local) is not None


async def _take(local: str, letter: bytes) -> None:
    """Returns once the letter's leads, or the letter as unreadable, are committed."""
    door = await queries.door_of_mail(local)
    if door is None:
        raise LookupError("the address was replaced while the letter was on its way")
    async with db.unit(Scope(org_id=door.org_id)) as session:
        await service.receive_mail(
            session, letter, mail_in.texts_in(letter), Inlet(via="mail", branch_id=door.branch_id)
        )
