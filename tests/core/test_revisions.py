"""Which schema a process needs, and how little it loads to know."""

import subprocess
import sys

from alembic.script import ScriptDirectory

from app.core import migrate, revisions


def test_the_last_revision_is_the_one_that_alembic_finds() -> None:
    assert revisions.head() == ScriptDirectory.from_config(migrate.config("")).get_current_head()


def test_no_process_loads_what_it_never_uses() -> None:
    program = "import sys, app.main, jobs.worker; print({'alembic', 'mako', 'rich', 'pygments'} & {*sys.modules})"

    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "set()"
