"""`desk worker`: one process that runs jobs, timers and schedules."""

import click
import uvloop

from app.cli._attach import attached
from jobs import worker


@click.command("worker")
def command() -> None:
    """Run jobs, timers and schedules until SIGTERM."""
    with attached() as settings:
        uvloop.run(worker.run(settings))
