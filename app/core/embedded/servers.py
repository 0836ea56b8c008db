"""The servers of one desk: those that no variable replaces, and the addresses everybody then uses."""

from app.core.embedded import binaries
from app.core.embedded.identity import Identity
from app.core.embedded.postgres import Postgres
from app.core.embedded.state import DataDirectory, State
from app.core.embedded.valkey import Valkey
from app.core.settings import Settings

Server = Postgres | Valkey


class Servers:
    """PostgreSQL and Valkey over one data directory; `fast` is for tests. Start them from the main thread."""

    def __init__(
        self,
        directory: DataDirectory,
        state: State,
        settings: Settings,
        *,
        fast: bool = False,
    ) -> None:
        self.directory, self.state, self.settings = directory, state, settings
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        if settings.database_url is None:
            who = Identity.pick(settings.desk_pg_os_user)
            self.postgres = Postgres(
                directory.path / "postgres",
                directory.log("postgres"),
                binaries.postgres(settings.desk_pg_bin, who),
                who,
                port=state.of("postgres").port,
                fast=fast,
            )
        if settings.redis_url is None:
            self.valkey = Valkey(
                directory.path / "valkey",
                directory.log("valkey"),
                binaries.valkey(settings.desk_redis_bin),
                state.password("valkey"),
                port=state.of("valkey").port,
                keep=not fast,
            )

    @property
    def all(self) -> list[Server]:
        """In the order of starting."""
        return [server for server in (self.postgres, self.valkey) if server is not None]

    def start(self) -> None:
        """Start all or none."""
        try:
            for server in self.all:
                server.start()
                self.note(server)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        for server in reversed(self.all):
            server.stop()
            self.note(server)

    def note(self, server: Server) -> None:
        """Say in the state what runs where."""
        entry = self.state.of(server.name)
        entry.pid = server.process.pid if server.process else None
        entry.port, entry.data, entry.log = server.port, str(server.data), str(server.log)
        self.directory.write(self.state)

    def environment(self) -> dict[str, str]:
        """The addresses, for this process and its children. Roles get the passwords that their addresses say."""
        found: dict[str, str] = {}
        if self.postgres is not None:
            for variable, role in (("DATABASE_URL", "desk_app"), ("DATABASE_SYSTEM_URL", "desk_system")):
                found[variable] = self.postgres.url(user=role, password=self.state.password(role))
            found["DATABASE_OWNER_URL"] = self.postgres.url()
        if self.valkey is not None:
            found["REDIS_URL"] = self.valkey.url
        return found
