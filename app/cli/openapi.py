"""`desk openapi`: the contracts as files, and whether they are still true."""

import json
import os
import sys

import click

from app.core import contracts
from app.core.settings import load
from app.main import create_app


@click.command("openapi")
@click.option("--check", is_flag=True, help="Write nothing; fail when a file is not what the code says.")
@click.option("--json", "as_json", is_flag=True, help="Print the OpenAPI document instead of writing files.")
def command(check: bool, as_json: bool) -> None:
    """Write infra/contracts and infra/docs/api.md from the routes and facts. Needs no server."""
    app = create_app(load(os.environ))
    if as_json:
        click.echo(json.dumps(contracts.openapi(app)))
    elif check:
        found = contracts.differences(app)
        for line in found:
            click.echo(line, err=True)
        sys.exit(1 if found else 0)
    else:
        try:
            changed = contracts.export(app)
        except contracts.ContractBroken as error:
            click.echo(f"desk: {error}\ndesk: give the fact its next `version`", err=True)
            sys.exit(1)
        click.echo(f"{len(changed)} files changed")
