"""A small application behind the real edge: one route of each kind, and one that breaks in every way."""

import asyncio
from collections.abc import Callable
from typing import Any

from litestar import Litestar, Request, WebSocket, delete, get, post, websocket
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery, JSONBody, MultipartBody, URLEncodedBody
from litestar.response import Response

from app.core import edge
from app.core.bounds import Input, Int4, PathInt, QueryInt, ShortText
from app.core.errors import NotFound, SignInNeeded
from app.core.settings import Settings, load

Request_ = Request[Any, Any, Any]


class Wish(Input):
    name: ShortText
    number: Int4 = 0


class WishForm(Input):
    name: ShortText
    tags: tuple[str, ...] = ()


class UploadForm(Input):
    name: ShortText
    file: UploadFile


FAULTS: dict[str, Callable[[], BaseException]] = {}


@get("/page", sync_to_thread=False)
def show_page() -> Response[str]:
    return Response("<h1>page</h1>", media_type="text/html")


@get("/cached", sync_to_thread=False)
def show_cached() -> Response[str]:
    return Response("x", headers={"cache-control": "public, max-age=60"}, media_type="text/html")


@get("/api/things/{number:int}", sync_to_thread=False)
def show_thing(number: PathInt, q: FromQuery[str] = "", limit: QueryInt = 10) -> dict[str, Any]:
    return {"number": number, "q": q, "limit": limit}


@post("/api/wishes", status_code=201, sync_to_thread=False)
def create_wish(data: JSONBody[Wish]) -> dict[str, Any]:
    return {"name": data.name, "number": data.number}


@post("/wishes", status_code=201, sync_to_thread=False)
def create_wish_by_form(data: URLEncodedBody[WishForm], request: Request_) -> dict[str, Any]:
    return {"name": data.name, "key": request.scope["state"].get("idempotency_key")}


@post("/uploads", status_code=201)
async def create_upload(data: MultipartBody[UploadForm]) -> dict[str, Any]:
    return {"name": data.name, "bytes": len(await data.file.read())}


@post("/import", takes="text/csv", body_limit=100_000, status_code=200)
async def create_import(request: Request_) -> dict[str, int]:
    return {"bytes": len(await request.body())}


@post("/sign-in", limit="login", status_code=200, sync_to_thread=False)
def create_session() -> dict[str, str]:
    return {}


@delete("/api/things/{number:int}", status_code=200, sync_to_thread=False)
def delete_thing(number: PathInt) -> dict[str, int]:
    return {"number": number}


@get(["/break/{name:str}", "/api/break/{name:str}"], sync_to_thread=False)
def break_down(name: FromPath[str]) -> None:
    raise FAULTS.get(name, NotFound)()


@get(["/mine", "/api/mine"], sync_to_thread=False)
def show_mine() -> None:
    raise SignInNeeded


@get("/address", sync_to_thread=False)
def show_address(request: Request_) -> dict[str, str]:
    state = request.scope["state"]
    return {"address": state["address"], "request_id": state["request_id"]}


@post("/slow-read", takes="text/csv", status_code=200)
async def read_slowly(request: Request_) -> dict[str, int]:
    return {"bytes": len(await request.body())}


@get("/wait")
async def wait_a_little() -> dict[str, str]:
    await asyncio.sleep(0.3)
    return {}


@websocket("/live")
async def listen(socket: WebSocket[Any, Any, Any]) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


HANDLERS = [
    show_page, show_cached, show_thing, create_wish, create_wish_by_form, create_upload, create_import, create_session,
    delete_thing, break_down, show_mine, show_address, read_slowly, wait_a_little, listen,
]  # fmt: skip


def settings_of(**environ: str) -> Settings:
    return load({"BASE_URL": "http://127.0.0.1:8080", "RATE_FACTOR": "1000", **environ})


def make_app(settings: Settings) -> Litestar:
    limiter = edge.limiter_for(settings)
    app = Litestar(
        HANDLERS,
        middleware=[edge.middleware(settings, lambda: limiter)],
        on_shutdown=[limiter.close],
        openapi_config=None,
        logging_config=None,
        **edge.arguments(),
    )
    edge.wrap(app, settings)
    return app
