"""Takes personal data and secrets out of log events: the second net, for what should never have been logged."""

import re
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

HIDDEN = "[hidden]"

_SECRET_KEYS = re.compile(
    r"password|passwd|secret|token|cookie|authori[sz]ation|api_?key|private_?key|credential|phone|mobile|whatsapp"
    r"|e_?mail|cnic|otp|\bsid\b|(buyer|person|full|first|last|display|customer|member)_?name|pii",
    re.IGNORECASE,
)
# Ids and counts whose names merely mention such a thing.
_PLAIN_KEYS = re.compile(r"(_id|_ids|_count|_total|_ms|_at|_hash)$", re.IGNORECASE)

_PATTERNS = re.compile(
    r"(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)"
    r"|(?P<jwt>\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?)"
    r"|(?P<bearer>\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,})"
    r"|(?P<pair>\b(?:password|secret|token|code|sid|__Host-sid|csrf_token|access_token|refresh_token|key)=[^\s&;\"']+)"
    r"|(?P<url>(?<=://)[^\s/@:]*:[^\s/@]+@)"
    r"|(?P<mobile>(?<![\w.-])(?:(?:\+|00)?92[\s-]?0?|0)?3[\s-]?\d[\s-]?\d[\s-]?\d{7}(?![\w-]))"
    r"|(?P<landline>(?<![\w.-])0\d{2,3}[\s-]\d{6,8}(?![\w-]))"
    r"|(?P<foreign>(?<![\w.-])\+\d[\d\s().-]{7,18}\d(?![\w-]))"
    r"|(?P<cnic>(?<![\w-])\d{5}-\d{7}-\d(?![\w-]))"
    r"|(?P<parameters>\[(?:SQL )?parameters: .*?\]$)"
    r"|(?P<detail>(?<=\)=)\([^\n]*?\)(?= (?:already exists|is not present|is still referenced|conflicts)))",
    re.IGNORECASE | re.MULTILINE,
)
# Most log strings have none of these and skip the expensive pattern.
_SUSPECT = re.compile(r"@|eyJ|=|\d{5}|\d[\s-]\d|Bearer|Basic|parameters:", re.IGNORECASE)


@lru_cache(maxsize=2048)
def _secret(name: str) -> bool:
    return bool(_SECRET_KEYS.search(name)) and not _PLAIN_KEYS.search(name)


def clean(text: str) -> str:
    """The text with phone numbers, e-mail addresses, tokens and SQL parameters hidden."""
    return _PATTERNS.sub(_hide, text) if _SUSPECT.search(text) else text


def _hide(found: re.Match[str]) -> str:
    if found.lastgroup == "pair":
        return found.group().partition("=")[0] + "=" + HIDDEN
    if found.lastgroup == "url":
        return HIDDEN + "@"
    return HIDDEN


def value(name: str, found: Any, depth: int = 0) -> Any:
    """What of a value may be logged under `name`."""
    if found is None or isinstance(found, bool):
        return found
    if _secret(name):
        return HIDDEN
    if isinstance(found, str):
        return clean(found)
    if isinstance(found, (int, float)):
        return found
    if depth > 4:
        return HIDDEN
    if isinstance(found, dict):
        return {str(key): value(str(key), item, depth + 1) for key, item in found.items()}
    if isinstance(found, (list, tuple, set, frozenset)):
        return [value(name, item, depth + 1) for item in found]
    return clean(str(found))


# Written by us, on every line: never personal.
_OURS = frozenset({"timestamp", "level", "logger", "app", "env", "version", "process", "request_id", "org_id",
                   "person_id", "route", "method", "status", "trace_id", "span_id", "duration_ms"})  # fmt: skip


def processor(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor; runs after tracebacks have become text."""
    for name, found in event.items():
        if name not in _OURS and not name.startswith("_"):
            event[name] = value(name, found)
    return event
