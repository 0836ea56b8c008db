"""Whether two answers are the same to whoever must not learn anything from them."""

import re
from urllib.parse import parse_qsl, quote

from tests.support.asgi import Answer

_NOISE = re.compile(r"[0-9a-f]{32}|[0-9a-f-]{36}|\d{4}-\d\d-\d\dt[\d:.+z]*|\d+\.\d+|\b1\d{5}\b", re.IGNORECASE)
_PASSING = {
    "x-request-id", "set-cookie", "etag", "content-length", "ratelimit-remaining", "ratelimit-reset", "ratelimit",
    "server-timing", "date",
}  # fmt: skip


def difference(theirs: str, nobodys: str) -> str:
    """Where the answer about another org's thing parts from that about a missing one."""
    if theirs == nobodys:
        return ""
    at = next((n for n, pair in enumerate(zip(theirs, nobodys, strict=False)) if pair[0] != pair[1]), 0)
    return f"another org's thing answers …{theirs[at - 20 : at + 40]!r}, a missing one …{nobodys[at - 20 : at + 40]!r}"


def normal(answer: Answer, _sent: str, query: str) -> str:
    """What two answers must have in common: everything but request ids, times, and what was sent itself."""
    echoes = {query, query.replace("&", "&amp;"), quote(query, safe="")}
    for value in dict(parse_qsl(query)).values():
        echoes |= {value, quote(value), quote(value, safe=""), quote(quote(value, safe=""), safe=""), value.title()}

    def calm(text: str) -> str:
        for echo in sorted(filter(None, echoes), key=len, reverse=True):
            text = text.replace(echo, "")
        return _NOISE.sub("", text)

    kept = {name: value for name, value in answer.headers.items() if name not in _PASSING}
    return f"{answer.status} {calm(str(sorted(kept.items())))} {calm(answer.body.decode(errors='replace'))}"
