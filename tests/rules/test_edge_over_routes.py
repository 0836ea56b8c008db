"""The edge over every route of the application: nothing that changes something listens to another site."""

import re

import msgspec
from litestar.params import ParameterKwarg
from litestar.routes import HTTPRoute, WebSocketRoute

from app.core.edge import csrf
from app.core.settings import load
from app.main import create_app
from loadtests.junk import UUID
from loadtests.malformed import places
from tests.support.asgi import ORIGIN, call, socket

SETTINGS = load({"DESK_DEMO": "1", "RATE_FACTOR": "1000"})
APP = create_app(SETTINGS)
COOKIE, HERE = ("cookie", "sid=kim"), ("origin", ORIGIN)
OURS = ("x-csrf-token", csrf.token_for(SETTINGS.secret_key, "kim"))
THEIRS = ("x-csrf-token", csrf.token_for(SETTINGS.secret_key, "mo"))
EVIL = ("origin", "https://evil.example")
ATTACKS = [
    [COOKIE, HERE],
    [COOKIE, HERE, THEIRS],
    [COOKIE, HERE, ("x-csrf-token", b"\xff")],
    [COOKIE, OURS],
    [COOKIE, OURS, EVIL],
    [COOKIE, OURS, ("origin", "null")],
    [COOKIE, OURS, HERE, ("sec-fetch-site", "cross-site")],
    [EVIL],
    [("sec-fetch-site", "cross-site")],
    [("sec-fetch-site", "same-site"), ("content-type", "text/plain")],
]
ORIGINS = ["https://evil.example", f"{ORIGIN}.evil.example", "null", "", "http://evil.localhost", "file://"]
ORIGINS += [f"{ORIGIN}@evil", None]


def path_of(template: str) -> str:
    return re.sub(r"\{\w+:(\w+)\}", lambda found: UUID if found[1] == "uuid" else "1", template)


def handlers():
    for route in APP.routes:
        if isinstance(route, HTTPRoute):
            yield from ((route.path, one) for one in route.route_handlers if one.http_methods != {"OPTIONS"})


async def test_every_unsafe_route_refuses_every_attack_from_another_site():
    unsafe = [place for place in places(APP) if place.method and place.method not in csrf.SAFE_METHODS]
    wrong = []
    for place in unsafe:
        for headers in ATTACKS:
            answer = await call(APP, place.method, path_of(place.template), headers=headers)
            if answer.status != 403:
                wrong.append((place.method, place.template, headers, answer.status))

    assert len(unsafe) > 20
    assert wrong == []


async def test_every_socket_refuses_every_other_origin_before_it_opens():
    templates = [route.path for route in APP.routes if isinstance(route, WebSocketRoute)]
    for template in templates:
        for origin in ORIGINS:
            for cookie in ([COOKIE], []):
                headers = [*cookie, *([("origin", origin)] if origin is not None else [])]

                sent = await socket(APP, template, headers=headers)

                assert [message["type"] for message in sent] == ["websocket.close"], (template, origin)
    assert templates


async def test_every_route_answers_a_stranger_host_and_a_two_faced_cookie_with_400():
    for place in places(APP):
        if place.method:
            strange = await call(APP, place.method, path_of(place.template), host="evil.example")
            planted = await call(APP, place.method, path_of(place.template), headers=[("cookie", "sid=a; sid=b")])

            assert (strange.status, planted.status) == (400, 400), place
            assert strange.headers["content-security-policy"]


def test_every_number_of_a_path_or_query_has_bounds():
    unbounded = []
    for path, handler in handlers():
        for name, field in handler.parsed_fn_signature.parameters.items():
            marker = field.kwarg_definition
            if isinstance(marker, ParameterKwarg) and field.is_subclass_of(int) and not field.is_subclass_of(bool):
                low = marker.ge is not None or marker.gt is not None
                high = marker.le is not None or marker.lt is not None
                if not (low and high):
                    unbounded.append((path, name))

    assert unbounded == []


def test_every_body_refuses_fields_it_does_not_know():
    lax = []
    for path, handler in handlers():
        data = handler.parsed_data_field
        kind = data.annotation if data is not None else None
        known = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
        if known and not kind.__struct_config__.forbid_unknown_fields:
            lax.append((path, kind.__name__))

    assert lax == []
