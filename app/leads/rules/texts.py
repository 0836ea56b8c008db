"""What a text message is made of: one of Latin letters holds 160 characters, one with Urdu in it 70."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_DOUBLE = frozenset("^{}\\[~]|€\f")
_PLAIN, _WIDE = (160, 153), (70, 67)
"""The most one message holds, and each part of several."""


def parts(text: str) -> int:
    """How many messages a text is sent and paid as; no character is cut in two."""
    plain = all(letter in _BASIC or letter in _DOUBLE for letter in text)
    whole, each = _PLAIN if plain else _WIDE
    sizes = [_size(letter, plain=plain) for letter in text]
    if sum(sizes) <= whole:
        return 1
    count, room = 1, each
    for size in sizes:
        if size > room:
            count, room = count + 1, each
        room -= size
    return count


def _size(letter: str, *, plain: bool) -> int:
    return 1 + (letter in _DOUBLE if plain else ord(letter) > 0xFFFF)
