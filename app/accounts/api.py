"""JSON of one's own account: tokens, sessions, password, profile."""

from litestar import Response, Router, delete, get, patch, post, put
from litestar.params import FromPath, JSONBody

from app.accounts import queries, service
from app.accounts.schemas import (
    ForgotForm,
    PasswordForm,
    ProfileCard,
    ProfilePatch,
    RefreshForm,
    ResetForm,
    SessionRow,
    TokenPair,
)
from app.core import sessions
from app.core.asks import OnDevice, Who, WithDb
from app.core.ids import Id
from app.core.paging import Page


@post("/auth/refresh", access="public", status_code=200)
async def create_token_pair(db: WithDb, data: JSONBody[RefreshForm], device: OnDevice) -> TokenPair:
    """The next pair of tokens."""
    return await service.refresh(db, data.refresh_token, device)


@post("/auth/logout", access="person", status_code=204)
async def delete_own_session(db: WithDb, who: Who) -> Response[None]:
    """End the session of this cookie or token; its tokens and sockets end with it."""
    await service.sign_out(db, who.session_id)
    return Response(None, status_code=204, cookies=[sessions.gone()] if who.via == "cookie" else None)


@post("/auth/password/forgot", access="public", limit="otp", status_code=202)
async def create_password_reset(db: WithDb, data: JSONBody[ForgotForm]) -> None:
    """Mails a link where the address is known; the answer never tells."""
    await service.ask_reset(db, data.email)


@post("/auth/password/reset", access="public", limit="otp", status_code=204)
async def create_password(db: WithDb, data: JSONBody[ResetForm]) -> None:
    """Sets a new password with a mailed code; ends every session."""
    await service.reset_password(db, data)


@put("/me/password", access="person", limit="login", status_code=204)
async def update_password(db: WithDb, data: JSONBody[PasswordForm], who: Who) -> None:
    """Ends every other session."""
    await service.change_password(db, data, keep=who.session_id)


@get("/me/profile", access="person")
async def show_profile(db: WithDb) -> ProfileCard:
    return await queries.my_profile(db)


@patch("/me/profile", access="person")
async def update_profile(db: WithDb, data: JSONBody[ProfilePatch]) -> ProfileCard:
    await service.change_profile(db, data)
    return await queries.my_profile(db)


@delete("/me/profile", access="person", status_code=204)
async def delete_profile(db: WithDb) -> None:
    """Empties what one shows of oneself."""
    await service.change_profile(db, ProfilePatch(about="", avatar_url=None))


@get("/me/sessions", access="person")
async def list_sessions(db: WithDb, who: Who) -> Page[SessionRow]:
    return Page(await queries.my_sessions(db, current=who.session_id))


@delete("/me/sessions/{session_id:uuid}", access="person", status_code=204)
async def delete_session(db: WithDb, session_id: FromPath[Id]) -> None:
    await service.end_my_session(db, session_id)


@delete("/me/sessions", access="person", status_code=204)
async def delete_other_sessions(db: WithDb, who: Who) -> None:
    """Signs out everywhere else."""
    await service.end_my_sessions(db, reason="ended", keep=who.session_id)


ROUTES = Router(
    "/",
    tags=["accounts"],
    route_handlers=[
        create_token_pair,
        delete_own_session,
        create_password_reset,
        create_password,
        update_password,
        show_profile,
        update_profile,
        delete_profile,
        list_sessions,
        delete_session,
        delete_other_sessions,
    ],
)
