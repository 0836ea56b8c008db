"""An API over a fresh database, and a mailbox in memory."""

from collections.abc import AsyncIterator, Iterator

import pytest

from app.adapters import mail
from app.core.settings import Settings
from tests.support.api import Caller, cheap_passwords, serving


@pytest.fixture
async def api(settings: Settings) -> AsyncIterator[Caller]:
    cheap_passwords()
    async with serving(settings) as caller:
        yield caller


@pytest.fixture
def outbox() -> Iterator[mail.MemoryMailer]:
    mailer = mail.MemoryMailer()
    mail.install(mailer)
    yield mailer
    mail.install(None)
