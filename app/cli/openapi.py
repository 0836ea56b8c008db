"""`desk openapi`: the contracts as files, and whether they are still true."""

import json
import os
import sys

import click

from app.core import contracts
from app.core.settings import load
from app.main import create_app
from app.orgs.rules import matrix_document

PERMISSIONS = contracts.ROOT / "docs" / "permissions.md"


@click.command("openapi")
@click.option("--check", is_flag=True, help="Write nothing; fail when a file is not what the code says.")
@click.option("--json", "as_json", is_flag=True, help="Print the OpenAPI document instead of writing files.")
def command(check: bool, as_json: bool) -> None:
    """Write infra/contracts, infra/docs/api.md and permissions.md from routes, facts and roles. Needs no server."""
    app = create_app(load(os.environ))
    if as_json:
        click.echo(json.dumps(contracts.openapi(app)))
    elif check:
        found = contracts.differences(app)
        if not PERMISSIONS.exists() or PERMISSIONS.read_text(encoding="utf-8") != matrix_document():
            found.append("docs/permissions.md: is not what the code says; run `desk openapi`")
        for line in found:
            click.echo(line, err=True)
        sys.exit(1 if found else 0)
    else:
        try:
            changed = contracts.export(app)
        except contracts.ContractBroken as error:
            click.echo(f"desk: {error}\ndesk: give the fact its next `version`", err=True)
            sys.exit(1)
        PERMISSIONS.write_text(matrix_document(), encoding="utf-8")
        click.echo(f"{len(changed)} files changed")
