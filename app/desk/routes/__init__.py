"""Every page of the desk, and the doors to it."""

from typing import Any

from app.desk.routes import (
    board,
    branches,
    doors,
    home,
    inbox,
    inbox_changes,
    inbox_many,
    inbox_writing,
    invitations,
    leads_in,
    mailbox,
    me,
    members,
    replies,
    stock,
    turns,
)

ROUTES: list[Any] = [
    *doors.ROUTES,
    *invitations.ROUTES,
    *home.ROUTES,
    *board.ROUTES,
    *me.ROUTES,
    *inbox.ROUTES,
    *inbox_changes.ROUTES,
    *inbox_writing.ROUTES,
    *inbox_many.ROUTES,
    *replies.ROUTES,
    *leads_in.ROUTES,
    *members.ROUTES,
    *stock.ROUTES,
    *turns.ROUTES,
    *branches.ROUTES,
    *mailbox.ROUTES,
]
