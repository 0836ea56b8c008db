"""The part of our style sheet that one page needs, to stand in its head: the first paint waits for nothing else."""

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from app.core import static

Names = frozenset[str]

_CLASSES = re.compile(r'class="([^"]*)"')
_TAGS = re.compile(r"<([a-z][a-z0-9-]*)")
_IDS = re.compile(r'id="([^"]*)"')
"""They begin with a letter, found ten times as fast as any blank; that `data-id` counts too does no harm."""
_URDU = re.compile(r'lang="ur"')

_COMMENT = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|/\*.*?\*/""", re.DOTALL)
_TOKEN = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{};()]""")
_LIST = re.compile(r""""[^"]*"|'[^']*'|[][(),]""")
_ANY_OF = re.compile(r":(?:is|where|has)\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)")
_IGNORED = re.compile(r":[a-z-]+\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|\[[^\]]*\]|::?[a-z-]+")
_NAME = re.compile(r"([.#]-?[_a-zA-Z][\w-]*)|(?<![\w.#:&-])([a-z][a-z0-9-]*)")
_NEVER_ASKED = frozenset({".js", "html", "body"})
"""On every page, or set by a script before the first paint."""
_NAMED_AT = re.compile(
    r'@font-face\{font-family:\s*"([^"]+)"[^}]*\}|@keyframes\s+([\w-]+)\s*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}'
)
_USED = re.compile(r"var\((--[\w-]+)")
_ROOT = re.compile(r"(:root[^{}]*\{)([^{}]*)")
_SET = re.compile(r"(--[\w-]+):[^;}]*;?")
_LATER = re.compile(r":hover|:active|^transition:")
"""Shows once somebody touches anything, and then the whole sheet is there."""


class Selector(Struct, frozen=True):
    """It can apply where all of `all` are on the page, and of each group of `any` one of its alternatives."""

    text: str
    all: Names
    any: tuple[tuple["Selector", ...], ...]

    def applies(self, names: Names) -> bool:
        return self.all <= names and all(any(one.applies(names) for one in group) for group in self.any)


class Rule(Struct, frozen=True):
    """A rule or an at-rule (without selectors): declarations and what is nested in it, in their order."""

    head: str
    selectors: tuple[Selector, ...]
    items: tuple["str | Rule", ...]


def styles(html: str) -> str:
    """The rules that can apply to something on this page, as it is before anything is touched or changed."""
    name = static.bundle().names["app.css"]
    names = {f".{name}" for found in set(_CLASSES.findall(html)) for name in found.split()}
    names.update((f"#{name}" for name in _IDS.findall(html)), _TAGS.findall(html))
    if _has_urdu(html):
        names.add(":ur")
    return _styles(name, frozenset(names & _asked(name)))


def _has_urdu(html: str) -> bool:
    """The way to the Urdu page is drawn, not written: its link asks for no styles of Urdu."""
    said = (found.start() for found in _URDU.finditer(html))
    return any(html[at - 1].isspace() and not html.startswith("<a ", html.rfind("<", 0, at)) for at in said)


@lru_cache(256)
def digest(css: str) -> str:
    """As a content security policy names it."""
    return base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()


@lru_cache(512)
def _styles(name: str, names: Names) -> str:
    css = "".join(_kept(one, names) for one in _at_first(name))
    css = _NAMED_AT.sub(lambda found: found[0] if css.count(found[1] or found[2]) > 1 else "", css)
    used = frozenset(_USED.findall(css))
    return _ROOT.sub(lambda found: found[1] + _SET.sub(lambda one: one[0] if one[1] in used else "", found[2]), css)


@lru_cache(2)
def _parsed(name: str) -> tuple["str | Rule", ...]:
    return parse(static.bundle().files[name].content.decode())


@lru_cache(2)
def _at_first(name: str) -> tuple["str | Rule", ...]:
    return tuple(_untouched(_parsed(name)))


def _untouched(items: tuple["str | Rule", ...]) -> Iterator["str | Rule"]:
    for item in items:
        if isinstance(item, str):
            if not _LATER.search(item):
                yield item
            continue
        selectors = tuple(one for one in item.selectors if not _LATER.search(one.text))
        if selectors or not item.selectors:
            yield Rule(item.head, selectors, tuple(_untouched(item.items)))


@lru_cache(2)
def _asked(name: str) -> Names:
    """Every name that some rule asks for: pages that differ in others share their styles."""
    return frozenset(_names(_parsed(name)))


def _names(items: tuple["str | Rule", ...]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Rule):
            yield from _names(item.items)
            waiting = list(item.selectors)
            while waiting:
                one = waiting.pop()
                yield from one.all
                waiting += [other for group in one.any for other in group]


def parse(css: str) -> tuple["str | Rule", ...]:
    """Raises ValueError where a brace is missing."""
    css = _COMMENT.sub(lambda found: found[1] or "", css)
    heads, items, first, depth = list[str](), [list["str | Rule"]()], 0, 0
    for token in _TOKEN.finditer(css):
        sign = token[0]
        depth += (sign == "(") - (sign == ")")
        if depth or sign not in "{};":
            continue
        said = css[first : token.start()].strip()
        first = token.end()
        if sign == "{":
            heads.append(said)
            items.append([])
            continue
        if said:
            items[-1].append(f"{said};")
        if sign == "}":
            head, inner = heads.pop(), tuple(items.pop())
            items[-1].append(Rule(head, () if head.startswith("@") else _selectors(head), inner))
    if heads:
        raise ValueError("a brace is not closed")
    return tuple(items[0])


def _kept(item: "str | Rule", names: Names) -> str:
    if isinstance(item, str):
        return item
    head = item.head
    if item.selectors:
        head = ",".join(one.text for one in item.selectors if one.applies(names))
        if not head:
            return ""
    inner = "".join(_kept(one, names) for one in item.items)
    return f"{head}{{{inner.removesuffix(';')}}}" if inner else ""


@lru_cache(10_000)
def _selectors(text: str) -> tuple[Selector, ...]:
    return tuple(_selector(one) for one in _listed(text))


def _selector(text: str) -> Selector:
    groups = tuple(_selectors(found) for found in _ANY_OF.findall(text))
    bare = _IGNORED.sub("", _ANY_OF.sub("", text))
    names = {name or tag for name, tag in _NAME.findall(bare)} - _NEVER_ASKED
    if ":lang(ur)" in _ANY_OF.sub("", text) and ":not(:lang(ur)" not in text:
        names.add(":ur")
    return Selector(text, frozenset(names), groups)


def _listed(text: str) -> Iterator[str]:
    """The parts between commas that stand in no bracket."""
    depth, first = 0, 0
    for token in _LIST.finditer(text):
        depth += (token[0] in "([") - (token[0] in ")]")
        if token[0] == "," and depth == 0:
            yield text[first : token.start()].strip()
            first = token.end()
    yield text[first:].strip()
