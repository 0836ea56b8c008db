"""Addresses as others follow them."""


def absolute(site: str, address: str) -> str:
    """With our origin, where it has none: pictures of a CDN have its own."""
    return f"{site}{address}" if address.startswith("/") else address
