"""A web process of the fault run: the product's own application with the run's trade beside it."""

import os

from app.core import settings, telemetry
from app.main import create_app
from loadtests.faults import trade
from realtime import server

if __name__ == "__main__":
    found = settings.load(os.environ)
    settings.install(found)
    telemetry.install(found, process="web")
    app = create_app(found)
    trade.wire()
    trade.add_to(app)
    server.run(app, app.state.parts.hub, found)
