"""Whether two answers are the same to whoever must not learn anything from them."""

import re
from urllib.parse import parse_qsl, quote

from tests.support.asgi import Answer

_NOISE = re.compile(r"[0-9a-f]{32}|[0-9a-f-]{36}|\d{4}-\d\d-\d\dt[\d:.+z]*|\d+\.\d+|\b1\d{5}\b", re.IGNORECASE)
_PASSING = {
    "x-request-id", "set-cookie", "etag", "content-length", "ratelimit-remaining", "ratelimit-reset", "ratelimit",
    "server-timing", "date",
}  # fmt: skip


Asked = tuple[Answer, str, str]  # the answer, all that was sent, and its query


def difference(theirs: Asked, nobodys: Asked) -> str:
    """Where the answer about another org's thing parts from that about a missing one."""
    mine, others = _lines(theirs[0]), _lines(nobodys[0])
    if len(mine) == len(others):  # most lines are the same without a closer look
        pairs = [pair for pair in zip(mine, others, strict=True) if pair[0] != pair[1]]
    else:
        pairs = [("\n".join(mine), "\n".join(others))]
    for one, other in pairs:
        a, b = _calm(one, _echoes(theirs[2])), _calm(other, _echoes(nobodys[2]))
        if a != b:
            at = next((n for n, pair in enumerate(zip(a, b, strict=False)) if pair[0] != pair[1]), 0)
            return f"another org's thing answers …{a[at - 20 : at + 40]!r}, a missing one …{b[at - 20 : at + 40]!r}"
    return ""


def _lines(answer: Answer) -> list[str]:
    """What two answers must have in common, but for request ids, times, and what was sent itself."""
    kept = {name: value for name, value in answer.headers.items() if name not in _PASSING}
    return [str(answer.status), str(sorted(kept.items())), *answer.body.decode(errors="replace").split("\n")]


def _calm(text: str, echoes: list[str]) -> str:
    for echo in echoes:
        text = text.replace(echo, "")
    return _NOISE.sub("", text)


def _echoes(query: str) -> list[str]:
    """The query as an answer may say it again, the longest first."""
    echoes = {query, query.replace("&", "&amp;"), quote(query, safe="")}
    for value in dict(parse_qsl(query)).values():
        echoes |= {value, quote(value), quote(value, safe=""), quote(quote(value, safe=""), safe=""), value.title()}
    return sorted(filter(None, echoes), key=len, reverse=True)
