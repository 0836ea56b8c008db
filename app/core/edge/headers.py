"""Security headers of every answer, and the content security policy."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from app.core.settings import Settings

RawHeaders = list[tuple[bytes, bytes]]

PERMISSIONS = (
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(self), display-capture=(), "
    "encrypted-media=(), fullscreen=(self), geolocation=(self), gyroscope=(), hid=(), idle-detection=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(self), serial=(), usb=(), "
    "xr-spatial-tracking=()"
)


def content_security_policy(
    settings: Settings, style_hashes: Iterable[str] = (), script_hashes: Iterable[str] = ()
) -> str:
    """No nonces, so that public pages stay cacheable; the hashes are of what stands in the page itself."""
    base = urlsplit(settings.base_url)
    # Safari before 15.4 does not count a websocket of the same host as 'self'
    socket = f"{'wss' if settings.secure else 'ws'}://{base.netloc}"
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *(f"'sha256-{digest}'" for digest in script_hashes)]),
        "style-src": " ".join(["'self'", *(f"'sha256-{digest}'" for digest in style_hashes)]),
        "img-src": " ".join(["'self' data: blob:", *([settings.cdn_base_url] if settings.cdn_base_url else [])]),
        "font-src": "'self'",
        "connect-src": " ".join(["'self'", socket, *([settings.bucket_origin] if settings.bucket_origin else [])]),
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }
    return "; ".join(
        [f"{name} {value}" for name, value in rules.items()] + ["upgrade-insecure-requests"] * settings.secure
    )


class SecurityHeaders:
    """Adds to an answer what it does not say itself; caching is off unless the handler asked for it."""

    def __init__(self, settings: Settings, style_hashes: Iterable[str] = ()) -> None:
        always = {
            "content-security-policy": content_security_policy(settings, style_hashes),
            "x-content-type-options": "nosniff",
            "referrer-policy": "strict-origin-when-cross-origin",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": PERMISSIONS,
            "x-frame-options": "DENY",
            "cache-control": "no-store",
        }
        if settings.secure:
            always["strict-transport-security"] = "max-age=63072000; includeSubDomains"
        self._always = [(name.encode(), value.encode()) for name, value in always.items()]

    def add(self, headers: Iterable[tuple[bytes, bytes]], request_id: str) -> RawHeaders:
        own = list(headers)
        said = {name.lower() for name, _ in own}
        own += [header for header in self._always if header[0] not in said]
        if b"x-request-id" not in said:
            own.append((b"x-request-id", request_id.encode()))
        return own
