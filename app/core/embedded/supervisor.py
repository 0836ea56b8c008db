"""`desk dev`: servers, migrate, seed, web and worker, started in order, kept alive, stopped in order."""

import http.client
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

from app.core.embedded.checks import check_database, check_port
from app.core.embedded.children import Backoff, Child
from app.core.embedded.errors import CannotStart
from app.core.embedded.nursery import PROGRAMS, Nursery
from app.core.embedded.process import LOOPBACK, free_port, port_is_free, tail
from app.core.embedded.servers import Server, Servers
from app.core.embedded.state import DataDirectory, State
from app.core.settings import Settings

_READY_WITHIN_S = 90.0
_STOP_WITHIN_S = 15.0
_LOOK_EVERY_S = 0.1


class _Stopped(Exception):
    """A signal asked us to stop."""


def desk_programs(*names: str) -> dict[str, tuple[str, ...]]:
    """Arguments of Python that run the `desk` commands of these names."""
    return {name: ("-m", "app.cli", name) for name in names}


# One process for both: starting Python and reading the application costs more than either.
_FIRST = {"migrate": (*desk_programs("migrate")["migrate"], "--seed")}
_LASTING = desk_programs("web", "worker")


class Supervisor:
    """Runs until a signal. `say` prints one line for the person at the terminal."""

    def __init__(
        self,
        settings: Settings,
        environ: Mapping[str, str],
        *,
        say: Callable[[str], None],
        ready: Callable[[str], None],
        first: Mapping[str, tuple[str, ...]] = _FIRST,
        lasting: Mapping[str, tuple[str, ...]] = _LASTING,
        programs: Sequence[str] = PROGRAMS,
    ) -> None:
        self.first, self.lasting = first, lasting
        self.settings, self.environ = settings, dict(environ)
        self.say, self.announce = say, ready
        self.directory = DataDirectory(settings.desk_data)
        self.state = State()
        self.servers: Servers | None = None
        self.children: list[Child] = []
        self.nursery = Nursery(self.directory.log("nursery"), environ, programs)
        self.port = settings.desk_port
        self._stopping = False
        self._server_backoff: dict[str, Backoff] = {}

    def run(self) -> None:
        """Raises CannotStart, with everything stopped again, when the desk does not come up."""
        self._listen_to_signals()
        self.state = self.directory.hold()
        try:
            self._start()
            self._keep_running()
        except _Stopped:
            pass
        finally:
            self._stop()
            self.directory.let_go()

    def _start(self) -> None:
        self.port = self.port or free_port(self.state.of("web").port)
        check_port(self.settings.desk_host, self.port)
        if self.settings.database_url:
            check_database("DATABASE_URL", self.settings.database_url)
        self.servers = Servers(self.directory, self.state, self.settings)
        self.state.pid, self.state.ready = os.getpid(), False
        self.state.base_url = self.environ.get("BASE_URL") or f"http://{LOOPBACK}:{self.port}"
        self.directory.write(self.state)
        self.nursery.start()  # reads our programs while the servers come up
        self.servers.start()
        for server in self.servers.all:
            self.say(f"{server.name} {server.version} on port {server.port}")
        self.state.environment = self.servers.environment()
        self.directory.write(self.state)
        while self.nursery.reading and not self.nursery.wait(_LOOK_EVERY_S):
            self._pause(0)
        environ = self._environment()
        for name, arguments in self.first.items():
            self._pause(0)
            self._run_to_end(self._child(name, arguments, environ))
        environ = self._environment()  # again: somebody may have taken the metrics port while we migrated
        for name, arguments in self.lasting.items():
            child = self._child(name, arguments, environ)
            self.children.append(child)
            self._start_child(child)
        self._wait_until_ready()
        self.state.ready = True
        self.directory.write(self.state)
        self.announce(self.state.base_url)

    def _environment(self) -> dict[str, str]:
        """What the children see: addresses instead of defaults, so that each could also run alone."""
        environ = {**self.environ, **self.state.environment, "PYTHONUNBUFFERED": "1"}
        environ["DESK_DATA"] = str(self.directory.path)
        environ["DESK_PORT"] = str(self.port)
        environ["BASE_URL"] = self.state.base_url or ""
        metrics = self.state.of("worker")
        metrics.port = self.settings.worker_metrics_port and free_port(self.settings.worker_metrics_port)
        environ["WORKER_METRICS_PORT"] = str(metrics.port)
        return environ

    def _child(self, name: str, arguments: tuple[str, ...], environ: Mapping[str, str]) -> Child:
        return Child(name, arguments, self.directory.log(name), environ, self.nursery)

    def _run_to_end(self, child: Child) -> None:
        child.start()
        try:
            while (code := child.exit_code()) is None:
                self._pause()
        finally:
            child.ask_to_stop()
            child.insist(time.monotonic() + 5)
        if code:
            raise CannotStart(_last_words(child))

    def _start_child(self, child: Child) -> None:
        child.start()
        self._note(child)

    def _note(self, child: Child) -> None:
        entry = self.state.of(child.name)
        entry.pid, entry.log = child.process.pid if child.process else None, str(child.log)
        if child.name == "web":
            entry.port = self.port
        self.directory.write(self.state)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _READY_WITHIN_S
        while not self._answers_ready():
            for child in self.children:
                # Code 2 is a setting that no restart mends.
                if child.exit_code() == 2 or child.backoff.failures >= 4:
                    raise CannotStart(_last_words(child))
            self._look_after_all()
            if time.monotonic() > deadline:
                raise CannotStart(f"/readyz was not green in {_READY_WITHIN_S:.0f} s (see {self.directory.log('web')})")
            self._pause()

    def _answers_ready(self) -> bool:
        host = self.settings.desk_host
        talk = http.client.HTTPConnection(LOOPBACK if host in {"0.0.0.0", "::"} else host, self.port, timeout=5)  # noqa: S104
        try:
            talk.request("GET", "/readyz", headers={"Host": f"{LOOPBACK}:{self.port}"})
            return talk.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            talk.close()

    def _keep_running(self) -> None:
        while True:
            self._look_after_all()
            self._pause()

    def _look_after_all(self) -> None:
        for server in self.servers.all if self.servers else []:
            self._look_after_server(server)
        for child in self.children:
            self._look_after_child(child)
        started = [*self.children, *(self.servers.all if self.servers else [])]
        self.nursery.reap({one.process.pid for one in started if one.process is not None})

    def _look_after_child(self, child: Child) -> None:
        if (code := child.exit_code()) is not None:
            child.process = None
            child.backoff.failed()
            self._note(child)
            self.say(f"{child.name} ended ({_how(code)}), starting it again; see {child.log}")
        if child.process is None and child.backoff.due:
            self._start_child(child)

    def _look_after_server(self, server: Server) -> None:
        backoff = self._server_backoff.setdefault(server.name, Backoff())
        if server.process is not None and (code := server.process.poll()) is not None:
            server.process = None
            backoff.failed()
            self.say(f"{server.name} ended ({_how(code)}), starting it again; see {server.log}")
        # The children know this port, so no other will do.
        if server.process is None and backoff.due and port_is_free(server.port):
            backoff.started()
            try:
                server.start()
            except CannotStart:
                backoff.failed()
            if self.servers:
                self.servers.note(server)

    def _stop(self) -> None:
        """Web and worker together, then the servers they use. Signals no longer interrupt."""
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + _STOP_WITHIN_S
        for child in self.children:
            child.insist(deadline)
        self.nursery.stop()
        if self.servers is not None:
            self.servers.stop()
        self.state.pid, self.state.ready, self.state.environment = None, False, {}
        for entry in self.state.processes.values():
            entry.pid = None
        self.directory.write(self.state)

    def _listen_to_signals(self) -> None:
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if sig is not signal.SIGHUP or signal.getsignal(sig) is not signal.SIG_IGN:  # nohup stays nohup
                signal.signal(sig, self._note_signal)

    def _note_signal(self, _number: int, _frame: FrameType | None) -> None:
        # Only a note: an exception here could fall between a start and our knowing of it. A repeat changes nothing
        # (`make` passes on a signal that its whole group has had).
        self._stopping = True

    def _pause(self, seconds: float = _LOOK_EVERY_S) -> None:
        if not self._stopping:
            time.sleep(seconds)
        if self._stopping:
            raise _Stopped


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"


def _last_words(child: Child) -> str:
    said = tail(child.log, 1)
    return f"{child.name} failed: {said[0].removeprefix('desk: ') if said else 'it said nothing'} (see {child.log})"
