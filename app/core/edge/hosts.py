"""Which names we answer to, and which origins are ours."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from app.core.edge.refusals import BadHost
from app.core.settings import Settings

Headers = Iterable[tuple[bytes, bytes]]

_DEFAULT_PORT = {"http": "80", "https": "443"}


class Hosts:
    """The allow-list of one process, worked out once from its settings."""

    def __init__(self, settings: Settings) -> None:
        base = urlsplit(settings.base_url.lower())
        port = settings.desk_port
        names = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        if port in (80, 443):
            names |= {"127.0.0.1", "localhost", "[::1]"}
        names |= {base.netloc, *(name.strip().lower() for name in settings.allowed_hosts.split(",") if name.strip())}
        standard = _DEFAULT_PORT[base.scheme]
        names |= {f"{name}:{standard}" for name in names if not _has_port(name)}
        names |= {name.removesuffix(f":{standard}") for name in names if name.endswith(f":{standard}")}
        self.names = frozenset(names)
        schemes = {base.scheme} | (set() if settings.production else {"http"})
        self.origins = frozenset(f"{scheme}://{name}" for scheme in schemes for name in names)

    def check(self, headers: Headers) -> str:
        """The one Host of the request. Raises BadHost for none, two, or one that is not ours."""
        found = [value for name, value in headers if name == b"host"]
        if len(found) != 1:
            raise BadHost
        host = found[0].decode("latin-1").lower()
        if host not in self.names:
            raise BadHost
        return host

    def ours(self, origin: str) -> bool:
        return origin.lower() in self.origins


def _has_port(name: str) -> bool:
    return ":" in name.rpartition("]")[2]


def values(headers: Headers, wanted: bytes) -> Sequence[str]:
    return [value.decode("latin-1") for name, value in headers if name == wanted]
