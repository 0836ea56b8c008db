"""`desk token EMAIL`: a bearer token for trying the API, in demo and development only."""

import asyncio

import click

from app import wiring
from app.accounts import queries
from app.cli._attach import attached
from app.core import db
from app.core.base import Scope
from app.core.devices import Device
from app.core.embedded.errors import CannotStart
from app.core.settings import Settings
from app.orgs.service import tokens_for


@click.command("token")
@click.argument("email")
def command(email: str) -> None:
    """Print an access token of the person with this e-mail address, good for 15 minutes."""
    with attached() as settings:
        click.echo(asyncio.run(_token(settings, email)))


async def _token(settings: Settings, email: str) -> str:
    """Raises CannotStart where nobody may have a token without a password, or nobody has that address."""
    if not settings.desk_demo and settings.env != "local":
        raise CannotStart("desk token works only with DESK_DEMO=1 or ENV=local")
    wiring.install()
    database = db.Database(settings)
    db.install(database)
    try:
        user = await queries.by_email(email)
        if user is None or user.status != "active":
            raise CannotStart(f"nobody has the address {email}")
        async with db.unit(Scope()) as session:
            return (await tokens_for(session, user, Device(agent="desk token"))).access_token
    finally:
        db.install(None)
        await database.close()
