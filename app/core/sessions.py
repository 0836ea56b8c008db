"""The session cookie: how it is set and how it is taken away."""

from litestar.datastructures import Cookie

from app.core import settings
from app.core.edge import csrf


def name() -> str:
    return csrf.cookie_name(secure=settings.current().secure)


def cookie(token: str) -> Cookie:
    """Ends with the browser; the session's own deadlines are in the database."""
    return _cookie(token, None)


def gone() -> Cookie:
    return _cookie("", 0)


def _cookie(value: str, max_age: int | None) -> Cookie:
    secure = settings.current().secure
    return Cookie(name(), value=value, path="/", httponly=True, samesite="lax", secure=secure, max_age=max_age)
