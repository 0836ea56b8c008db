"""A fault in a request, before logs are set up and after: its trace, and nothing of the person it met."""

import json
from functools import cache
from urllib.parse import quote

import pytest

from tests.support.processes import Command

PASSWORD, BEARER, COOKIE = (
    "kachnar-phool-82",
    "eyJhbGciOiJIUzI1NiJ9.c2VjcmV0LWNsYWltcw.c2ln",
    "sid-of-somebody-0123456789",
)
SECRETS = (PASSWORD, quote(PASSWORD), BEARER, COOKIE)

_PROGRAM = """
import asyncio, io, logging, sys
from litestar import post
from app.core import settings, telemetry
from app.core.telemetry import logs
from tests.support import edge_app
from tests.support.asgi import call

PASSWORD, BEARER, COOKIE, when = sys.argv[1:]

class Terminal(io.StringIO):
    def isatty(self): return True

screen = Terminal()
if when == "installed":
    telemetry.install(settings.load({}), process="web")
if when == "terminal":
    logs.install(settings.load({}), process="web", stream=screen)

async def look_up(given, headers):
    bearer = headers["authorization"]
    copy = dict(given)
    try:
        raise LookupError(f"no such thing for {bearer} and Cookie: {headers['cookie']}")
    except LookupError as error:
        raise RuntimeError(f"gave up: password={given['password']}") from error

@post("/break", status_code=200)
async def break_it(data: edge_app.URLEncodedBody[dict[str, str]], request: edge_app.Request_) -> None:
    headers = dict(request.headers)
    if "library" in data:
        try:
            await look_up(data, headers)
        except RuntimeError:
            logging.getLogger("some.library").exception("it broke for %s", headers["authorization"])
    await look_up(data, headers)

edge_app.HANDLERS.append(break_it)
app = edge_app.make_app(edge_app.settings_of())

async def main():
    headers = [("authorization", "Bearer " + BEARER), ("cookie", "sid=" + COOKIE),
               ("origin", "http://127.0.0.1:8080"), ("content-type", "application/x-www-form-urlencoded")]
    body = f"email=ana%40example.pk&password={PASSWORD}&library=1".encode()
    answer = await call(app, "POST", "/break", headers=headers, body=body)
    assert answer.status == 500, answer
    sys.stderr.write(screen.getvalue())

asyncio.run(main())
"""


@cache
def told(when: str) -> str:
    """All that a process wrote which met the fault."""
    ran = Command(PASSWORD, BEARER, COOKIE, when, source=_PROGRAM).said()
    assert ran.returncode == 0, ran.stderr
    return ran.stdout + ran.stderr


@pytest.mark.parametrize("when", ["before", "installed", "terminal"])
def test_a_fault_in_a_handler_says_where_and_not_with_what(when: str) -> None:
    text = told(when)

    assert "RuntimeError" in text
    assert "in look_up" in text
    assert "some.library" in text or "it broke for" in text
    assert not [secret for secret in SECRETS if secret in text]
    assert "ana@example.pk" not in text
    assert "ana%40example.pk" not in text
    assert "locals" not in text


def test_installed_logs_are_one_json_object_a_line() -> None:
    lines = [json.loads(line) for line in told("installed").splitlines()]

    assert {"fault", "request"} <= {line["event"] for line in lines}
    assert sum("look_up" in line.get("exception", "") for line in lines) >= 2
