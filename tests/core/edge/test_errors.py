"""What a client is told when something is refused, breaks, or is away."""

import asyncio

import asyncpg
import msgspec
import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core import error_handlers
from app.core.error_handlers import safe_next
from app.core.errors import Forbidden, Invalid, NotFound
from app.core.problems import problem_of
from tests.support.asgi import call
from tests.support.edge_app import FAULTS, make_app, settings_of

APP = make_app(settings_of())


class _Wrapped(Exception):
    """As SQLAlchemy's asyncpg adapter wraps: the state on the wrapper, the driver's error as its cause."""

    def __init__(self, state, cause=None):
        super().__init__(f"secret of {state}")
        self.sqlstate = state
        self.__cause__ = cause


def db_error(state, cause=None):
    return DBAPIError("select secret", {"name": "secret"}, _Wrapped(state, cause))


TABLE = [
    (lambda: db_error("22001"), 422, "invalid"),
    (lambda: db_error("22021"), 422, "invalid"),
    (lambda: db_error("23514"), 422, "invalid"),
    (lambda: db_error("23505"), 409, "conflict"),
    (lambda: db_error("23503"), 409, "in_use"),
    (lambda: db_error("40001"), 503, "unavailable"),
    (lambda: db_error("40P01"), 503, "unavailable"),
    (lambda: db_error("55P03"), 503, "unavailable"),
    (lambda: db_error("57014"), 503, "unavailable"),
    (lambda: db_error("53100"), 503, "unavailable"),
    (lambda: db_error("08006"), 503, "unavailable"),
    (lambda: db_error(None, asyncpg.InternalClientError("secret")), 503, "unavailable"),
    (lambda: db_error(None, ConnectionResetError("secret")), 503, "unavailable"),
    (lambda: db_error("42601"), 500, "fault"),
    (lambda: asyncpg.exceptions.ConnectionDoesNotExistError("secret"), 503, "unavailable"),
    (lambda: asyncpg.InternalClientError("secret"), 503, "unavailable"),
    (lambda: asyncpg.InterfaceError("secret"), 503, "unavailable"),
    (lambda: PoolTimeout("secret"), 503, "unavailable"),
    (lambda: ConnectionRefusedError("secret"), 503, "unavailable"),
    (lambda: OSError(28, "secret"), 503, "unavailable"),
    (asyncio.TimeoutError, 503, "unavailable"),
    (lambda: FileNotFoundError("secret"), 500, "fault"),
    (lambda: ValueError("secret"), 500, "fault"),
    (lambda: TypeError("secret"), 500, "fault"),
    (lambda: RecursionError("secret"), 500, "fault"),
    (lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "secret"), 500, "fault"),
    (lambda: RuntimeError("secret"), 500, "fault"),
    (lambda: KeyError("secret"), 500, "fault"),
    (NotFound, 404, "not_found"),
    (Forbidden, 403, "forbidden"),
    (lambda: Invalid(errors=[{"field": "name", "message": "Too long."}]), 422, "invalid"),
    (lambda: msgspec.ValidationError("Expected `int` - at `$.number`"), 422, "invalid"),
]


@pytest.mark.parametrize(("number", "status", "code"), [(i, row[1], row[2]) for i, row in enumerate(TABLE)])
async def test_each_kind_of_error_has_one_answer_that_tells_nothing_inside(number, status, code):
    FAULTS[f"n{number}"] = TABLE[number][0]

    problem = await call(APP, "GET", f"/api/break/n{number}")
    page = await call(APP, "GET", f"/break/n{number}")
    fragment = await call(APP, "GET", f"/break/n{number}", headers=[("hx-request", "true")])

    assert [problem.status, page.status, fragment.status] == [status] * 3
    assert problem.code == code
    assert problem.json["request_id"] == problem.headers["x-request-id"]
    assert set(problem.json) >= {"type", "title", "status", "detail", "code", "request_id", "errors"}
    for answer in (problem, page, fragment):
        assert b"secret" not in answer.body
        assert b"Traceback" not in answer.body
        assert ("retry-after" in answer.headers) == (status == 503)
    assert page.body.startswith(b"<!doctype html>")
    assert not fragment.body.startswith(b"<!doctype html>")


@pytest.mark.parametrize(
    ("within", "status"),
    [([db_error("08003")], 503), ([db_error("08003"), KeyError("a bug")], 500), ([NotFound()], 404)],
)
def test_a_group_of_errors_is_answered_as_its_gravest(within, status):
    assert problem_of(ExceptionGroup("while tidying up", within)).status == status


def test_a_missing_parent_is_not_found_and_a_named_field_is_named():
    missing = DBAPIError("x", {}, _Wrapped("23503"))
    missing.orig.args = ('Key (branch_id)=(1) is not present in table "branch".',)

    assert problem_of(missing).status == 404
    assert problem_of(msgspec.ValidationError("Too big - at `$.a.b`")).errors == (
        {"field": "a.b", "message": "Too big"},
    )


async def test_a_wrong_method_says_which_are_right():
    answer = await call(APP, "PUT", "/api/wishes")

    assert answer.status == 405
    assert "POST" in answer.headers["allow"]


@pytest.mark.parametrize("method", ["BREW", "TRACE", "CONNECT", "PROPFIND", "GET\x00"])
async def test_an_unknown_method_is_405(method):
    assert (await call(APP, method, "/page")).status == 405


async def test_a_page_sends_the_stranger_to_sign_in_and_back():
    page = await call(APP, "GET", "/mine?tab=2")
    fragment = await call(APP, "GET", "/mine", headers=[("hx-request", "true")])
    problem = await call(APP, "GET", "/api/mine")

    assert (page.status, page.headers["location"]) == (303, "/sign-in?next=/mine%3Ftab%3D2")
    assert (fragment.status, fragment.headers["hx-redirect"]) == (401, "/sign-in")
    assert (problem.status, problem.code) == (401, "sign_in_needed")


@pytest.mark.parametrize(
    "target",
    ["//evil", "/\\evil", "https:evil", "https://evil", "\t//evil", "/\t/evil", "%09//evil", "javascript:1", "", None,
     "evil", "/a\\b", "/" + "a" * 600, "/a b", "/\u202e", "\\\\evil", "/\n/evil"],
)  # fmt: skip
def test_sign_in_never_sends_anybody_away(target):
    assert safe_next(target) == "/"


def test_sign_in_goes_on_where_one_wanted_to_go():
    assert safe_next("/desk/members?role=sales") == "/desk/members?role=sales"


async def test_a_broken_error_page_still_answers():
    def broken(*_):
        raise ZeroDivisionError

    error_handlers.install(show=broken)
    try:
        answer = await call(APP, "GET", "/nowhere")
    finally:
        error_handlers.install(show=None)

    assert answer.status == 404
