"""Requests that no honest client sends, made from a seed: every route, every part of a request."""

import json
import random
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Litestar
from litestar.enums import RequestEncodingType
from litestar.handlers import HTTPRouteHandler
from litestar.params import BodyKwarg
from litestar.routes import HTTPRoute, WebSocketRoute
from msgspec import Struct

from loadtests.junk import (
    BROKEN_JSON,
    BROKEN_MULTIPART,
    FRAMES,
    HEADERS,
    HOSTS,
    METHODS,
    NUMBERS,
    OTHERS,
    QUERIES,
    TEXTS,
    TYPES,
    UUID,
    Pair,
)


class Malformed(Struct):
    """One request. `shown` says how to make it again by hand."""

    kind: str
    method: str
    target: bytes
    headers: list[Pair]
    body: list[bytes] = []
    frames: list[dict[str, Any]] = []
    host: bytes | None = None
    hang_up: bool = False

    def shown(self) -> str:
        body = b"".join(self.body)[:300]
        return f"{self.method or 'WS'} {self.target!r} {self.headers!r} body={body!r} {self.frames[:2]!r}"


class Place(Struct):
    """One way in: a path template with a method, or a socket."""

    method: str
    template: str
    kind: str = ""
    fields: Sequence[tuple[str, Any]] = ()


class Caller(Struct):
    """Somebody whose requests get past the door, so that what is behind it is tried too."""

    headers: list[Pair]
    token: str | None = None


class Mill:
    """Grinds out requests for every place of an application, evenly."""

    def __init__(
        self, app: Litestar, seed: int, *, host: str, callers: Sequence[Caller], ids: Sequence[str] = ()
    ) -> None:
        self.places = list(places(app))
        self._random = random.Random(seed)
        self._host = host.encode()
        self._origin = b"http://" + self._host
        self.meet(callers, ids)

    def meet(self, callers: Sequence[Caller], ids: Sequence[str]) -> None:
        """From now on these people ask, and these things exist."""
        self._callers = [Caller([]), *callers]
        self._ids = [UUID, *ids]

    def next(self, number: int) -> Malformed:
        place = self.places[number % len(self.places)]
        request = self._socket(place) if not place.method else self._request(place)
        if self._chance(0.03):
            request.host = self._pick(HOSTS)
        if self._chance(0.02):
            request.headers.append((b"host", self._pick(HOSTS)))
        return request

    def _request(self, place: Place) -> Malformed:
        method = self._pick(METHODS) if self._chance(0.06) else place.method
        caller = self._pick(self._callers)
        headers = [*caller.headers]
        if self._chance(0.85):
            headers.append((b"origin", self._origin))
        if caller.token and self._chance(0.9):
            headers.append((b"x-csrf-token", caller.token.encode()))
        headers += [self._pick(HEADERS) for _ in range(self._random.choice((0, 0, 1, 1, 3)))]
        request = Malformed("http", method, self._target(place.template), headers, host=self._host)
        if place.method not in ("GET", "HEAD") or self._chance(0.05):
            self._fill(request, place)
        if self._chance(0.01):
            request.hang_up = True
        return request

    def _socket(self, place: Place) -> Malformed:
        headers = [*self._pick(self._callers).headers]
        if self._chance(0.9):
            headers.append((b"origin", self._origin))
        if self._chance(0.3):
            headers.append(self._pick(HEADERS))
        request = Malformed("websocket", "", self._target(place.template), headers, host=self._host)
        request.frames = [{"type": "websocket.receive", **self._pick(FRAMES)} for _ in range(self._random.randrange(4))]
        return request

    def _target(self, template: str) -> bytes:
        parts = [self._segment(part) if part.startswith("{") else part for part in template.split("/")]
        target = "/".join(parts).encode() or b"/"
        if self._chance(0.03):
            target += self._pick(
                (b"/", b"//", b"/..", b"/%2f", b"%00", b"/%ff", b"/\xff", b"/" + b"a" * 2100, b";a", b"/.", b"%")
            )
        if self._chance(0.45):
            target += b"?" + self._pick(QUERIES)
        return target

    def _segment(self, parameter: str) -> str:
        if ":uuid" in parameter and self._chance(0.7):
            return self._pick(self._ids)
        if ":int" in parameter and self._chance(0.5):
            return str(self._pick((0, 1, -1, 2**31, 2**63, 10**30)))
        return quote(str(self._pick(TEXTS))[:1500].encode("utf-8", "surrogatepass"), safe="") or "%20"

    def _fill(self, request: Malformed, place: Place) -> None:
        kind = place.kind or self._pick(("json", "form"))
        choice = self._random.random()
        if choice < 0.55:
            body, content_type = self._shaped(kind, place.fields)
        elif choice < 0.8:
            body, content_type = self._broken(kind)
        elif choice < 0.9:
            body, content_type = self._random.randbytes(self._random.randrange(200)), self._pick(TYPES)
        else:
            body, content_type = self._shaped(kind, place.fields)
            cut = self._random.randrange(len(body) + 1)
            body = (
                body[:cut] + self._random.randbytes(self._random.randrange(4)) + body[cut + self._random.randrange(3) :]
            )
        if self._chance(0.05):
            content_type = self._pick(TYPES)
        request.headers.append((b"content-type", content_type))
        half = len(body) // 2
        request.body = [body[:half], body[half:]] if self._chance(0.2) else [body]

    def _shaped(self, kind: str, fields: Sequence[tuple[str, Any]]) -> tuple[bytes, bytes]:
        values = {name: self._value(hint) for name, hint in fields if self._chance(0.93)}
        if self._chance(0.08):
            values[self._pick(("org_id", "role", "__proto__", "", "is_admin", "id"))] = self._pick(TEXTS)
        if kind == "json":
            return _json(values), b"application/json"
        flat = {name: value if isinstance(value, str) else _json(value).decode() for name, value in values.items()}
        if kind == "multipart":
            return _multipart(flat), b"multipart/form-data; boundary=b"
        pairs = [f"{_quoted(name)}={_quoted(value)}" for name, value in flat.items()]
        if self._chance(0.05):
            pairs = pairs * self._pick((2, 40))
        return "&".join(pairs).encode(), b"application/x-www-form-urlencoded"

    def _broken(self, kind: str) -> tuple[bytes, bytes]:
        if kind == "json":
            return self._pick(BROKEN_JSON), b"application/json"
        if kind == "multipart":
            return self._pick(BROKEN_MULTIPART), b"multipart/form-data; boundary=b"
        junk = (
            b"%",
            b"%zz",
            b"a=%ff",
            b"a=\xff",
            b"&" * 200,
            b"=" * 50,
            b"a=%00",
            b"_csrf_token=%ff",
            b"_idempotency_key=%0a",
            b"",
        )
        return self._pick(junk), b"application/x-www-form-urlencoded"

    def _value(self, hint: Any) -> Any:
        """Fitting three times in five, so that the whole is often right but for one thing."""
        if self._chance(0.4):
            return self._pick((*TEXTS, *NUMBERS, *OTHERS))
        makers: dict[str, Callable[[], Any]] = {
            "int": lambda: self._pick(NUMBERS),
            "float": lambda: self._pick(NUMBERS),
            "bool": lambda: self._chance(0.5),
            "uuid": lambda: self._pick(self._ids),
            "list": lambda: [self._pick(TEXTS) for _ in range(self._random.randrange(3))],
            "choice": lambda: self._pick(hint[1]),
        }
        name = hint[0] if isinstance(hint, tuple) else hint
        return makers.get(name, lambda: self._pick(TEXTS))()

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _pick(self, among: Sequence[Any]) -> Any:
        return among[int(self._random.random() * len(among))]


def places(app: Litestar) -> list[Place]:
    """Every path and method the application serves."""
    found = []
    for route in app.routes:
        if isinstance(route, WebSocketRoute):
            found.append(Place("", _typed(route)))
        elif isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if handler.http_methods == {"OPTIONS"}:
                    continue  # made by the framework for every path
                kind, fields = _body_of(handler)
                found += [Place(str(method), _typed(route), kind, fields) for method in handler.http_methods]
    return sorted(found, key=lambda place: (place.template, place.method))


def _typed(route: HTTPRoute | WebSocketRoute) -> str:
    return "/" + "/".join(part if isinstance(part, str) else "{" + part.full + "}" for part in route.path_components)


def _body_of(handler: HTTPRouteHandler) -> tuple[str, Sequence[tuple[str, Any]]]:
    data = handler.parsed_data_field
    if data is None:
        return "", ()
    kind = (
        data.kwarg_definition.media_type if isinstance(data.kwarg_definition, BodyKwarg) else RequestEncodingType.JSON
    )
    kinds = {RequestEncodingType.MULTI_PART: "multipart", RequestEncodingType.URL_ENCODED: "form"}
    annotation = data.annotation
    fields = ()
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        info: Any = msgspec.inspect.type_info(annotation)
        fields = tuple((field.encode_name, _hint(field.type)) for field in info.fields)
    return kinds.get(kind, "json"), fields


def _hint(kind: Any) -> Any:
    if isinstance(kind, msgspec.inspect.Metadata):
        return _hint(kind.type)
    if isinstance(kind, msgspec.inspect.UnionType):
        return _hint(next((one for one in kind.types if not isinstance(one, msgspec.inspect.NoneType)), kind.types[0]))
    if isinstance(kind, msgspec.inspect.LiteralType):
        return ("choice", kind.values)
    names = {"IntType": "int", "FloatType": "float", "BoolType": "bool", "UUIDType": "uuid", "ListType": "list"}
    return names.get(type(kind).__name__, "text")


def _json(value: Any) -> bytes:
    """As the standard library writes it: lone surrogates, NaN and endless integers included."""
    return json.dumps(value).encode()


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _multipart(fields: dict[str, str]) -> bytes:
    parts = [
        f'--b\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode("utf-8", "surrogatepass")
        for name, value in fields.items()
    ]
    return b"".join(parts) + b"--b--\r\n"
