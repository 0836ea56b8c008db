"""What we keep of the machine somebody signs in from: enough to notice a new one, too little to follow it."""

import hashlib
import ipaddress
import re
import secrets
from typing import Any

from litestar.connection import ASGIConnection, Request
from litestar.datastructures import Cookie
from msgspec import Struct

from app.core import settings

COOKIE = "did"
_YEAR_S = 365 * 24 * 3600
_UNGUESSABLE = 22
"""Letters of an id that nobody else can have: 16 random bytes, as we make them."""

_FAMILIES = (
    ("Edge", r"\bEdg(e|A|iOS)?/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"\b(Chrome|CriOS)/"),
    ("Safari", r"\bSafari/"),
)
_SYSTEMS = (
    ("Android", r"\bAndroid\b"),
    ("iPhone", r"\b(iPhone|iPad)\b"),
    ("Windows", r"\bWindows\b"),
    ("Mac", r"\bMac OS X\b"),
    ("Linux", r"\bLinux\b"),
)


class Device(Struct, frozen=True):
    """`fingerprint` is a hash of `id`, which only the device knows, and of the browser's family; `network` is the /24
    or /48 of its address.
    """

    fingerprint: str = ""
    agent: str = ""
    network: str = ""
    id: str = ""

    @property
    def recognisable(self) -> bool:
        """Its fingerprint proves that it is the one seen before."""
        return len(self.id) >= _UNGUESSABLE


def device_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Device:
    return _device(connection, connection.headers.get("x-device-id") or connection.cookies.get(COOKIE) or "")


def lasting(connection: ASGIConnection[Any, Any, Any, Any]) -> Device:
    """The same, with a new id for a browser that has none: send `cookie(device)` along."""
    return _device(connection, connection.cookies.get(COOKIE) or secrets.token_urlsafe(16))


def cookie(device: Device) -> Cookie:
    """Outlasts the session: by it the browser is known again at the next sign-in."""
    secure = settings.current().secure
    return Cookie(COOKIE, value=device.id, path="/", httponly=True, samesite="lax", secure=secure, max_age=_YEAR_S)


def _device(connection: ASGIConnection[Any, Any, Any, Any], device_id: str) -> Device:
    agent, device_id = family(connection.headers.get("user-agent", "")), device_id[:64]
    seen = hashlib.sha256(f"{device_id}|{agent}".encode()).hexdigest()[:24]
    client = connection.scope.get("client")
    return Device(fingerprint=seen, agent=agent, network=network(client[0] if client else ""), id=device_id)


async def provide_device(request: Request[Any, Any, Any]) -> Device:
    """Dependency `device`."""
    return device_of(request)


def family(agent: str) -> str:
    """Such as "Chrome, Windows"; never the whole user agent."""
    agent = agent[:512]
    browser = next((name for name, pattern in _FAMILIES if re.search(pattern, agent)), "")
    system = next((name for name, pattern in _SYSTEMS if re.search(pattern, agent)), "")
    program = re.match(r"[A-Za-z][A-Za-z-]{0,30}", agent)
    return ", ".join(filter(None, (browser, system))) or (program.group() if program else "")


def network(address: str) -> str:
    """The neighbourhood of an address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))
