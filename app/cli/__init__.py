"""The `desk` command. Each command is a file here with a click command named `command`."""

import importlib
import keyword
import pkgutil
import sys

import click

from app.core.embedded.errors import CannotStart
from app.core.settings import SettingsError


class _Commands(click.Group):
    """Finds commands by file name (`import_.py` is `import`) and imports one only when it is called or listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(found.name.rstrip("_") for found in pkgutil.iter_modules(__path__) if found.name[0] != "_")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(
            f"{__name__}.{cmd_name}{'_' * keyword.iskeyword(cmd_name)}"
        ).command
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def desk() -> None:
    """Run, prepare and ask a desk. Settings come from the environment; see .env.example."""


def main() -> None:
    """Leave with code 2 and one clear line when a person has to change something first."""
    try:
        desk(prog_name="desk")
    except (CannotStart, SettingsError) as error:
        click.echo(f"desk: {error}", err=True)
        sys.exit(2)
