"""Which pages may open a live socket: browsers send cookies from any page, so the Origin decides."""

from urllib.parse import urlsplit

from app.core.settings import Settings


def allowed_origins(settings: Settings) -> frozenset[str]:
    """Our public origin, further hosts by the same scheme, and outside production this machine."""
    scheme = urlsplit(settings.base_url).scheme
    origins = {settings.base_url}
    origins |= {f"{scheme}://{host.strip()}" for host in settings.allowed_hosts.split(",") if host.strip()}
    if not settings.production:
        origins |= {f"http://{host}:{settings.desk_port}" for host in ("127.0.0.1", "localhost")}
    return frozenset(origin.lower() for origin in origins)
