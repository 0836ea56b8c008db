"""`desk dev`: everything on this machine, in the foreground. `make run` calls it."""

import os

import click

from app.core.embedded.supervisor import Supervisor
from app.core.settings import Settings, load

_DEALERS = ("owner", "manager", "sales1", "sales2", "finance", "readonly")
_OTHERS = ("admin@platform.demo", "moderator@platform.demo", "buyer@people.demo", "carowner@people.demo")


@click.command("dev")
def command() -> None:
    """Start PostgreSQL, Valkey, web and worker; Ctrl-C stops them all."""
    settings = load(os.environ)
    Supervisor(settings, os.environ, say=click.echo, ready=lambda base_url: _welcome(settings, base_url)).run()


def _welcome(settings: Settings, base_url: str) -> None:
    click.echo(f"ready {base_url}")
    if settings.desk_demo:
        click.echo(f"  dealer desk  {base_url}/desk")
        click.echo(f"  components   {base_url}/dev/components")
        click.echo(f"  sent mail    {base_url}/dev/mail")
        for org in ("ravi", "indus"):
            click.echo(f"  {org:<11}  {' '.join(f'{name}@{org}.demo' for name in _DEALERS)}")
        click.echo(f"  others       {' '.join(_OTHERS)}")
        click.echo("  password     demo-password")
    click.echo("  stop         Ctrl-C")
