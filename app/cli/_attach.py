"""Commands that need the servers use those of the running desk, or start them for their own duration."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from urllib.parse import unquote, urlsplit

from app.core.embedded.errors import CannotStart
from app.core.embedded.servers import Servers
from app.core.embedded.state import DataDirectory
from app.core.settings import Settings, install, load


@contextmanager
def attached(*, migrated: bool = True) -> Iterator[Settings]:
    """Settings whose addresses answer, installed as those of this process.

    Servers of our own get the schema first, unless `migrated` is false.
    """
    settings = load(os.environ)
    if settings.database_url is not None:
        install(settings)
        yield settings
        return
    directory = DataDirectory(settings.desk_data)
    if directory.held_elsewhere():
        running = directory.read()
        if not running.environment:
            raise CannotStart(f"the desk over {directory.path} is just starting or stopping: try again")
        # tokens and links name the address the running desk answers at, whatever port this shell would give it
        yield _with({**running.environment, **({"BASE_URL": running.base_url} if running.base_url else {})})
        return
    signal.signal(signal.SIGTERM, _leave)
    state = directory.hold()
    servers = Servers(directory, state, settings)
    try:
        servers.start()
        state.pid, state.environment = os.getpid(), servers.environment()
        directory.write(state)
        settings = _with(state.environment)
        if migrated:
            upgrade(settings)
        yield settings
    finally:
        servers.stop()
        state.pid, state.environment = None, {}
        directory.write(state)
        directory.let_go()


def _with(addresses: dict[str, str]) -> Settings:
    os.environ.update(addresses)
    settings = load(os.environ)
    install(settings)
    return settings


def upgrade(settings: Settings, *, to: str = "head") -> None:
    """Roles and schema. The roles get the passwords that their addresses say."""
    owner = settings.database_owner_url or settings.database_url
    if owner is None:
        raise CannotStart("DATABASE_URL is not set")
    from app.core import migrate  # every `desk web` and `desk worker` comes by here, and few of them need Alembic

    migrate.upgrade(
        owner,
        to=to,
        app_password=_password(settings.database_url, "desk_app"),
        system_password=_password(settings.database_system_url, "desk_system"),
    )


def _password(url: str | None, role: str) -> str | None:
    parsed = urlsplit(url or "")
    return unquote(parsed.password) if parsed.username == role and parsed.password else None


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(143)
