"""What we keep of the machine somebody signs in from: enough to notice a new one, too little to follow it."""

import hashlib
import ipaddress
import re
from typing import Any

from litestar.connection import ASGIConnection, Request
from msgspec import Struct

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
    """`fingerprint` is a hash of a random device id and the browser family; `network` is the /24 or /48."""

    fingerprint: str = ""
    agent: str = ""
    network: str = ""


def device_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Device:
    agent = family(connection.headers.get("user-agent", ""))
    device_id = (connection.headers.get("x-device-id") or connection.cookies.get("did") or "")[:64]
    seen = hashlib.sha256(f"{device_id}|{agent}".encode()).hexdigest()[:24]
    client = connection.scope.get("client")
    return Device(fingerprint=seen, agent=agent, network=network(client[0] if client else ""))


def browser_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    """A code of this one browser, where it carries our device cookie; None for one we would mix up with others."""
    device_id = connection.cookies.get("did", "")[:64]
    return hashlib.sha256(f"browser|{device_id}".encode()).hexdigest()[:24] if len(device_id) >= 16 else None


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
