"""XML as senders write it: any encoding, any case, any prefix; bounded, and without entities of its own."""

import codecs
import re
from collections.abc import Iterator
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException, DTDForbidden
from defusedxml.expatreader import DefusedExpatParser
from msgspec import Struct, field

from app.core.bounds import clean_text

MOST_BYTES = 256 * 1024
_MOST_ELEMENTS = 5_000
_MOST_DEPTH = 40
_MOST_UNKNOWN = 40
_LONGEST_PATH = 120

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"),
)  # fmt: skip
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][\w.:-]{0,39})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]{0,300}\?>")
# what pages and mails are written in; codecs that unpack or execute something are not among them
_CHARSET = re.compile(
    r"(?:utf-?(?:8|16|32)(?:-?[bl]e)?|(?:us-?)?ascii|iso-?8859-?\d{1,2}|latin-?\d|(?:windows|cp)-?12\d\d|koi8-[ru]"
    r"|gb(?:k|2312|18030)|big5|shift_?jis|euc-\w\w)",
    re.IGNORECASE,
)
_UNFIT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Unreadable(ValueError):
    """`reason`: empty, too_large, not_xml, doctype, too_deep, too_many, no_prospect."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Node(Struct):
    """An element; names are small and without prefix. Asking for a child marks it as understood."""

    name: str
    path: str
    attributes: dict[str, str]
    text: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    understood: bool = False

    @property
    def value(self) -> str:
        """What is written directly in it."""
        return clean_text("".join(self.text))

    def all(self, *names: str) -> list["Node"]:
        """Its children of these names, in the order they stand."""
        found = [child for child in self.children if child.name in names]
        for child in found:
            child.understood = True
        return found

    def one(self, *names: str) -> str:
        """The text of the first child of these names that has any."""
        return next((child.value for child in self.all(*names) if child.value), "")

    def each(self) -> Iterator["Node"]:
        """Itself and all below, in the order they stand."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)

    def understand(self) -> None:
        """With all below."""
        for node in self.each():
            node.understood = True

    def unknown(self) -> list[str]:
        """The paths of elements nobody asked for and that say something, each once; what is below them is not named."""
        found: dict[str, None] = {}
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if node.understood:
                waiting += reversed(node.children)
            elif any(below.value or below.attributes for below in node.each()):
                found[node.path[:_LONGEST_PATH]] = None
        return list(found)[:_MOST_UNKNOWN]


def text_of(raw: bytes) -> str:
    """The characters of a document: by its mark, its declaration, else UTF-8, else what a Windows machine writes."""
    mark = next((name for start, name in _MARKS if raw.startswith(start)), None)
    declared = _DECLARED.match(raw)
    told = declared[1].decode() if declared and _CHARSET.fullmatch(declared[1].decode()) else None
    for charset in (mark, told, "utf-8", "cp1252"):
        if charset is not None:
            try:
                return raw.decode(charset).removeprefix("\ufeff")
            except (UnicodeError, LookupError):
                continue
    return raw.decode("latin-1")


def read(raw: bytes) -> Node:
    """The root element. Raises Unreadable."""
    if len(raw) > MOST_BYTES:
        raise Unreadable("too_large")
    text = _UNFIT.sub("", _DECLARATION.sub("", text_of(raw))).strip()
    if not text:
        raise Unreadable("empty")
    tree = _Tree()
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(tree)
    try:
        parser.feed(text.encode("utf-8", "replace"))
        parser.close()
    except DTDForbidden:
        raise Unreadable("doctype") from None
    except (SAXException, DefusedXmlException):
        raise Unreadable("not_xml") from None
    if tree.root is None:
        raise Unreadable("not_xml")
    return tree.root


class _Tree(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.root: Node | None = None
        self._open: list[Node] = []
        self._count = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the library's name
        self._count += 1
        if self._count > _MOST_ELEMENTS:
            raise Unreadable("too_many")
        if len(self._open) >= _MOST_DEPTH:
            raise Unreadable("too_deep")
        given = {_plain(key): value for key, value in attrs.items() if not key.lower().startswith("xmlns")}
        above = self._open[-1] if self._open else None
        short = _plain(name)[:40]
        node = Node(name=short, path=f"{above.path}/{short}" if above else short, attributes=given)
        if above is None:
            self.root = node
        else:
            above.children.append(node)
        self._open.append(node)

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802 - the library's name
        self._open.pop()

    def characters(self, content: str) -> None:
        self._open[-1].text.append(content)


def _plain(name: str) -> str:
    return name.rpartition(":")[2].lower()
