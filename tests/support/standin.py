"""A desk whose web and worker are tiny programs, to test the supervisor itself: `python -m tests.support.standin`."""

import os
import sys

import click

from app.core.embedded.errors import CannotStart
from app.core.embedded.supervisor import Supervisor
from app.core.settings import SettingsError, load

WEB = """
import http.server, os
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(os.environ["DESK_PORT"])), Ready).serve_forever()
"""
IDLE = "import time\nwhile True: time.sleep(1)"
CASTS = {
    "mild": {"web": ("-c", WEB), "worker": ("-c", IDLE)},
    "broken": {"web": ("-c", "raise RuntimeError('no way')"), "worker": ("-c", IDLE)},
}


def main() -> None:
    lasting = CASTS[sys.argv[1] if len(sys.argv) > 1 else "mild"]
    try:
        settings = load(os.environ)
        Supervisor(
            settings,
            os.environ,
            say=click.echo,
            ready=lambda base_url: click.echo(f"ready {base_url}"),
            first={},
            lasting=lasting,
            programs=(),
        ).run()
    except (CannotStart, SettingsError) as error:
        click.echo(f"desk: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
