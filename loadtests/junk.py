# ruff: noqa: E501 - tables of junk read best unbroken
"""What goes wrong in each part of a request."""

from typing import Any

Pair = tuple[bytes, bytes]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get", "CONNECT")
UUID = "01a20000-0000-7000-8000-000000000001"

TEXTS: tuple[Any, ...] = (
    "", " ", "a", "a" * 81, "a" * 5000, "\x00", "a\x00b", "\u202eevil", "\ufeff", "\ud800", "e\u0301" * 40, "Z̷̢͝" * 30,
    "علی", "🚗" * 50, "' or 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "%s%n%x", "../../etc/passwd", "\r\nx: y", "null",
    "NaN", "Infinity", "-1", "0", "1e999999", "9" * 4000, "0x10", "٣", "true", "2026-02-30", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-12:00", "24:61", "+92 300 1234567", "a@b", "a@b.pk", "owner@ravi.demo", "sales1@ravi.demo",
    "demo-password", UUID, UUID.upper(), UUID[:-1], "{" + UUID + "}", "en", "ur", "owner", "sales", "admin", "lahore", "ravi",
    "http://127.0.0.1:6379/", "//evil", "javascript:1", "eyJhbGciOiJub25lIn0.e30.", "a.b.c", "\\", '"', "`", "\t", "\x7f",
)  # fmt: skip
NUMBERS: tuple[Any, ...] = (
    0,
    1,
    -1,
    2**31 - 1,
    2**31,
    2**63 - 1,
    2**63,
    -(2**63) - 1,
    10**400,
    0.1,
    -0.0,
    1e308,
    1e-320,
)
OTHERS: tuple[Any, ...] = (None, True, False, [], {}, [[]], [None], {"": ""}, [1, "a", {}], {"a": {"a": {"a": 1}}})
BROKEN_JSON = (
    b"", b"{", b"[", b"}", b"nul", b"null", b"[]", b"{}", b'""', b"1", b"NaN", b'{"a":1,}', b'{"a":1}{', b"'a'", b'{"a":"\xff"}',
    b'{"a":"\\ud800"}', b'{"a":"\\u0000"}', b'\xef\xbb\xbf{}', b"\xff\xfe{\x00}\x00", b'{"a":1,"a":2}', b"[" * 64 + b"]" * 64,
    b"[" * 15_000, b'{"a":' * 3000, b"9" * 5000, b"-", b'{"a":1e99999}', b"\x00", b"\x80\x81\x82", b'{"\xc3":1}', b" " * 16_000,
    b'{"a":"' + b"b" * 20_000 + b'"}',
)  # fmt: skip
BROKEN_MULTIPART = (
    b"", b"--b", b"--b--", b"--b--\r\n", b"--b\r\n\r\n\r\n--b--\r\n", b"--b\r\ncontent-disposition: form-data\r\n\r\na\r\n--b--\r\n",
    b'--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n\xff\r\n--b--\r\n',
    b'--b\r\ncontent-disposition: form-data; name="a"\r\ncontent-type: text/plain; charset=utf-99\r\n\r\na\r\n--b--\r\n',
    b'--b\r\ncontent-disposition: form-data; name="a"; filename="../../x"\r\n\r\na\r\n--b--\r\n',
    b'--b\r\ncontent-disposition: form-data; name="a"; filename=""\r\n\r\na\r\n--b--\r\n',
    b'--b\r\ncontent-disposition: form-data; name="\xff"; filename*=utf-8\'\'%ff\r\n\r\na\r\n--b--\r\n',
    b"--b\r\n" + b"x: " + b"a" * 70_000, b"--c\r\n\r\na\r\n--c--\r\n",
    b'--b\r\ncontent-disposition: form-data; name="a"\r\ncontent-length: -1\r\n\r\na\r\n--b--\r\n',
    b"".join(b'--b\r\ncontent-disposition: form-data; name="a"\r\n\r\na\r\n' for _ in range(120)) + b"--b--\r\n",
)  # fmt: skip
TYPES = (
    b"application/json", b"application/json; charset=utf-16", b"text/plain", b"application/x-www-form-urlencoded",
    b"multipart/form-data", b"multipart/form-data; boundary=b", b"multipart/form-data; boundary=\xff", b"application/xml", b"",
    b"multipart/form-data; boundary=" + b"b" * 500, b"application/msgpack", b";;;", b"\xff/\xfe", b"application/json, text/html",
)  # fmt: skip
HEADERS: tuple[Pair, ...] = (
    (b"accept", b"\xff"), (b"accept", b"text/html;q=x"), (b"accept", b"application/json"), (b"accept", b";,;"), (b"accept", b""),
    (b"accept-language", b"zz-\xff;q=9"), (b"accept-encoding", b"br;q=, gzip"), (b"range", b"bytes=9-1"), (b"range", b"junk"),
    (b"if-none-match", b"\xff"), (b"if-match", b'W/"1"'), (b"if-modified-since", b"yesterday"), (b"content-encoding", b"gzip"),
    (b"hx-request", b"true"), (b"hx-current-url", b"https://evil.example/\xff"), (b"hx-target", b"\x01"), (b"expect", b"200-maybe"),
    (b"x-forwarded-for", b"\xff, 1.2.3.4, ::::"), (b"x-forwarded-host", b"evil"), (b"forwarded", b"for=_x"), (b"te", b"trailers"),
    (b"x-request-id", b"\xff" * 20), (b"x-request-id", b"abcdefgh-1"), (b"idempotency-key", b"\xff"), (b"idempotency-key", b"a" * 300),
    (b"idempotency-key", b"fuzz-1"), (b"origin", b"https://evil.example"), (b"origin", b"null"), (b"origin", b"\xff"),
    (b"sec-fetch-site", b"cross-site"), (b"referer", b"\xff"), (b"user-agent", b"\xff" * 900), (b"user-agent", b"Edg/ OPR/\x01"),
    (b"x-device-id", b"\x00\xff"), (b"traceparent", b"00-x-y-z"), (b"traceparent", b"00-" + b"0" * 32 + b"-" + b"0" * 16 + b"-01"),
    (b"cookie", b"sid"), (b"cookie", b"=;=;;"), (b"cookie", b"sid=\xff; lang=\xff"), (b"cookie", b"lang=xx; theme=[]; digits=1"),
    (b"cookie", b"flash=" + b"A" * 2000), (b"cookie", b"flash=WyJhJSh4KXMiLHt9LCJvayJd"), (b"cookie", b"flash=bnVsbA=="),
    (b"cookie", b'sid="%ff"; sid=a'), (b"cookie", b"did=" + b"\xff" * 99), (b"content-length", b"-1"), (b"content-length", b"abc"),
    (b"content-length", b"99999999999"), (b"upgrade", b"websocket"), (b"authorization", b"Bearer"), (b"authorization", b"Bearer \xff"),
    (b"authorization", b"Bearer a.b.c"), (b"authorization", b"Basic YQ=="), (b"authorization", b"bearer eyJhbGciOiJub25lIn0.e30."),
    (b"x-csrf-token", b"\xff\xfe"), (b"x-csrf-token", b""), (b"x-http-method-override", b"DELETE"), (b"\xff", b"\xff"), (b"", b"a"),
)  # fmt: skip
QUERIES = (
    b"", b"?", b"&&&", b"=", b"a", b"q=%ff%fe", b"q=%00", b"q=\xff", b"limit=0", b"limit=-1", b"limit=1e3", b"limit=" + b"9" * 4000,
    b"limit=100", b"limit=1&limit=2", b"cursor=a", b"cursor=" + b"A" * 700, b"cursor=%ed%a0%80", b"page=0", b"page=99999999999",
    b"sort=%27", b"q=" + b"a" * 8000, b"q=" + b"%E2%80%AE" * 50, b"lang=xx", b"next=//evil", b"a=1&" * 300, b"q[]=1", b"%=%", b"+",
    b"closed=maybe", b"archived=2", b"branch=x", b"branch=" + UUID.encode(), b"after=-1:x", b"after=" + UUID.encode() + b":1",
    b"after=:", b"topics=members:org@" + UUID.encode() + b":99999999999999999999", b"topics=,,,", b"topics=x@y:z", b"format=json",
    b"topics=" + b"a:b," * 200, b"code=a", b"token=%0a", b"v=" + b"9" * 5000, b"after=" + UUID.encode() + b":" + b"9" * 5000,
)  # fmt: skip
HOSTS = (
    b"evil.example",
    b"",
    b"127.0.0.1",
    b"127.0.0.1:99999999",
    b"[::",
    b"\xff",
    b"localhost:8080@evil",
    b"a b",
    b"127.0.0.1:8080,evil",
)
FRAMES: tuple[dict[str, Any], ...] = (
    {"text": ""}, {"text": "{"}, {"text": "null"}, {"text": "[" * 3000}, {"text": '{"op":"sub"}'}, {"text": '{"op":"nope"}'},
    {"text": '{"op":"sub","topics":{"members:org":-1}}'}, {"text": '{"op":"sub","topics":{"":9e99}}'}, {"text": "a" * 16_384},
    {"text": '{"op":"sub","topics":' + "[" * 500}, {"bytes": b""}, {"bytes": b"\xff\x00"}, {"text": '{"op":"unsub","topics":[1]}'},
    {"text": '{"op":"typing","topic":"\\ud800"}'}, {"text": '{"op":"presence"}'}, {"text": '{"t":"sub"}'}, {"text": "\x00"},
)  # fmt: skip
TAILS = (b"/", b"//", b"/..", b"/%2f", b"%00", b"/%ff", b"/\xff", b"/" + b"a" * 2100, b";a", b"/.", b"%")
BROKEN_FORMS = (
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
