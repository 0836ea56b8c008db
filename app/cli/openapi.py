"""`desk openapi`: the contracts others build against, written to infra/ or compared with it."""

import sys

import click

from app.core import contracts
from app.core.embedded.errors import CannotStart
from app.core.settings import load
from app.main import create_app


@click.command("openapi")
@click.option("--check", is_flag=True, help="Write nothing; fail when a file is not what the code says.")
def command(check: bool) -> None:
    """Write openapi.json, the event schemas and api.md. Needs no server."""
    # Demo pages are outside the contract, and the machine's own settings must not change it.
    app = create_app(load({}))
    if check:
        found = contracts.differences(app)
        click.echo("\n".join(found), nl=bool(found))
        sys.exit(bool(found))
    try:
        for path in contracts.export(app):
            click.echo(path)
    except contracts.ContractBroken as broken:
        raise CannotStart(str(broken)) from None
