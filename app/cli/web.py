"""`desk web`: one process of pages, API and live sockets."""

import click
import uvicorn

from app.cli._attach import attached
from app.core import telemetry
from app.core.embedded.checks import check_port
from app.main import create_app

DRAIN_S = 10


@click.command("web")
def command() -> None:
    """Serve pages, the API and live sockets on DESK_HOST:DESK_PORT."""
    with attached() as settings:
        check_port(settings.desk_host, settings.desk_port)
        telemetry.install(settings, process="web")
        config = uvicorn.Config(
            create_app(settings),
            host=settings.desk_host,
            port=settings.desk_port,
            loop="uvloop",
            http="httptools",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=DRAIN_S,
            server_header=False,
            date_header=True,
            proxy_headers=False,  # core.edge believes X-Forwarded-For of TRUSTED_PROXIES only
            access_log=False,  # the application logs each request itself, as JSON
            log_config=None,
        )
        uvicorn.Server(config).run()
        telemetry.shutdown()
