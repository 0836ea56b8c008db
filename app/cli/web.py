"""`desk web`: one process of pages, API and live sockets."""

import click

from app.cli._attach import attached
from app.core import telemetry
from app.core.embedded.checks import check_port
from app.main import create_app
from realtime import server


@click.command("web")
def command() -> None:
    """Serve pages, the API and live sockets on DESK_HOST:DESK_PORT."""
    with attached() as settings:
        check_port(settings.desk_host, settings.desk_port)
        telemetry.install(settings, process="web")
        app = create_app(settings)
        server.run(app, app.state.parts.hub, settings)
        telemetry.shutdown()
