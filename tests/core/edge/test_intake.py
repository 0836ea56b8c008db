# ruff: noqa: E501 - tables of junk read best unbroken
"""Origin, token, content type and size of what changes something."""

import pytest
from msgspec import json

from app.core.edge.csrf import token_for
from tests.support.asgi import ORIGIN, call, socket
from tests.support.edge_app import make_app, settings_of

SETTINGS = settings_of()
APP = make_app(SETTINGS)
TOKEN = token_for(SETTINGS.secret_key, "kim")
JSON = ("content-type", "application/json")
FORM = ("content-type", "application/x-www-form-urlencoded")
COOKIE = ("cookie", "lang=ur; sid=kim")
HERE = ("origin", ORIGIN)
WISH = b'{"name":"Corolla"}'
UNSAFE = [("POST", "/api/wishes"), ("POST", "/wishes"), ("POST", "/uploads"), ("POST", "/import"), ("POST", "/sign-in"),
          ("DELETE", "/api/things/1")]  # fmt: skip


@pytest.mark.parametrize(("method", "target"), UNSAFE)
@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ([COOKIE, HERE], "csrf"),
        ([COOKIE, HERE, ("x-csrf-token", "")], "csrf"),
        ([COOKIE, HERE, ("x-csrf-token", token_for(SETTINGS.secret_key, "mo"))], "csrf"),
        ([COOKIE, HERE, ("x-csrf-token", b"\xff\xfe")], "csrf"),
        ([COOKIE, ("x-csrf-token", TOKEN)], "bad_origin"),
        ([COOKIE, ("x-csrf-token", TOKEN), ("origin", "https://evil.example")], "bad_origin"),
        ([COOKIE, ("x-csrf-token", TOKEN), ("origin", f"{ORIGIN}.evil.example")], "bad_origin"),
        ([COOKIE, ("x-csrf-token", TOKEN), ("origin", "null")], "bad_origin"),
        ([COOKIE, HERE, ("x-csrf-token", TOKEN), ("sec-fetch-site", "cross-site")], "bad_origin"),
        ([("origin", "https://evil.example")], "bad_origin"),
        ([("sec-fetch-site", "cross-site")], "bad_origin"),
        ([("sec-fetch-site", "same-site")], "bad_origin"),
        ([HERE, ("origin", "https://evil.example")], "bad_origin"),
    ],
)
async def test_no_unsafe_route_listens_to_another_site(method, target, headers, code):
    answer = await call(APP, method, target, headers=[*headers, ("accept", "application/json")])

    assert (answer.status, answer.code) == (403, code)


@pytest.mark.parametrize(
    "headers",
    [
        [COOKIE, HERE, ("x-csrf-token", TOKEN)],
        [COOKIE, ("sec-fetch-site", "same-origin"), ("x-csrf-token", TOKEN)],
        [],
        [HERE],
        [("authorization", "Bearer abc")],
        [COOKIE, ("authorization", "Bearer abc")],
    ],
)
async def test_our_own_pages_and_machines_are_heard(headers):
    answer = await call(APP, "POST", "/api/wishes", headers=[JSON, *headers], body=WISH)

    assert answer.status == 201


async def test_a_form_carries_its_token_and_key_in_fields_the_handler_never_sees():
    body = f"name=Corolla&_csrf_token={TOKEN}&_idempotency_key=k1".encode()

    plain = await call(APP, "POST", "/wishes", headers=[FORM, COOKIE, HERE], body=body)
    parts = "".join(
        f'--b\r\ncontent-disposition: form-data; name="{name}"{extra}\r\n\r\n{value}\r\n'
        for name, extra, value in [
            ("name", "", "Corolla"),
            ("_csrf_token", "", TOKEN),
            ("file", '; filename="a"', "abc"),
        ]
    )
    upload = await call(APP, "POST", "/uploads", body=f"{parts}--b--\r\n".encode(),
                        headers=[("content-type", "multipart/form-data; boundary=b"), COOKIE, HERE])  # fmt: skip

    assert plain.json == {"name": "Corolla", "key": "k1"}
    assert upload.json == {"name": "Corolla", "bytes": 3}


async def test_a_refused_token_tells_htmx_to_fetch_a_new_one():
    answer = await call(APP, "POST", "/wishes", headers=[FORM, COOKIE, HERE, ("hx-request", "true")], body=b"name=a")

    assert answer.status == 403
    assert answer.headers["hx-trigger"] == "csrf:expired"


@pytest.mark.parametrize("origin", ["https://evil.example", f"{ORIGIN}.evil.example", "null", "", "http://localhost",
                                    "https://127.0.0.1:8080.evil.example", None, "file://"])  # fmt: skip
@pytest.mark.parametrize("cookie", [[COOKIE], []])
async def test_a_socket_from_elsewhere_is_refused_before_it_opens(origin, cookie):
    headers = [*cookie, *([("origin", origin)] if origin is not None else [])]

    sent = await socket(APP, "/live", headers=headers)

    assert [message["type"] for message in sent] == ["websocket.close"]


@pytest.mark.parametrize("headers", [[HERE], [HERE, COOKIE], [("authorization", "Bearer abc")]])
async def test_a_socket_of_ours_opens(headers):
    sent = await socket(APP, "/live", headers=headers)

    assert sent[0]["type"] == "websocket.accept"


@pytest.mark.parametrize(
    ("content_type", "target", "body"),
    [("text/plain", "/api/wishes", WISH), ("application/x-www-form-urlencoded", "/api/wishes", b"name=a"),
     ("application/xml", "/api/wishes", b"<a/>"), ("multipart/form-data; boundary=b", "/api/wishes", b"--b--"),
     ("application/json", "/wishes", WISH), ("text/plain", "/wishes", b"name=a"), ("application/json", "/import", WISH),
     ("", "/api/wishes", WISH)],
)  # fmt: skip
async def test_a_content_type_the_route_does_not_take_is_415(content_type, target, body):
    headers = [("content-length", str(len(body))), ("accept", "application/json")]
    headers += [("content-type", content_type)] if content_type else []

    answer = await call(APP, "POST", target, headers=headers, body=body)

    assert (answer.status, answer.code) == (415, "unsupported_type")


async def test_a_compressed_body_is_415():
    answer = await call(APP, "POST", "/api/wishes", headers=[JSON, ("content-encoding", "gzip")], body=b"\x1f\x8b")

    assert answer.status == 415


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422), (b"null", 422), (b"[]", 422), (b'{"name":1}', 422), (b'{"name":""}', 422), (b'{"name":"a","x":1}', 422),
        (b'{"name":"a","number":2147483648}', 422), (b'{"name":"a","number":' + b"9" * 4000 + b"}", 422),
        (b'{"name":"a\\u0000"}', 422), (b'{"name":"\\u202eabc"}', 422), ('{"name":"\u202eabc"}'.encode(), 422),
        (b'{"name":"   "}', 422), (b'{"name":"' + b"a" * 81 + b'"}', 422),
        (b'{"name":"a"', 400), (b'{"name":"a",}', 400), (b'{"name":NaN}', 400), (b'{"name":"\xff"}', 400),
        (b'\xef\xbb\xbf{"name":"a"}', 400), ('{"name":"a"}'.encode("utf-16"), 422), (b'{"name":"\\ud800"}', 400),
        (b"[" * 65 + b"]" * 65, 400), (b"[" * 8000, 400), (b'{"name":"' + b"a" * 17_000 + b'"}', 413),
    ],
)  # fmt: skip
async def test_broken_json_is_told_apart_from_wrong_json(body, status):
    answer = await call(APP, "POST", "/api/wishes", headers=[JSON], body=body)

    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_wrong_field_is_named():
    answer = await call(APP, "POST", "/api/wishes", headers=[JSON], body=json.encode({"name": "a", "number": "x"}))

    assert answer.code == "invalid"
    assert [error["field"] for error in answer.json["errors"]] == ["number"]


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 101), 413),
        ("application/x-www-form-urlencoded", b"name=" + b"a" * 70_000, 413),
        ("application/x-www-form-urlencoded", b"name=%ff", 400),
        ("application/x-www-form-urlencoded", b"name=\xff", 400),
        ("application/x-www-form-urlencoded", b"name=a&name=b", 422),
        ("application/x-www-form-urlencoded", b"", 422),
        ("multipart/form-data", b"--b--", 400),
        ("multipart/form-data; boundary=\xff", b"--b--", 400),
        ("multipart/form-data; boundary=b", b"--b\r\n", 400),
        ("multipart/form-data; boundary=b", b'--b\r\ncontent-disposition: form-data; name="name"\r\n\r\n\xff\r\n--b--\r\n', 400),
        ("multipart/form-data; boundary=b",
         b'--b\r\ncontent-disposition: form-data; name="name"\r\ncontent-type: text/plain; charset=zz\r\n\r\na\r\n--b--\r\n', 400),
        ("multipart/form-data; boundary=b",
         b"".join(b'--b\r\ncontent-disposition: form-data; name="a"\r\n\r\na\r\n' for _ in range(101)) + b"--b--\r\n", 413),
    ],
)  # fmt: skip
async def test_broken_forms_are_refused(content_type, body, status):
    target = "/uploads" if content_type.startswith("multipart") else "/wishes"

    answer = await call(APP, "POST", target, headers=[("content-type", content_type.encode("latin-1"))], body=body)

    assert answer.status == status
    assert answer.error is None


async def test_an_upload_without_its_file_is_422():
    body = b'--b\r\ncontent-disposition: form-data; name="name"\r\n\r\na\r\n--b--\r\n'

    answer = await call(
        APP, "POST", "/uploads", headers=[("content-type", "multipart/form-data; boundary=b")], body=body
    )

    assert answer.status == 422


async def test_a_body_is_counted_as_it_comes_whatever_it_announced():
    csv = ("content-type", "text/csv")
    announced = await call(APP, "POST", "/import", headers=[csv, ("content-length", "999999")], body=b"a")
    streamed = await call(APP, "POST", "/import", headers=[csv], body=[b"a" * 60_000, b"a" * 60_000])
    junk = await call(APP, "POST", "/import", headers=[csv, ("content-length", "+1")], body=b"a")
    fine = await call(APP, "POST", "/import", headers=[csv], body=[b"a" * 60_000, b"a" * 30_000])

    assert [announced.status, streamed.status, junk.status, fine.status] == [413, 413, 400, 200]


async def test_a_client_that_hangs_up_midway_is_no_fault_of_ours():
    for headers, target in (([JSON], "/api/wishes"), ([FORM], "/wishes"), ([("content-type", "text/csv")], "/import")):
        answer = await call(APP, "POST", target, headers=headers, body=b"a", hang_up=True)

        assert answer.status == 400
