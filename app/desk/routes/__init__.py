"""Every page of the desk, and the doors to it."""

from typing import Any

from app.desk.routes import (
    branches,
    doors,
    home,
    inbox,
    inbox_changes,
    inbox_many,
    inbox_writing,
    invitations,
    mailbox,
    me,
    members,
    notices,
    replies,
    stock,
)

ROUTES: list[Any] = [
    *doors.ROUTES,
    *invitations.ROUTES,
    *home.ROUTES,
    *me.ROUTES,
    *inbox.ROUTES,
    *inbox_changes.ROUTES,
    *inbox_writing.ROUTES,
    *inbox_many.ROUTES,
    *replies.ROUTES,
    *notices.ROUTES,
    *members.ROUTES,
    *stock.ROUTES,
    *branches.ROUTES,
    *mailbox.ROUTES,
]
