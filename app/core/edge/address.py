"""Who is on the other end of the wire: the client's address behind proxies we trust."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

UNKNOWN = "0.0.0.0"  # noqa: S104 - a name for "nobody knows", nothing is bound


def parse_networks(value: str) -> tuple[Network, ...]:
    """Networks of TRUSTED_PROXIES. Raises ValueError naming the bad one."""
    return tuple(ip_network(item.strip(), strict=False) for item in value.split(",") if item.strip())


def client_address(peer: str | None, forwarded: Sequence[str], trusted: Iterable[Network]) -> str:
    """The rightmost hop that is not one of our proxies; headers of anybody else are not believed.

    `forwarded` holds the X-Forwarded-For headers in the order they came.
    """
    nearest = _parse(peer or "")
    if nearest is None:
        return UNKNOWN
    networks = tuple(trusted)
    hops = [hop.strip() for header in forwarded for hop in header.split(",")]
    while hops and _within(nearest, networks):
        hop = _parse(hops.pop())
        if hop is None:
            break
        nearest = hop
    return str(nearest)


def prefixes(address: str) -> tuple[str, str]:
    """What limits count: the host (IPv6: its /64), and the neighbourhood (/24, IPv6 /48)."""
    found = _parse(address)
    if found is None:
        return address, address
    if isinstance(found, IPv4Address):
        return str(found), str(ip_network((found, 24), strict=False))
    return str(ip_network((found, 64), strict=False)), str(ip_network((found, 48), strict=False))


def _parse(value: str) -> Address | None:
    value = value.strip().strip('"')
    if value.startswith("["):
        value = value[1:].partition("]")[0]
    elif value.count(":") == 1:
        value = value.partition(":")[0]
    try:
        found = ip_address(value.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
